"""What the warm server does when something is missing or broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studytui.run.events import Failed
from studytui.run.runner import Runner
from tests.patience import wait_until
from tests.run.conftest import Bench, ended, printed


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    """A bench whose Python finds other modules than those that are installed."""
    runner = Runner(tmp_path / "outputs")

    def make(name: str, source: str) -> Bench:
        folder = tmp_path / "modules"
        folder.mkdir()
        (folder / f"{name}.py").write_text(source)
        monkeypatch.setenv("PYTHONPATH", str(folder))
        return Bench(runner, tmp_path)

    yield make
    runner.close()


def wait_for(runner: Runner, *names: str) -> None:
    wait_until(lambda: runner.state.name in names, lambda: runner.state)


NO_TORCH = "raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')"


def test_without_torch_only_the_snippets_that_need_it_fail(broken: Callable[..., Bench]) -> None:
    bench = broken("torch", NO_TORCH)
    bench.runner.warm()
    wait_for(bench.runner, "warm")
    assert "torch" in dict(bench.runner.state.missing)
    assert printed(bench.run("def main(n: int = 1): print(n)")) == "1\n"
    events = bench.run("import torch\ndef main(n: int = 1): print(n)")
    failed = next(event for event in events if isinstance(event, Failed))
    assert "this snippet needs the package torch, which is not installed" in failed.message
    assert ended(events).status == "failed"


def test_a_server_that_cannot_live_is_given_up_and_runs_go_on(
    broken: Callable[..., Bench],
) -> None:
    bench = broken(
        "numpy", "import os, sys; print('numpy is broken', file=sys.stderr); os._exit(3)"
    )
    bench.runner.warm()
    wait_for(bench.runner, "given up")
    assert "exit status 3: numpy is broken" in bench.runner.state.note
    events = bench.run("def main(n: int = 1): print(n)")
    assert printed(events) == "1\n"
    assert "snippets start without it" in printed(events, "note")
    assert ended(events).status == "ok"


def test_what_a_server_imports_besides_is_there_and_what_is_not_is_no_loss(
    tmp_path: Path,
) -> None:
    runner = Runner(tmp_path / "outputs", also=("wave", "no_such_module"))
    source = "import sys\ndef main(n: int = 1): print('wave' in sys.modules)"
    try:
        assert printed(Bench(runner, tmp_path).run(source)) == "True\n"
        assert "no_such_module" not in dict(runner.state.missing)
    finally:
        runner.close()


def test_a_closed_runner_does_not_start_again(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "outputs")
    runner.warm()
    runner.close()
    runner.close()
    runner.warm()
    assert runner.server_pid == 0
    assert printed(Bench(runner, tmp_path).run("def main(n: int = 1): print(n)")) == "1\n"
