"""The algorithm in slow motion: which tile is in fast memory, and what is carried along."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text
from torch import Tensor


class StepView:
    """Draws every step of :func:`flash_attention.flash_forward` for one row of queries."""

    def __init__(self, n: int, block: int, causal: bool, row: int = 0) -> None:
        self.console = Console(highlight=False)
        self._tiles, self._block, self._causal, self._row = -(-n // block), block, causal, row

    def begin(self) -> None:
        """The legend and the heads of the columns."""
        self.console.print(
            "The matrix of scores, a tile at a time: only the bright tile exists.\n"
            "Each row of queries carries a maximum m, a sum l and a weighted sum of\n"
            f"values, o. The numbers are those of row {self._row} of each tile of queries;\n"
            "out[0] is the first entry of o / l, the output if no key came after.\n"
        )
        grid = "tiles".ljust(2 * self._tiles)
        self.console.print(
            f"{grid} {'queries':>8} {'keys':>7} {'tile max':>8} {'m':>7} {'rescale':>7} "
            f"{'l':>8} {'out[0]':>7}"
        )

    def step(
        self,
        row: int,
        column: int,
        scores: Tensor,
        m: Tensor,
        rescale: Tensor,
        total: Tensor,
        o: Tensor,
    ) -> None:
        """One tile: ``scores`` before the exponential, the statistics after the update."""
        at = min(self._row, len(m) - 1)
        line = self._picture(row // self._block, column // self._block)
        queries = f"{row}-{row + scores.shape[0] - 1}"
        keys = f"{column}-{column + scores.shape[1] - 1}"
        line.append(
            f" {queries:>8} {keys:>7} {scores[at].max().item():8.3f} {m[at].item():7.3f} "
            f"{rescale[at].item():7.4f} {total[at].item():8.4f} "
            f"{(o[at, 0] / total[at]).item():7.4f}"
        )
        if 0 < rescale[at].item() < 1:
            line.append("  rescaled", "yellow")
        self.console.print(line)

    def _picture(self, row: int, column: int) -> Text:
        """One line of the matrix: done, in fast memory, still to come, never needed."""
        line = Text()
        for index in range(self._tiles):
            if self._causal and index > row:
                line.append("  ")
            elif index == column:
                line.append("█ ", "bold green")
            else:
                line.append("▒ " if index < column else "· ", "dim")
        return line
