"""``studytui run`` and ``studytui trust``."""

from __future__ import annotations

import shutil
import signal
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from studytui.cli.plainness import beside, is_plain
from studytui.cli.progress import open_desk
from studytui.cli.run_text import EXIT, JsonPrinter, PlainPrinter, Printer
from studytui.cli.talking import edit as open_editor
from studytui.errors import StudyError
from studytui.run.cluster import Place
from studytui.run.command_line import describe, parse_words
from studytui.run.dependencies import code_digest
from studytui.run.events import Asked
from studytui.run.limits import limits_from
from studytui.run.ranks import Ranks
from studytui.run.runner import Run, Runner
from studytui.study.running import AnyRun, Script, Workbench

app = typer.Typer()
AnyPrinter = JsonPrinter | PlainPrinter | Printer
FREE = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def now() -> datetime:
    """The clock of the shell."""
    return datetime.now(UTC)


@app.command(context_settings=FREE)
def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="track/name, name, or the path of a .py file")] = "",
    device: Annotated[str, typer.Option(help="auto, cuda, mps or cpu")] = "",
    on: Annotated[str, typer.Option(help="slurm or slurm:PARTITION")] = "",
    gpus: Annotated[int, typer.Option(help="GPUs to ask a cluster for", min=0)] = 0,
    cpus: Annotated[int, typer.Option(help="CPUs to ask a cluster for", min=1)] = 1,
    attach: Annotated[str, typer.Option(help="Follow a run on a cluster again, by id")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Events as lines of JSON")] = False,
    every: Annotated[bool, typer.Option("--list", help="List all snippets")] = False,
    edit: Annotated[bool, typer.Option("--edit", help="Open your own copy in $EDITOR")] = False,
    edited: Annotated[bool, typer.Option("--edited", help="Run your own copy")] = False,
    difference: Annotated[bool, typer.Option("--diff", help="Your copy's changes")] = False,
    original: Annotated[bool, typer.Option("--original", help="Give your copy up")] = False,
    last: Annotated[bool, typer.Option("--last", help="Show all of the last run's output")] = False,
    check: Annotated[bool, typer.Option("--check", help="Run an exercise's check")] = False,
    max_seconds: Annotated[float, typer.Option(help="Time limit, seconds", min=0.0)] = 0.0,
    max_memory: Annotated[str, typer.Option(help="Memory limit, as in 500M or 2G")] = "",
    max_output: Annotated[str, typer.Option(help="Limit of printed text, as in 10M")] = "",
    nproc: Annotated[int, typer.Option(help="Ranks on this node", min=0)] = 0,
    nnodes: Annotated[str, typer.Option(help="Nodes, or MIN:MAX")] = "1",
    node_rank: Annotated[int, typer.Option(help="Which of the nodes this is", min=0)] = 0,
    rdzv_endpoint: Annotated[str, typer.Option(help="HOST:PORT where the nodes meet")] = "",
    max_restarts: Annotated[int, typer.Option(help="Restarts of lost ranks", min=0)] = 0,
    help_: Annotated[bool, typer.Option("--help", help="Show this, or a snippet's own")] = False,
) -> None:
    """Run a snippet; options that are not listed here are its own parameters."""
    with open_desk() as desk:
        # A single run starts sooner without warming a server first.
        bench = Workbench(desk, now, Runner(desk.directories.outputs, warm=False))
        if every:
            _list(bench)
        elif attach:
            _follow(bench, bench.attach(attach), as_json=as_json)
        elif not name:
            typer.echo(context.get_help())
        elif help_ or edit or difference or original or last:
            script = bench.find(name)
            if help_:
                snippet = bench.read(script)
                typer.echo("\n".join([snippet.summary, "", *describe(snippet)]))
            elif last:
                _show_last(bench, script, _printer(as_json, whole=True))
            else:
                _copy(bench, script, edit=edit, original=original)
        else:
            script = bench.find(name)
            if edited and bench.copy(script) is None:
                raise _no_copy(script)
            started = bench.start(
                script,
                parse_words(bench.chosen(script, edited=edited), context.args),
                device,
                limits_from(bench.limits(), max_seconds, max_memory, max_output),
                edited=edited,
                check=check,
                columns=shutil.get_terminal_size((100, 24)).columns,
                ranks=Ranks(nproc, nnodes, node_rank, rdzv_endpoint, max_restarts),
                on=Place.parse(on, gpus, cpus) if on else None,
                keyboard=True,
            )
            _follow(bench, started, as_json=as_json)


def _follow(bench: Workbench, started: AnyRun, *, as_json: bool) -> None:
    """Print the run to its end, and leave with its status. Ctrl+C stops it, twice kills it."""
    signal.signal(signal.SIGINT, lambda *_: started.stop())
    printer = _printer(as_json)
    try:
        for event in bench.follow(started):
            printer.show(event)
            if isinstance(event, Asked) and isinstance(started, Run):
                _type(started)
    finally:
        bench.runner.close()
    raise typer.Exit(EXIT[started.ended.status] if started.ended else 1)


def _type(run: Run) -> None:
    """Give the run the next line of our own input; Ctrl+C stops it, as always."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        run.stop()
        return
    finally:
        signal.signal(signal.SIGINT, before)
    run.type(line.removesuffix("\n") if line else None)


def _printer(as_json: bool, *, whole: bool = False) -> AnyPrinter:
    if as_json:
        return JsonPrinter()
    return (PlainPrinter if is_plain() else Printer)(sys.stdout, sys.stderr, whole=whole)


def _show_last(bench: Workbench, script: Script, printer: AnyPrinter) -> None:
    past = bench.past(script)
    if not past:
        raise StudyError(f"{script.name} has not been run", todo=f"studytui run {script.name}")
    for event in past[0].events():
        printer.show(event)
    old = (
        "; the snippet has changed since" if past[0].stale(code_digest(bench.read(script))) else ""
    )
    typer.echo(f"run at {past[0].started.at}{old}", err=True)


def _copy(bench: Workbench, script: Script, *, edit: bool, original: bool) -> None:
    snippet = bench.read(script)
    if edit:
        open_editor(bench.edits.make(snippet), 0)
    elif original:
        aside = bench.edits.give_up(snippet)
        typer.echo(f"your copy is now {aside}" if aside else "you have no copy of it")
        return
    if not bench.edits.path(snippet.name).is_file():
        raise _no_copy(script)
    typer.echo(bench.edits.difference(snippet), nl=False)


def _no_copy(script: Script) -> StudyError:
    return StudyError(
        f"there is no copy of {script.name} of your own",
        todo=f"Make one: studytui run {script.name} --edit",
    )


def _list(bench: Workbench) -> None:
    for script in bench.scripts():
        try:
            told = bench.read(script).summary
        except StudyError as error:
            told = f"broken: {error}"
        typer.echo(beside(script.subject, told, "\t"))


@app.command()
def trust(
    name: Annotated[str, typer.Argument(help="pack's snippet: name, track/name or path")] = "",
    every: Annotated[bool, typer.Option("--list", help="What is trusted")] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help="Take trust back")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Trust without being asked")] = False,
) -> None:
    """Show the code of a snippet that did not come with studytui, and let it run."""
    with open_desk() as desk:
        bench = Workbench(desk, now)
        if every or not name:
            trusted = bench.trusted()
            for subject, digest in sorted(trusted.items()):
                typer.echo(beside(subject, digest, "\t"))
            if not trusted:
                typer.echo("no code of other packs is trusted", err=True)
            return
        script = bench.find(name)
        bench.read(script)
        if revoke:
            bench.distrust(script.subject)
            typer.echo(f"{script.subject} is no longer trusted")
            return
        seen = bench.untrusted(script)
        if seen is None:
            typer.echo(f"{script.subject} may run already")
            return
        typer.echo(seen.listing())
        if not yes and not typer.confirm(f"Let this code run ({len(seen.files)} files)?"):
            raise typer.Exit(1)
        bench.trust(script, seen)
        typer.echo(f"{script.subject} is trusted: {seen.digest}")
