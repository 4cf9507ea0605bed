"""What goes wrong between ranks."""


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
