"""``equal`` and ``derive``: the checker and the derivations from the shell."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from studytui.cli.progress import open_desk, stoppable

if TYPE_CHECKING:
    from studytui.derive.steps.feedback import LineJudgement
    from studytui.derive.steps.source import DerivationSource
    from studytui.study.benching import Bench
    from studytui.study.desk import Desk

app = typer.Typer()

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Syntax = Annotated[str, typer.Option(help="ascii, unicode or latex.")]
Seconds = Annotated[float, typer.Option(min=0.1, max=600, help="Time limit of one check.")]

HELP = """Type the next line. Others: ? a hint (again: a stronger one), ! the next line,
- take the last line back, + have more lines shown, lines to see them all, q to leave."""


@app.command()
def equal(
    a: Annotated[str | None, typer.Argument(help="An expression or a relation.")] = None,
    b: Annotated[str | None, typer.Argument(help="What it is compared with.")] = None,
    assume: Annotated[
        list[str] | None, typer.Option(help="What is known of a name: x=positive, p=0<p<1.")
    ] = None,
    syntax: Syntax = "ascii",
    seconds: Seconds = 2.0,
    batch: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Judge the JSON lines of a file; - is standard input."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Are two expressions equal? Proved, refuted with values, or agreeing and not proved.

    Exits 0 if proved or agreeing, 1 if not, 2 if one cannot be read.
    """
    from studytui.derive.process.prover import Prover
    from studytui.study import deriving

    with Prover(seconds=seconds) as prover:
        if batch is not None:
            prover.warm()
            done = 0
            with stoppable(lambda: f"{done} lines were judged"):
                for answer in deriving.batch(_lines(batch), prover):
                    print(json.dumps(answer.as_json()), flush=True)
                    done += 1
            return
        if a is None or b is None:
            raise typer.BadParameter("two expressions are wanted, or --batch")
        judgement = prover.equal(a, b, deriving.read_assumptions(assume or []), syntax)
    answer = deriving.Answer(None, judgement)
    if as_json:
        told = answer.as_json()
        del told["id"]
        print(json.dumps(told))
    else:
        print(f"{judgement.verdict.value}: {judgement.why}")
    code = {"proved": 0, "agrees": 0, "error": 2}.get(judgement.verdict.value, 1)
    if code:
        raise typer.Exit(code)


def _lines(path: str) -> Iterator[str]:
    if path == "-":
        sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
        yield from sys.stdin
        return
    from studytui.errors import StudyError

    try:
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            yield from file
    except OSError as error:
        raise StudyError(f"the file cannot be read: {error.strerror}", where=path) from error


@app.command()
def derive(
    name: Annotated[str, typer.Argument(help="The id of a derivation, or of an article.")],
    syntax: Syntax = "ascii",
    show: Annotated[bool, typer.Option("--show", help="Show the author's lines.")] = False,
    stage: Annotated[
        int, typer.Option(min=0, max=5, help="From 1, one line missing, to 5, the goal hidden.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Work a derivation line by line: each line is judged; any valid way counts.

    In a terminal as much of it stands there as your work so far leaves to you, and the work is
    kept. Lines can come from a pipe too: the page is empty then, and nothing is kept. Exits 1 if
    the goal was not reached, or not every line that carries the idea was written.
    """
    from studytui.study.benching import Bench, record
    from studytui.study.fading import Stage, stage_of

    with open_desk() as desk:
        desk.library.refresh()
        source = _found(name, desk)
        if show:
            _show(source)
            return
        desk.prover.warm()
        talks = sys.stdin.isatty()
        empty = Stage.EMPTY if not talks else stage_of(desk, source.id)
        bench = Bench(source, desk.prover, syntax, Stage(stage) if stage else empty)
        began = datetime.now(UTC)
        _work(bench, as_json)
        if talks and (bench.begun or bench.shown):
            now = datetime.now(UTC)
            record(desk, bench, now, (now - began).total_seconds())
        if not bench.done:
            raise typer.Exit(1)


def _found(name: str, desk: Desk) -> DerivationSource:
    """By its own id, or by that of an article which has only one."""
    from studytui.errors import StudyError

    inside = {entry.id: entry.derivation_ids for entry in desk.library.entries}.get(name, ())
    source = desk.library.derivation(inside[0] if len(inside) == 1 else name)
    if source is not None:
        return source
    if inside:
        width = max(map(len, inside))
        rows = [f"  {each:<{width}}  {_words(_title(desk, each))}" for each in inside]
        raise StudyError(
            f"'{name}' has {len(inside)} derivations", todo="\n".join(["Name one:", *rows])
        )
    raise StudyError(
        f"there is no derivation '{name}'", todo=f"Look for one: studytui search {name}"
    )


def _title(desk: Desk, derivation: str) -> str:
    source = desk.library.derivation(derivation)
    return source.title if source is not None else ""


def _words(markdown: str) -> str:
    """An author's words on one line, with their formulas set."""
    from studytui.library.layout.spans import plain
    from studytui.library.parse.fragment import parse_inlines

    return plain(parse_inlines(markdown))


def _show(source: DerivationSource) -> None:
    print(_words(source.title))
    print(f"  {source.given}")
    for step in source.steps:
        by = step.by if step.by != "equal" else ""
        told = " ".join(part for part in (by, _words(step.say)) if part)
        print(f"  {step.to}" + (f"    [{told}]" if told else ""))


def _work(bench: Bench, as_json: bool) -> None:
    source = bench.source
    talks = sys.stdin.isatty()
    if not as_json:
        print(_words(source.title))
        for symbol, domain in source.symbols:
            print(f"  {symbol}: {domain}")
        for fact in source.facts:
            print(f"  may be used: {fact}")
        if source.instance:
            print(f"  limited to {source.instance}")
        print("\n".join(_page(bench)))
        if talks:
            print(HELP)
    while not bench.done:
        if talks:
            print("> ", end="", flush=True)
        text = sys.stdin.readline()
        if not text or text.strip() in ("q", "quit"):
            return
        text = text.strip()
        if text:
            _answer(bench, text, as_json)


def _page(bench: Bench) -> list[str]:
    """The lines that stand there, the gap, and what is ahead."""
    from studytui.study.fading import Stage

    source = bench.source
    goal = "is for you to find" if bench.stage is Stage.TITLE else source.goal
    rows = [f"from  {source.given}", *(f"      {line}" for line in bench.lines)]
    if bench.asked_step is not None:
        rows.append(f"      ?     [{_words(bench.asked_step.say)}]")
    rows += [f"      {line or '?'}" for line in bench.below]
    rows += [f"      ...   [{_words(say)}]" for say in bench.words_below]
    return [*rows, f"to    {goal}"]


def _answer(bench: Bench, text: str, as_json: bool) -> None:
    if text == "?":
        strength, told = bench.hint()
        _say({"hint": strength, "text": told}, f"hint {strength}: {_words(told)}", as_json)
    elif text == "!":
        line = bench.show_next()
        _say({"next": line}, f"next: {line}", as_json)
    elif text == "+":
        turned = bench.turn(-1)
        told = "\n".join(_page(bench)) if turned else "no more can be shown"
        _say({"stage": int(bench.stage), "page": _page(bench)}, told, as_json)
    elif text == "-":
        line = bench.undo()
        _say({"undone": line}, f"taken back: {line}" if line else "nothing to take back", as_json)
    elif text == "lines":
        lines = [bench.source.given, *bench.lines]
        _say({"lines": lines}, "\n".join(_page(bench)), as_json)
    else:
        judged = bench.write(text)
        _say(_as_json(text, judged), f"{_mark(judged)} {judged.message}", as_json)


def _mark(judged: LineJudgement) -> str:
    if judged.done:
        return "done"
    return "ok" if judged.accepted else "no"


def _as_json(text: str, judged: LineJudgement) -> dict[str, object]:
    return {
        "line": text,
        "verdict": judged.verdict.value,
        "accepted": judged.accepted,
        "done": judged.done,
        "helps": judged.helps,
        "leap": judged.leap,
        "missing": len(judged.missing),
        "message": judged.message,
        "differs": judged.differs,
    }


def _say(data: dict[str, object], text: str, as_json: bool) -> None:
    print(json.dumps(data) if as_json else text, flush=True)
