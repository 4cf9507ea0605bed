"""``python -m benchmarks kills --times 2000``: kills at random moments, and the losses counted.

See ``benchmarks.killed`` for what is killed and when a grade counts as acknowledged.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, at_least, at_most

ROOT = Path(__file__).parent.parent
MODES = ("interface", "plain", "sync", "repair")
PROCESSES = 2
KILLS_A_JOB = 50
"""Kills of one home; what is left of it is looked over after each."""
Job = tuple[str, int, int]
"""Mode, kills and seed of one process."""
GRADES_A_KILL = 1
"""Fewer acknowledged grades than this for a kill, and the kills came too early to say anything."""


def kill(mode: str, kills: int, seed: int) -> dict[str, Any]:
    """Kill one mode so often in a process of its own; its ``Outcome``."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.killed", mode, str(kills), str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    outcome: dict[str, Any] = json.loads(done.stdout)
    return outcome


def measure(
    times: int = 80, workers: int = PROCESSES, resume: Path | None = None
) -> Iterator[Figure]:
    """Figures of ``times`` kills, the same number in every mode; each job is told as it ends.

    ``resume`` keeps the outcomes line by line: what a run that was stopped has done already is read
    from there, and not done again.
    """
    each = max(times // len(MODES), PROCESSES)
    share = min(KILLS_A_JOB, each // PROCESSES)
    jobs = [(mode, share, seed) for seed in range(each // share) for mode in MODES]
    done = _done(resume)
    with ThreadPoolExecutor(workers) as pool:
        left = [job for job in jobs if job not in done]
        for job, outcome in zip(left, pool.map(lambda job: kill(*job), left), strict=True):
            done[job] = outcome
            line = json.dumps({"job": job, "outcome": outcome})
            print(line, file=sys.stderr, flush=True)
            if resume is not None:
                with resume.open("a") as file:
                    print(line, file=file)
    outcomes = [done[job] for job in jobs]
    for mode in MODES:
        yield from _figures(mode, [each for each in outcomes if each["mode"] == mode])


def _done(resume: Path | None) -> dict[Job, dict[str, Any]]:
    """The outcomes of an earlier run by job."""
    if resume is None or not resume.exists():
        return {}
    lines = map(json.loads, resume.read_text().splitlines())
    return {
        (mode, kills, seed): each["outcome"]
        for each in lines
        for mode, kills, seed in [each["job"]]
    }


def _figures(mode: str, outcomes: list[dict[str, Any]]) -> Iterator[Figure]:
    kills, grades, lost, unseen, lived = (
        sum(each[key] for each in outcomes)
        for key in ("kills", "acknowledged", "lost", "unseen", "lived")
    )
    wrong = [what for each in outcomes for what in each["wrong"]]
    how = f"{kills} kills, {lived} of them alive until then, {grades} acknowledged grades"
    yield at_most(f"{mode}: acknowledged grades lost", lost, "", 0, how)
    yield at_most(f"{mode}: grades saved but not yet seen", unseen / kills, "a kill", 1)
    yield at_most(f"{mode}: what doctor finds wrong", len(wrong), "", 0, "; ".join(wrong))
    yield at_least(f"{mode}: grades acknowledged", grades / kills, "a kill", GRADES_A_KILL)
