from __future__ import annotations

import subprocess
import sys

import pytest

from studytui.run import devices
from studytui.run.devices import Device, DeviceError, pick
from tests.run.conftest import Bench, printed


def test_the_processor_is_always_there_and_has_a_name() -> None:
    last = devices.found()[-1]
    assert last.name == "cpu"
    assert last.title
    assert pick("auto") == devices.found()[0]
    assert pick("cpu") == last


def test_a_device_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "found", lambda: (Device("cpu", "A processor"),))
    with pytest.raises(DeviceError, match="there is no cuda here") as told:
        pick("cuda")
    assert told.value.todo == "Choose auto or one of: cpu."


def test_a_card_needs_a_torch_that_was_built_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "nvidia_cards", lambda: ["NVIDIA H200"])
    for built, names in ((True, ["cuda", "cpu"]), (False, ["cpu"])):
        monkeypatch.setattr(devices, "torch_has_cuda", lambda built=built: built)
        devices.found.cache_clear()
        assert [device.name for device in devices.found() if device.name != "mps"] == names
    monkeypatch.undo()
    devices.found.cache_clear()


def test_what_the_files_say_is_what_torch_says() -> None:
    import torch

    assert devices.torch_has_cuda() == (torch.version.cuda is not None)


def test_looking_for_devices_does_not_load_torch() -> None:
    program = "import sys; from studytui.run import devices; devices.found(); print(*sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "torch" not in answer.stdout.split()


def test_without_a_parameter_a_snippet_asks_its_environment(bench: Bench) -> None:
    events = bench.run(
        """
        import os, torch
        def main(n: int = 1):
            print(os.environ["STUDYTUI_DEVICE"], torch.cuda.is_available())
        """,
        device="cpu",
    )
    assert printed(events) == "cpu False\n"
