"""``equal`` and ``derive``: the checker and the derivations from the shell."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from studytui.cli.plainness import beside
from studytui.cli.progress import open_desk, stoppable
from studytui.cli.talking import read_line, terminal

if TYPE_CHECKING:
    from studytui.derive.steps.source import DerivationSource
    from studytui.study.derivation_session import Bench
    from studytui.study.desk import Desk
    from studytui.study.plain.terminal import Terminal

app = typer.Typer()

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Syntax = Annotated[str, typer.Option(help="ascii, unicode or latex.")]
Seconds = Annotated[float, typer.Option(min=0.1, max=600, help="Time limit of one check.")]


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
    explain: Annotated[
        bool, typer.Option("--explain", help="A is right and B was written: name the mistake in B.")
    ] = False,
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
        assumptions = deriving.read_assumptions(assume or [])
        judgement = prover.equal(a, b, assumptions, syntax)
        mistakes = (
            deriving.explained(prover, judgement, a, b, assumptions, syntax) if explain else ()
        )
    answer = deriving.Answer(None, judgement)
    if as_json:
        told = answer.as_json()
        del told["id"]
        if explain:
            told["mistakes"] = deriving.as_json(mistakes)
        print(json.dumps(told))
    else:
        print(f"{judgement.verdict.value}: {judgement.why}")
        for line in deriving.explanation_page(mistakes, judgement) if explain else ():
            print(line)
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
    from studytui.study.derivation_session import Bench
    from studytui.study.fading import Stage, stage_of
    from studytui.study.plain.derivation import kept

    to = terminal()

    with open_desk() as desk:
        desk.library.refresh()
        source = _found(name, desk, to)
        if show:
            _show(source, to)
            return
        desk.prover.warm()
        talks = sys.stdin.isatty()
        empty = Stage.EMPTY if not talks else stage_of(desk, source.id)
        bench = Bench(source, desk.prover, syntax, Stage(stage) if stage else empty)
        with kept(desk, to, bench, in_review=False) if talks else nullcontext(), suppress(EOFError):
            _work(bench, to, as_json=as_json, talks=talks)
        if not bench.done:
            raise typer.Exit(1)


def _work(bench: Bench, to: Terminal, *, as_json: bool, talks: bool) -> None:
    from studytui.study.plain.derivation import HELP, Reply, introduce, work

    def say(reply: Reply) -> None:
        to.say(json.dumps(reply.data) if as_json else reply.text)

    if not as_json:
        introduce(bench, to)
        if talks:
            to.say(HELP)
    work(bench, to, to.ask if talks else lambda _: read_line(), say)


def _found(name: str, desk: Desk, to: Terminal) -> DerivationSource:
    """By its own id, or by that of an article which has only one."""
    from studytui.errors import StudyError

    inside = {entry.id: entry.derivation_ids for entry in desk.library.entries}.get(name, ())
    source = desk.library.derivation(inside[0] if len(inside) == 1 else name)
    if source is not None:
        return source
    if inside:
        width = max(map(len, inside))
        rows = [
            f"  {beside(each, to.words(_title(desk, each)), ' ' * (width - len(each) + 2))}"
            for each in inside
        ]
        raise StudyError(
            f"'{name}' has {len(inside)} derivations", todo="\n".join(["Name one:", *rows])
        )
    raise StudyError(
        f"there is no derivation '{name}'", todo=f"Look for one: studytui search {name}"
    )


def _title(desk: Desk, derivation: str) -> str:
    source = desk.library.derivation(derivation)
    return source.title if source is not None else ""


def _show(source: DerivationSource, to: Terminal) -> None:
    print(to.words(source.title))
    print(f"  {source.given}")
    for step in source.steps:
        by = step.by if step.by != "equal" else ""
        told = " ".join(part for part in (by, to.words(step.say)) if part)
        print(f"  {step.to}" + (f"    [{told}]" if told else ""))
