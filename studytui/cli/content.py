"""``check``, ``verify`` and ``new``: for those who write content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studytui.cli.plainness import is_plain
from studytui.cli.progress import announce, clear, counting, open_desk, stoppable
from studytui.cli.talking import terminal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from studytui.authoring.problems import Problem
    from studytui.study.verifying import Finding

app = typer.Typer()

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command()
def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...", help="Folders of packs, articles' files or ids; else all in use."
        ),
    ] = None,
    claims: Annotated[
        bool, typer.Option("--claims", help="List what nothing claims: numbers and names of APIs.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read content and say everything that is wrong with it, as file:line. Exits 1 if anything is.

    Nothing is run and nothing is proved: that is `studytui verify`.
    """
    from studytui.study.check import check_targets, unclaimed
    from studytui.study.targets import Target, find_target

    roots = _roots_in_use()
    targets = [find_target(name, roots) for name in names or ()] or [Target(root) for root in roots]
    with stoppable(lambda: "nothing was checked to its end"):
        reading = counting("reading")
        problems = unclaimed(targets) if claims else check_targets(targets, reading)
    clear()
    for problem in problems:
        print(_problem_as_json(problem) if as_json else _problem_as_text(problem))
    if not as_json:
        count = len(problems)
        print("no problems" if not count else f"{count} problem{'s' * (count > 1)}")
    if problems:
        raise typer.Exit(1)


@app.command()
def verify(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="Articles (id or file), cards, derivations or snippets; else everything.",
        ),
    ] = None,
    pack: Annotated[Path | None, typer.Option(help="Only this pack, given by its folder.")] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Run code of packs that did not come with studytui.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also what was shown before, and has not changed since.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Prove every derivation, recompute every answer and claim, run every snippet.

    Exits 1 on any failure. What held before is not done again unless something that it depends on
    has changed.

    Code of other packs runs if it was trusted by `studytui trust`, or with --trust. Ctrl+C stops at
    once, and says how far it came.
    """
    from studytui.study.targets import find_target, is_article_file
    from studytui.study.verifying import Verifier

    with open_desk() as desk:
        roots = (
            [pack.absolute()]
            if pack is not None
            else [each.root for each in desk.packs if each.root.is_dir()]
        )
        files = {name: find_target(name, roots) for name in names or () if is_article_file(name)}
        roots = list(dict.fromkeys((*roots, *(target.root for target in files.values()))))
        wanted = [Path(name).stem if name in files else name for name in names or ()]
        verifier = Verifier(desk, roots, wanted, trusted=trust, again=again)
        tally = _Tally()

        def how_far() -> str:
            return f"at {verifier.at} of {verifier.total} things; so far {tally.so_far()}"

        with stoppable(how_far):
            for finding in verifier.findings(announce):
                clear()
                tally.add(finding)
                told = _finding_as_json(finding) if as_json else _finding_as_text(finding)
                print(told, flush=True)
    clear()
    if not as_json:
        _print_costliest(verifier.costliest)
        tally.print()
    if tally.failed:
        raise typer.Exit(1)


@dataclass
class _Tally:
    """What was verified, counted while it goes on."""

    total: int = 0
    failed: int = 0
    kept: int = 0
    claims: int = 0

    def add(self, finding: Finding) -> None:
        self.total += 1
        self.failed += not finding.ok
        self.kept += finding.kept
        self.claims += finding.claims

    def so_far(self) -> str:
        return f"{self.total - self.failed} findings hold and {self.failed} fail"

    def print(self) -> None:
        held = f"{self.total - self.failed} of {self.total} hold"
        told = held if self.failed else f"all {self.total} hold"
        if self.kept:
            told += f"; {self.kept} of them shown before and unchanged, --again does all"
        print(told)
        if self.claims:
            print(f"{self.claims:,} claims of the prose hold")


def _print_costliest(costliest: Iterable[tuple[float, str]]) -> None:
    for place, (seconds, name) in enumerate(costliest):
        if not place:
            print("what took longest:")
        print(f"{name}: {seconds:.2f} s" if is_plain() else f"{seconds:9.2f} s  {name}")


@app.command()
def preview(
    card: Annotated[str, typer.Argument(help="The card's id.")],
    times: Annotated[int, typer.Option(min=1, max=100, help="How often numbers are drawn.")] = 3,
) -> None:
    """Draw a card as readers will meet it, with its answer: three times if it has fresh numbers."""
    from studytui.study.preview import preview as draw

    to = terminal()
    with open_desk() as desk:
        desk.library.refresh()
        for number, drawn in enumerate(draw(desk, card, times)):
            print("\n" * (number > 0) + f"Card {drawn.question.card}, {drawn.kind}.")
            for text in drawn.parts():
                to.say_markdown(text)


new = typer.Typer(help="Begin a pack, an article or a snippet.", no_args_is_help=True)
app.add_typer(new, name="new")

IntoPack = Annotated[
    Path | None, typer.Option("--pack", help="The pack's folder; else the one that you are in.")
]


@new.command("pack")
def new_pack(
    folder: Annotated[Path, typer.Argument(help="A new folder, named as the pack.")],
) -> None:
    """A pack with an article, a derivation, cards and a snippet to write over."""
    from studytui.library import scaffold
    from studytui.paths import directories

    _tell(scaffold.new_pack(folder))
    settings = directories().settings
    print(f'To see it in studytui, write into {settings}: packs = ["{folder.absolute()}"]')


@new.command("article")
def new_article(
    name: Annotated[str, typer.Argument(metavar="TRACK/ID")], pack: IntoPack = None
) -> None:
    """An article in a pack, with a snippet of its own."""
    from studytui.library import scaffold

    _tell(scaffold.new_article(pack or scaffold.find_pack(Path.cwd()), name))


@new.command("snippet")
def new_snippet(
    name: Annotated[str, typer.Argument(metavar="TRACK/NAME")], pack: IntoPack = None
) -> None:
    """A script that runs alone and in an article."""
    from studytui.library import scaffold

    _tell(scaffold.new_snippet(pack or scaffold.find_pack(Path.cwd()), name))


def _roots_in_use() -> list[Path]:
    from studytui import paths
    from studytui.settings import load_settings
    from studytui.study.own_files import content_of

    where = paths.directories()
    own = content_of(where.own)
    mine = [own.absolute()] if own.is_dir() else []
    packs = load_settings(where.settings).pack_folders()
    return [paths.shipped_content().absolute(), *packs, *mine]


def _tell(written: tuple[Path, ...]) -> None:
    for path in written:
        print(f"wrote {_near(path)}")


def _near(path: Path) -> str:
    """A path as a person in this folder would write it."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _problem_as_text(problem: Problem) -> str:
    place = f"{_near(problem.path)}:{problem.line}" if problem.line else _near(problem.path)
    return f"{place}: {problem.what}" + (f" ({problem.todo})" if problem.todo else "")


def _problem_as_json(problem: Problem) -> str:
    fields = {
        "path": str(problem.path),
        "line": problem.line,
        "what": problem.what,
        "todo": problem.todo,
    }
    return json.dumps(fields, ensure_ascii=False)


def _finding_as_text(finding: Finding) -> str:
    place = f"{_near(finding.path)}:{finding.line}"
    if is_plain():
        held = finding.verdict if finding.ok else f"failed: {finding.verdict} ({place})"
        return f"{finding.name}: {held}" + (f". {finding.why}" if finding.why else "")
    why = f"  {finding.why}" if finding.why else ""
    mark = "ok  " if finding.ok else "FAIL"
    took = "     kept" if finding.kept else f"{finding.seconds:7.2f} s"
    head = f"{mark} {finding.verdict:<11} {took}  {finding.name}"
    return f"{head}{why}" if finding.ok else f"{head}  {place}{why}"


def _finding_as_json(finding: Finding) -> str:
    fields = {
        "ok": finding.ok,
        "kind": finding.kind,
        "name": finding.name,
        "article": finding.article,
        "verdict": finding.verdict,
        "why": finding.why,
        "path": str(finding.path),
        "line": finding.line,
        "seconds": round(finding.seconds, 4),
        "kept": finding.kept,
    }
    return json.dumps(fields, ensure_ascii=False)
