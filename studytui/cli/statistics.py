"""``stats``, ``fit`` and ``simulate``."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from studytui.cli.plainness import is_plain
from studytui.cli.progress import announce, clear, open_desk, stoppable
from studytui.study.pages import fit_page, statistics_page, workload_page
from studytui.study.plain.statistics import fit_words, statistics_words, workload_words
from studytui.study.statistics import Simulated, fit_parameters, simulated_workload, statistics

app = typer.Typer()
AsJson = Annotated[bool, typer.Option("--json", help="For a program to read")]


@app.command()
def stats(as_json: AsJson = False) -> None:
    """Forecast, heat map, retention, calibration and mastery."""
    with open_desk() as desk:
        desk.library.refresh()
        found = statistics(desk, datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps(asdict(found), default=str, ensure_ascii=False))
        return
    for line in (statistics_words if is_plain() else statistics_page)(found):
        typer.echo(line)


@app.command()
def fit(as_json: AsJson = False) -> None:
    """Fit the scheduler to your own history; log loss before and after."""
    with open_desk() as desk, stoppable(lambda: "nothing was fitted and nothing was changed"):
        found = fit_parameters(desk)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    for line in (fit_words if is_plain() else fit_page)(found):
        typer.echo(line)


@app.command()
def simulate(
    cards: Annotated[int, typer.Option(min=0, max=100_000, help="0: the library's")] = 0,
    as_json: AsJson = False,
) -> None:
    """What each desired retention costs in a year, and what it keeps."""
    with open_desk() as desk:
        desk.library.refresh()
        with stoppable(lambda: "the simulation has no result before its end"):
            found = simulated_workload(desk, datetime.now(UTC), cards, _expected())
    clear()
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in found]))
        return
    for line in (workload_words if is_plain() else workload_page)(found):
        typer.echo(line)


def _expected() -> Simulated | None:
    """Tells how long the simulation will still take, once its first part says."""
    if not sys.stderr.isatty():
        return None
    began = time.monotonic()
    announce("simulating a year for each retention …")

    def tell(done: int, total: int) -> None:
        left = (time.monotonic() - began) / done * (total - done)
        announce(f"simulating: {done} of {total} retentions, about {left:.0f} s more")

    return tell
