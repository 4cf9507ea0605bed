"""What the bench says: symbols, limits, verdicts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from studytui.tui.widgets.derivation_lines import Row
from studytui.tui.widgets.text_lines import Styled

if TYPE_CHECKING:
    from studytui.derive.steps.feedback import LineJudgement
    from studytui.derive.steps.source import DerivationSource
    from studytui.study.derivation_session import Bench

WORDS = {
    "proved": ("✓ proved", "good strong"),
    "refuted": ("✗ refuted", "bad strong"),
    "agrees": ("≈ agrees", "warn strong"),
    "undecided": ("? not decided", "warn strong"),
    "error": ("", "warn"),
}
MARKS = {"proved": "✓", "agrees": "≈", "shown": "shown"}


def intro(source: DerivationSource) -> list[Styled]:
    """Symbols with their domains, and what the proof is limited to."""
    symbols: list[tuple[str, str]] = []
    for name, domain in source.symbols:
        symbols += [(name, "math"), (f" {domain}   ", "faint")]
    lines: list[Styled] = [symbols]
    if source.instance:
        lines.append([("an instance, not a general proof: ", "warn"), (source.instance, "warn")])
    return lines


def worked_rows(bench: Bench, notes: Mapping[str, str]) -> list[Row]:
    """Facts that may be used, the given, the lines that stand, the gap, and the goal."""
    rows = [Row("fact", fact, tone="soft", first=True) for fact in bench.source.facts]
    rows.append(Row("given", bench.source.given, first=True))
    for number, line in enumerate(bench.lines):
        note = notes.get(line, "")
        says = ""
        if number < len(bench.source.steps) and bench.source.steps[number].to == line:
            says = _words(bench.source.steps[number].say)
        tone = {"proved": "good", "agrees": "warn"}.get(note, "faint")
        rows.append(Row(MARKS.get(note, "·"), line, says, lead_tone=tone))
    return rows if bench.done else [*rows, *_ahead(bench)]


def _ahead(bench: Bench) -> list[Row]:
    """What stands there of the way ahead: as much as the stage gives."""
    from studytui.study.fading import Stage

    rows = [Row("·", "", _words(say)) for say in bench.words_below]
    if not bench.stage.is_scheduled:
        gap = _words(bench.asked_step.say) if bench.asked_step else ""
        if bench.stage is Stage.WATCH:
            gap = "what would you do? n uncovers the line"
        rows = [Row("?", "", gap or "a line is missing here", lead_tone="accent")]
        for text in bench.below:
            row = Row("·", text, tone="soft") if text else Row("?", "", "a line is missing here")
            rows.append(row)
    if bench.stage is Stage.TITLE:
        return [*rows, Row("goal", "", "is for you to find")]
    return [*rows, Row("goal", bench.source.goal, tone="soft", first=True)]


def _words(markdown: str) -> str:
    from studytui.library.layout.spans import plain
    from studytui.library.parse.fragment import parse_inlines

    return plain(parse_inlines(markdown))


def verdict_lines(found: LineJudgement) -> list[Styled]:
    """The verdict, with what is said of the line: its reason, values that show it, conditions."""
    word, tone = WORDS[str(found.verdict)]
    if found.verdict == "error":
        return [[(found.message, "warn")]]
    if found.accepted and not found.helps and not found.done:
        tone = "warn"
    return [[(word, tone), (f"  {found.message}", "soft")]]
