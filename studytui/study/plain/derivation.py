"""A derivation worked in lines: the reader types the next one, and hears what is to say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studytui.study.derivation_session import Bench, is_graded, record
from studytui.study.fading import Stage, stage_of
from studytui.study.plain.terminal import Terminal

if TYPE_CHECKING:
    from studytui.derive.steps.feedback import LineJudgement
    from studytui.derive.steps.source import DerivationSource
    from studytui.study.desk import Desk

HELP = """Type the next line. Others: ? a hint (again: a stronger one), ! the next line,
- take the last line back, + have more lines shown, lines to see them all, q to leave."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said of a typed line: for a person, and as data for a program."""

    text: str
    data: dict[str, object]


def work_and_keep(desk: Desk, terminal: Terminal, source: DerivationSource) -> tuple[Bench, bool]:
    """Work a derivation at the reader's own stage, and keep the work however it ends.

    Returns the bench, and whether the schedule counts this work.
    """
    bench = Bench(source, desk.prover, stage=stage_of(desk, source.id))
    counts = is_graded(desk, bench)
    introduce(bench, terminal)
    terminal.say(HELP)
    with kept(desk, terminal, bench):
        work(bench, terminal, terminal.ask, lambda said: terminal.say(said.text))
    if bench.done:
        terminal.say("The goal is reached.")
    return bench, counts


@contextmanager
def kept(desk: Desk, terminal: Terminal, bench: Bench, *, in_review: bool = True) -> Iterator[None]:
    """Keep what is worked in the journal, also when the input ends or Ctrl+C comes."""
    began = terminal.clock()
    try:
        yield
    finally:
        if bench.begun or bench.shown or bench.done:
            now = terminal.clock()
            record(desk, bench, now, (now - began).total_seconds(), in_review=in_review)


def introduce(bench: Bench, terminal: Terminal) -> None:
    """Say what is given, what may be used, where it leads, and what can be typed."""
    source = bench.source
    terminal.say(terminal.words(source.title))
    for symbol, domain in source.symbols:
        terminal.say(f"  {symbol}: {domain}")
    for fact in source.facts:
        terminal.say(f"  may be used: {fact}")
    if source.instance:
        terminal.say(f"  limited to {source.instance}")
    terminal.say_all(page(bench, terminal))


def work(
    bench: Bench,
    terminal: Terminal,
    ask: Callable[[str], str],
    tell: Callable[[Reply], None],
) -> None:
    """Take lines until the goal is reached or the reader leaves. EOFError ends it too."""
    while not bench.done:
        text = ask("> ").strip()
        if text in ("q", "quit"):  # 0 is a line
            return
        if text:
            tell(reply(bench, text, terminal))


def page(bench: Bench, terminal: Terminal) -> list[str]:
    """The lines that stand there, the gap, and what is ahead."""
    source = bench.source
    words = terminal.words
    goal = "for you to find" if bench.stage is Stage.TITLE else source.goal
    head = _SPOKEN if terminal.linear else _WRITTEN
    rows = [head["given"] + source.given, *(head["line"] + line for line in bench.lines)]
    if bench.stage is Stage.WATCH and not bench.done:
        rows.append(head["gap"].format("what would you do? ! uncovers the line"))
    elif bench.asked_step is not None:
        rows.append(head["gap"].format(words(bench.asked_step.say)))
    rows += [head["line"] + line if line else head["empty"] for line in bench.below]
    rows += [head["ahead"].format(words(say)) for say in bench.words_below]
    return [*rows, head["goal"] + goal]


_WRITTEN = {
    "given": "from  ",
    "line": "      ",
    "gap": "      ?     [{}]",
    "empty": "      ?",
    "ahead": "      ...   [{}]",
    "goal": "to    ",
}
_SPOKEN = {
    "given": "Given: ",
    "line": "Line: ",
    "gap": "Missing, and asked for: {}",
    "empty": "Missing.",
    "ahead": "Then: {}",
    "goal": "Goal: ",
}


def reply(bench: Bench, text: str, terminal: Terminal) -> Reply:
    """Do what was typed: a line to be judged, or one of the other keys."""
    if text == "?":
        strength, told = bench.hint()
        return Reply(f"hint {strength}: {terminal.words(told)}", {"hint": strength, "text": told})
    if text == "!" and bench.asked is Stage.WATCH:
        line = bench.give_next()
        rows = page(bench, terminal)
        return Reply("\n".join(rows), {"next": line, "page": rows})
    if text == "!":
        line = bench.show_next()
        return Reply(f"next: {line}", {"next": line})
    if text == "+":
        turned = bench.turn(-1)
        rows = page(bench, terminal)
        told = "\n".join(rows) if turned else "no more can be shown"
        return Reply(told, {"stage": int(bench.stage), "page": rows})
    if text == "-":
        line = bench.undo()
        return Reply(f"taken back: {line}" if line else "nothing to take back", {"undone": line})
    if text == "lines":
        lines = [bench.source.given, *bench.lines]
        return Reply("\n".join(page(bench, terminal)), {"lines": lines})
    judged = bench.write(text)
    return Reply(f"{_mark(judged)} {judged.message}", _as_data(text, judged))


def _mark(judged: LineJudgement) -> str:
    if judged.done:
        return "done"
    return "ok" if judged.accepted else "no"


def _as_data(text: str, judged: LineJudgement) -> dict[str, object]:
    return {
        "line": text,
        "verdict": judged.verdict.value,
        "accepted": judged.accepted,
        "done": judged.done,
        "helps": judged.helps,
        "leap": judged.leap,
        "missing": len(judged.missing),
        "message": judged.message,
        "mistakes": list(judged.mistakes),
        "differs": judged.differs,
    }
