"""Wrong lines as a person writes them, with the mistake that a teacher would name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from studytui.derive.mistakes.explain import explain_equal, explain_line
from studytui.derive.process.prover import Prover
from studytui.derive.steps.feedback import judge_line
from studytui.derive.steps.source import DerivationSource
from studytui.derive.verdict import Judgement, Verdict
from studytui.library.parse.article import parse_file

FOLDER = Path(__file__).parent
CONTENT = FOLDER.parents[2] / "content"


@dataclass(frozen=True, slots=True)
class WrongLine:
    """``names`` are the explanations that count as right: each one name, or two in their order."""

    file: str
    line: int
    names: tuple[tuple[str, ...], ...]
    derivation: str
    typed: int
    written: str
    right: str = ""
    assumptions: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        return f"{self.file}:{self.line}"


def wrong_lines(file: str) -> tuple[WrongLine, ...]:
    return tuple(_read(file))


def _read(file: str) -> Iterator[WrongLine]:
    text = (FOLDER / f"{file}.md").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        first, bar, rest = line.partition(" | ")
        if not bar or first.startswith("`"):
            continue
        names = tuple(tuple(each.split("+")) for each in first.split("/"))
        place, bar, written = rest.partition(" | ")
        if bar:
            derivation, _, typed = place.partition(" ")
            yield WrongLine(file, number, names, derivation, int(typed), written.strip())
            continue
        sides, *assumed = (part.strip() for part in rest.split(";"))
        right, _, wrong = sides.partition(" ~ ")
        pairs = (text.split(":", 1) for text in assumed)
        known = tuple((name.strip(), domain.strip()) for name, domain in pairs)
        yield WrongLine(file, number, names, "", 0, wrong.strip(), right.strip(), known)


@cache
def derivations() -> dict[str, DerivationSource]:
    """All derivations of the articles by their ids."""
    found: dict[str, DerivationSource] = {}
    for path in sorted(CONTENT.glob("*/*.md")):
        for source in parse_file(path).article.derivations:
            found[source.id] = source
    return found


def judged(prover: Prover, wrong: WrongLine) -> Judgement:
    """What the ordinary checker says of the line."""
    if wrong.derivation:
        source = derivations()[wrong.derivation]
        typed = [step.to for step in source.steps[: wrong.typed]]
        return judge_line(prover, source, typed, wrong.written).judgement
    return prover.equal(wrong.right, wrong.written, dict(wrong.assumptions))


def explained(prover: Prover, wrong: WrongLine) -> tuple[str, ...]:
    """The names that the finder gives; empty where it gives none or the line is not refuted."""
    if judged(prover, wrong).verdict is not Verdict.REFUTED:
        return ()
    if wrong.derivation:
        source = derivations()[wrong.derivation]
        typed = [step.to for step in source.steps[: wrong.typed]]
        found = explain_line(prover, source, typed, wrong.written)
    else:
        found = explain_equal(prover, wrong.right, wrong.written, dict(wrong.assumptions))
    return tuple(named.name for named in found)
