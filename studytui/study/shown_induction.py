"""Base and step that a reader still owes for a line that was written, and is shown by induction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from studytui.derive.steps.induction_parts import Part, judge_part, parts_of

if TYPE_CHECKING:
    from studytui.derive.process.prover import Prover
    from studytui.derive.steps.feedback import LineJudgement
    from studytui.derive.steps.source import DerivationSource


@dataclass
class ShownInduction:
    """What is owed, first to last; ``finishes`` tells whether the work is done with it."""

    source: DerivationSource
    syntax: str
    parts: tuple[Part, ...] = ()
    finishes: bool = False

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def question(self) -> str:
        """What is asked for now; empty where nothing is."""
        return self.parts[0].question if self.parts else ""

    def begin(self, text: str, *, done: bool) -> None:
        """Ask for base and step of a line; nothing is owed for a line that needs none."""
        self.parts, self.finishes = parts_of(self.source, text, self.syntax), done

    def end(self) -> None:
        """Owe nothing any more."""
        self.parts, self.finishes = (), False

    def write(self, prover: Prover, text: str) -> LineJudgement:
        """Judge the part that is asked for; the last one is ``done`` where it ends the work."""
        judged = judge_part(prover, self.source, self.parts[0], text, self.syntax)
        if not judged.accepted:
            return judged
        done = self.give()[1]
        more = f" {self.question}" if self.parts else " This was the goal." if done else ""
        return replace(judged, done=done, message=f"{judged.message}{more}")

    def give(self) -> tuple[str, bool]:
        """The part that is asked for, no longer owed, and whether the work is done with it."""
        line, self.parts = self.parts[0].shown, self.parts[1:]
        return line, self.finishes and not self.parts
