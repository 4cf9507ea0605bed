"""What goes wrong between ranks."""

from torch import Tensor

LOST = ("onnection", "socket", "roken pipe", "imed out", "imeout", "peer")
"""What gloo's words hold when a neighbour cannot be reached; all else is not the neighbour's."""


def flat_view(buffer: Tensor) -> Tensor:
    """The buffer as one row, in place. Raises ValueError where that cannot be."""
    if not buffer.is_contiguous():
        raise ValueError(
            f"a buffer with gaps (shape {tuple(buffer.shape)}, strides {buffer.stride()}) cannot "
            "be summed in place: give buffer.contiguous()"
        )
    return buffer.view(-1)


class PeerLostError(RuntimeError):
    """A neighbour died or stayed silent for longer than the time limit."""

    @classmethod
    def gone(cls, rank: int, peer: int) -> "PeerLostError":
        """The connection broke."""
        return cls(f"rank {rank}: my neighbour, rank {peer}, is gone")

    @classmethod
    def silent(cls, rank: int, peer: int) -> "PeerLostError":
        """The time limit passed."""
        return cls(f"rank {rank}: my neighbour, rank {peer}, was silent past the time limit")
