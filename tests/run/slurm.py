"""A real Slurm of one node on the loopback: munged, slurmctld and slurmd in a temporary folder."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import psutil

from tests.patience import wait_until

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo")
SYSTEM_FOLDERS = "/usr/sbin:/usr/local/sbin:/sbin"
CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={daemon}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=2
MinJobAge=2
MessageTimeout=5
GresTypes=gpu
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 Gres=gpu:1 State=UNKNOWN
PartitionName=study Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing_programs() -> list[str]:
    """Programs of Slurm and munge that this machine lacks."""
    path = os.pathsep.join([os.environ.get("PATH", ""), SYSTEM_FOLDERS])
    return [name for name in PROGRAMS if shutil.which(name, path=path) is None]


class Slurm:
    """Started by ``start``; ``variables`` lead the client programs to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._daemons: dict[str, subprocess.Popen[bytes]] = {}
        self.variables = {
            "SLURM_CONF": str(folder / "slurm.conf"),
            "PATH": os.pathsep.join(
                [str(Path(sys.executable).parent), os.environ["PATH"], SYSTEM_FOLDERS]
            ),
        }

    def start(self) -> None:
        """Start all daemons and wait until the node is idle."""
        folder = self._folder
        folder.chmod(0o755)
        for name in ("state", "spool"):
            (folder / name).mkdir()
        (folder / "slurm.conf").write_text(
            CONFIGURATION.format(
                host=socket.gethostname().partition(".")[0],
                controller=free_port(),
                daemon=free_port(),
                user=getpass.getuser(),
                folder=folder,
            )
        )
        (folder / "gres.conf").write_text("Name=gpu File=/dev/null\n")
        key = folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        self._launch(
            "munged",
            "--foreground",
            "--force",
            f"--key-file={key}",
            f"--socket={folder}/munge.socket",
            f"--pid-file={folder}/munge.pid",
            f"--log-file={folder}/munge.log",
            f"--seed-file={folder}/munge.seed",
        )
        wait_until(lambda: (folder / "munge.socket").exists(), self._logs)
        self._launch("slurmctld", "-D", "-c")
        self._launch("slurmd", "-D")
        wait_until(lambda: self._says("sinfo", "-h", "-o", "%T") == "idle", self._logs)

    def _launch(self, *words: str) -> None:
        log = (self._folder / f"{words[0]}.out").open("wb")
        self._daemons[words[0]] = subprocess.Popen(
            words, env={**os.environ, **self.variables}, stdout=log, stderr=log
        )
        log.close()

    def _says(self, *words: str) -> str:
        answer = subprocess.run(
            words,
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
        return answer.stdout.strip()

    def _logs(self) -> str:
        logs = [path.read_text(errors="replace") for path in self._folder.glob("*.out")]
        return "Slurm did not start:\n" + "\n".join(logs)[-4000:]

    def queue(self) -> str:
        """What is in the queue: a line a job."""
        return self._says("squeue", "-h", "-o", "%j %T %b %C")

    def stop(self, *names: str) -> None:
        """End these daemons, or all."""
        for name in names or ("slurmd", "slurmctld", "munged"):
            daemon = self._daemons.pop(name, None)
            if daemon is not None:
                daemon.terminate()
                try:
                    daemon.wait(10)
                except subprocess.TimeoutExpired:
                    daemon.kill()
                    daemon.wait()
        if not self._daemons:
            self._end_steps()

    def _end_steps(self) -> None:
        """End what watches over jobs: without a controller it would wait long to report to it."""
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.name() != "slurmstepd":
                    continue
                if any(file.path.startswith(str(self._folder)) for file in process.open_files()):
                    process.kill()


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
