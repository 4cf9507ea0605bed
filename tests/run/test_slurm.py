"""Against a real Slurm. Skipped only where its programs are not installed, saying which.

On Debian: ``apt-get install slurmctld slurmd slurm-client munge``.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from studytui.run.cluster import ClusterError, Place, attach
from studytui.run.events import Event, Output, Started
from tests.run.conftest import ended, printed
from tests.run.slurm import Slurm, missing_programs
from tests.run.test_cluster import SLOW, queue, until_printed

LACKING = missing_programs()
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.slow,
    pytest.mark.xdist_group("slurm"),
    pytest.mark.skipif(bool(LACKING), reason=f"needs Slurm's programs: {', '.join(LACKING)}"),
]


@pytest.fixture(scope="module")
def daemons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slurm]:
    slurm = Slurm(tmp_path_factory.mktemp("slurm"))
    try:
        slurm.start()
        yield slurm
    finally:
        slurm.stop()


@pytest.fixture
def slurm(daemons: Slurm, monkeypatch: pytest.MonkeyPatch) -> Slurm:
    for name, value in daemons.variables.items():
        monkeypatch.setenv(name, value)
    return daemons


ASKING = """
    import os
    def main(n: int = 1):
        print("cpus", os.environ["SLURM_CPUS_ON_NODE"], "job", os.environ["SLURM_JOB_ID"])
        print("partition", os.environ["SLURM_JOB_PARTITION"])
        print("gpus", os.environ.get("SLURM_GPUS_ON_NODE", "0"))
        print("time is limited", flush=True)
"""


def test_a_run_is_queued_with_cpus_and_its_events_come_back(slurm: Slurm, tmp_path: Path) -> None:
    run = queue(tmp_path, ASKING, Place("slurm", "study", cpus=2))
    events = list(run.events())
    assert ended(events).status == "ok", events
    lines = printed(events).splitlines()
    assert f"cpus 2 job {run.job.job_id}" in lines
    assert "partition study" in lines
    assert "gpus 0" in lines


def test_a_gpu_is_asked_for(slurm: Slurm, tmp_path: Path) -> None:
    run = queue(tmp_path, ASKING, Place("slurm", gpus=1))
    events = list(run.events())
    assert ended(events).status == "ok", events
    assert "gpus 1" in printed(events)
    started = next(event for event in events if isinstance(event, Started))
    assert started.device == "cuda"


def test_a_waiting_run_is_told_and_cancelled(slurm: Slurm, tmp_path: Path) -> None:
    first = queue(tmp_path, SLOW, Place("slurm", cpus=2), parameters={"n": "600"})
    until_printed(first, "on\n")
    second = queue(tmp_path, SLOW, Place("slurm", cpus=2))
    waiting = printed(until_printed(second, "("), "note")
    assert "waiting (Resources)" in waiting or "waiting (Priority)" in waiting
    second.stop()
    assert ended(list(second.events())).status == "stopped"
    link = attach(tmp_path / "outputs", first.run_id)  # the link was lost; here it is again
    until_printed(link, "on\n")
    link.stop()
    end = ended(list(link.events()))
    assert (end.status, end.why) == ("stopped", "it was interrupted")


def test_a_job_that_is_cancelled_elsewhere_is_told(slurm: Slurm, tmp_path: Path) -> None:
    run = queue(tmp_path, SLOW, Place("slurm"), parameters={"n": "600"})
    until_printed(run, "on\n")
    subprocess.run(["scancel", run.job.job_id], check=True)
    assert ended(list(run.events())).status in ("crashed", "stopped")


def test_an_unknown_partition_is_refused(slurm: Slurm, tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match=r"slurm did not take the job: .*partition"):
        queue(tmp_path, SLOW, Place("slurm", "nowhere"))


def test_a_scheduler_that_goes_away_is_told_and_the_run_goes_on(
    slurm: Slurm, tmp_path: Path
) -> None:
    """The last test of this module: the controller does not come back."""
    run = queue(tmp_path, SLOW, Place("slurm"), parameters={"n": "12"})
    until_printed(run, "on\n")
    slurm.stop("slurmctld")
    events: list[Event] = list(run.events())
    notes = [event.text for event in events if isinstance(event, Output)]
    assert any("the scheduler does not answer" in note for note in notes), notes
    assert "over" in printed(events)
    assert ended(events).status == "ok"
    with pytest.raises(ClusterError, match="slurm did not take the job"):
        queue(tmp_path, SLOW, Place("slurm"))
