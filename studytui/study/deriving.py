"""Working a derivation line by line, without an interface: the state that both front ends share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studytui.derive.hints import STRENGTHS, hint, next_line
from studytui.derive.learner import LineJudgement
from studytui.derive.verdict import Judgement, Verdict
from studytui.errors import StudyError

if TYPE_CHECKING:
    from studytui.derive.prover import Prover
    from studytui.library.derivations import DerivationSource

SYNTAXES = ("ascii", "unicode", "latex")


class Bench:
    """One derivation under way: the accepted lines, and how much help was taken."""

    def __init__(self, source: DerivationSource, prover: Prover, syntax: str = "ascii") -> None:
        self.source = source
        self.syntax = syntax
        self.lines: list[str] = []
        self.done = False
        self.hints = 0
        self.shown = 0
        self.mistakes = 0
        self._prover = prover
        self._strength = 0

    def write(self, text: str) -> LineJudgement:
        """Judge a line, and keep it if it may stand."""
        judged = self._prover.line(self.source, self.lines, text, self.syntax)
        if judged.accepted:
            self.lines.append(text)
            self.done = judged.done
            self._strength = 0
        elif judged.verdict is Verdict.REFUTED:
            self.mistakes += 1
        return judged

    def hint(self) -> tuple[int, str]:
        """The next hint for the present place: stronger each time, up to 3."""
        self._strength = min(STRENGTHS, self._strength + 1)
        self.hints += 1
        return self._strength, hint(self.source, self.lines, self._strength)

    def show_next(self) -> str:
        """The author's next line; empty at the goal. It is not written for the learner."""
        self.shown += 1
        return next_line(self.source, self.lines)

    def undo(self) -> str:
        """Take the last line back and return it; empty if there is none."""
        self.done = False
        self._strength = 0
        return self.lines.pop() if self.lines else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a batch."""

    id: Any
    judgement: Judgement

    def as_json(self) -> dict[str, Any]:
        """The keys that a program reads."""
        example = self.judgement.counterexample
        return {
            "id": self.id,
            "verdict": self.judgement.verdict.value,
            "why": self.judgement.why,
            "counterexample": None
            if example is None
            else {"values": dict(example.values), "a": example.left, "b": example.right},
            "conditions": list(self.judgement.conditions),
            "points": self.judgement.points,
            "digits": self.judgement.digits,
            "seconds": round(self.judgement.seconds, 4),
        }


def batch(lines: Iterable[str], prover: Prover) -> Iterator[Answer]:
    """Judge JSON lines ``{"id", "a", "b", "syntax", "assumptions"}`` one by one, in their order.

    A line that cannot be read gets an error as its answer and ends nothing.
    """
    import json

    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        identity: Any = None
        try:
            message = json.loads(line)
            if not isinstance(message, dict):
                raise ValueError("the line is not a JSON object")
            identity = message.get("id")
            yield Answer(identity, _judged(message, prover))
        except (ValueError, RecursionError) as error:
            yield Answer(identity, Judgement(Verdict.ERROR, f"line {number}: {error}"))
        except StudyError as error:
            yield Answer(identity, Judgement(Verdict.ERROR, f"line {number}: {error}"))


def _judged(message: Mapping[str, Any], prover: Prover) -> Judgement:
    for key in ("a", "b"):
        if not isinstance(message.get(key), str):
            raise ValueError(f"'{key}' is not a text")
    syntax = message.get("syntax") or "ascii"
    assumptions = message.get("assumptions") or {}
    if syntax not in SYNTAXES:
        raise ValueError(f"the syntax is none of {', '.join(SYNTAXES)}")
    if not isinstance(assumptions, dict) or not all(
        isinstance(name, str) and isinstance(text, str) for name, text in assumptions.items()
    ):
        raise ValueError("'assumptions' does not map names to texts")
    return prover.equal(message["a"], message["b"], assumptions, syntax)


def read_assumptions(texts: Iterable[str]) -> dict[str, str]:
    """``x=positive`` and ``p=0<p<1`` as a mapping.

    :raises StudyError: one has no name.
    """
    assumptions: dict[str, str] = {}
    for text in texts:
        name, sign, domain = text.partition("=")
        if not sign or not name.strip().replace("_", "a").isalnum():
            raise StudyError(
                f"the assumption {text!r} is not understood",
                todo="Write --assume 'x=positive' or --assume 'p=0<p<1'.",
            )
        name = name.strip()
        before = assumptions.get(name)
        assumptions[name] = f"{before}, {domain}" if before else domain
    return assumptions
