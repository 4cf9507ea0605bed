"""Snippets of several ranks, by torchrun: on one host, and on two that meet over the loopback."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from studytui.run.events import Event, Figure
from studytui.run.limits import Limits
from studytui.run.parameters import ParameterError
from studytui.run.ranks import Ranks
from studytui.run.runner import Runner
from studytui.run.signature import Snippet, read_snippet
from tests.run.conftest import ended, printed

pytestmark = pytest.mark.slow

SUM = '''
"""Every rank adds its number; all know the sum."""
LAUNCH = "torchrun"
RANKS = 2
def main(scale: int = 1):
    import torch
    import torch.distributed as dist
    dist.init_process_group("gloo")
    rank = dist.get_rank()
    value = torch.tensor([float(scale * (rank + 1))])
    dist.all_reduce(value)
    print(f"rank {rank} of {dist.get_world_size()}: {value.item():g}", flush=True)
    dist.destroy_process_group()

if __name__ == "__main__":
    import typer
    typer.run(main)
'''

COUNT = '''
"""Every rank tells its number, the first draws."""
LAUNCH = "torchrun"
RANKS = 2
def main(scale: int = 1, ranks: int = 2):
    import os
    rank, ranks = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    print(f"rank {rank} of {ranks}: {scale * rank}", flush=True)
    if rank == 0:
        import matplotlib.pyplot as plt
        plt.plot([1, 2]); plt.show()

if __name__ == "__main__":
    import typer
    typer.run(main)
'''

FRAGILE = '''
"""Rank 1 is killed the first time."""
LAUNCH = "torchrun"
def main(times: int = 1):
    import os, signal, time
    rank, attempt = int(os.environ["RANK"]), int(os.environ["TORCHELASTIC_RESTART_COUNT"])
    print(f"rank {rank} attempt {attempt}", flush=True)
    if rank == 1 and attempt < times:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.2 if attempt == times else 30)

if __name__ == "__main__":
    import typer
    typer.run(main)
'''


def snippet(folder: Path, source: str) -> Snippet:
    path = folder / "ranks.py"
    path.write_text(source.strip() + "\n")
    return read_snippet(path)


def run(folder: Path, source: str, **named: object) -> list[Event]:
    runner = Runner(folder / "outputs", warm=False)
    limits = Limits(seconds=90)
    return list(runner.start(snippet(folder, source), limits=limits, **named).events())  # type: ignore[arg-type]


def test_all_ranks_of_one_host_print_into_one_run_as_many_as_the_snippet_says(
    tmp_path: Path,
) -> None:
    events = run(tmp_path, COUNT, parameters={"scale": "10", "ranks": "3"})
    lines = sorted(line for line in printed(events).splitlines() if line.startswith("rank"))
    assert lines == [f"rank {rank} of 3: {10 * rank}" for rank in range(3)], events
    assert len([event for event in events if isinstance(event, Figure)]) == 1
    assert ended(events).status == "ok"


def test_the_number_that_the_reader_asks_for_counts_more(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "outputs", warm=False)
    for asked, command in ((None, "2"), (Ranks(per_node=4), "4")):
        request = runner.request(snippet(tmp_path, COUNT), {"scale": "10"}, ranks=asked)
        assert f"--nproc-per-node={command}" in request.command


def test_two_hosts_meet_over_the_network(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        endpoint = f"127.0.0.1:{probe.getsockname()[1]}"
    hosts: dict[int, list[Event]] = {}

    def host(node: int) -> None:
        folder = tmp_path / f"host{node}"
        folder.mkdir()
        ranks = Ranks(per_node=1, nodes="2", node_rank=node, endpoint=endpoint)
        hosts[node] = run(folder, SUM, ranks=ranks)

    threads = [threading.Thread(target=host, args=(node,)) for node in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [ended(events).status for events in hosts.values()] == ["ok", "ok"], hosts
    lines = "".join(printed(events) for events in hosts.values()).splitlines()
    assert sorted(line for line in lines if line.startswith("rank")) == [
        "rank 0 of 2: 3",
        "rank 1 of 2: 3",
    ]


def test_a_killed_rank_restarts(tmp_path: Path) -> None:
    events = run(tmp_path, FRAGILE, ranks=Ranks(restarts=1))
    lines = printed(events).splitlines()
    assert {"rank 0 attempt 1", "rank 1 attempt 1"} <= set(lines)
    assert ended(events).status == "ok", events


def test_a_killed_rank_without_restarts_ends_the_run(tmp_path: Path) -> None:
    events = run(tmp_path, FRAGILE)
    assert ended(events).status == "failed"
    assert ended(events).why == "torchrun gave up: exit status 1"
    assert printed(events, "err") == "rank 1 killed by SIGKILL\nrank 0 ended by torchrun\n"
    assert "exitcode: -9) local_rank: 1" in printed(events, "launcher")
    assert "ChildFailedError" in printed(events, "launcher")


def test_what_torchrun_does_not_understand_is_told(tmp_path: Path) -> None:
    events = run(tmp_path, FRAGILE, ranks=Ranks(nodes="many", endpoint="localhost:0"))
    assert ended(events).status == "failed"
    assert "many" in printed(events, "err")


def test_several_nodes_need_an_endpoint(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="place to meet"):
        run(tmp_path, SUM, ranks=Ranks(nodes="2"))
