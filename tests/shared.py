"""What the desks of a worker share, because it takes seconds to start and no test changes it."""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from studytui.derive.process.prover import Prover
from studytui.library.catalogue import Library
from studytui.library.pack import shipped_pack
from studytui.run.fork_server_client import WarmServer
from studytui.run.runner import Runner
from studytui.settings import Settings
from studytui.study.desk import Desk


class StayingProver(Prover):
    """A prover that goes on with the next desk when one is closed; it ends with the worker."""

    def close(self) -> None:
        """Leave the process to the next one who asks."""


@cache
def warm_server() -> WarmServer:
    """The server that forks snippets: torch is imported once. It ends with the worker."""
    server = WarmServer()
    atexit.register(server.close)
    return server


@cache
def prover() -> Prover:
    """A prover with the limits that a reader has who set none."""
    limits = Settings().derive
    prover = StayingProver(limits.seconds, limits.memory_mb)
    atexit.register(prover.worker.close)
    return prover


def on_shared_processes(desk: Desk) -> Desk:
    """The same desk, whose snippets and checks are those processes' work."""
    desk.runner = Runner(desk.directories.outputs, server=warm_server())
    desk.prover = prover()
    return desk


@cache
def _shipped_index() -> Path:
    folder = TemporaryDirectory(prefix="studytui-index-")
    atexit.register(folder.cleanup)
    path = Path(folder.name) / "index.db"
    library = Library.open((shipped_pack(),), path)
    library.refresh()
    library.close()
    return path


def refreshed(desk: Desk) -> Desk:
    """The same desk with its library read; what was shipped is read once for all of them."""
    index = desk.directories.index
    index.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_shipped_index(), index)
    desk.library.refresh()
    return desk
