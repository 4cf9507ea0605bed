"""What a snippet can run on, found without importing torch and without blocking.

A snippet gets its device by its parameter ``device``, if it has one, and by the variable
``STUDYTUI_DEVICE``; where the device is not ``cuda``, CUDA's devices are hidden from it.
"""

from __future__ import annotations

import importlib.util
import platform
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from studytui.errors import StudyError

AUTO = "auto"
NAMES = ("cuda", "mps", "cpu")
"""From the best to the one that is always there."""


class DeviceError(StudyError):
    """A device that this machine does not have."""


@dataclass(frozen=True, slots=True)
class Device:
    """``name`` is torch's (cuda, mps, cpu), ``title`` the maker's."""

    name: str
    title: str


@cache
def found() -> tuple[Device, ...]:
    """The devices of this machine that the installed torch can use, the best one first."""
    devices = []
    if (cards := nvidia_cards()) and torch_has_cuda():
        count = f"{len(cards)} x " if len(cards) > 1 else ""
        devices.append(Device("cuda", count + cards[0]))
    if sys.platform == "darwin" and platform.machine() == "arm64":
        devices.append(Device("mps", "Apple GPU"))
    return (*devices, Device("cpu", _processor()))


def pick(name: str) -> Device:
    """The device of that name; the best for ``auto``. Raises :class:`DeviceError`."""
    devices = found()
    if name == AUTO:
        return devices[0]
    for device in devices:
        if device.name == name:
            return device
    here = ", ".join(device.name for device in devices)
    what = f"there is no {name} here" if name in NAMES else f"{name!r} is no device"
    raise DeviceError(what, todo=f"Choose auto or one of: {here}.")


def nvidia_cards() -> list[str]:
    """The names of the cards, as the driver's files tell them."""
    cards = []
    for path in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information")):
        try:
            match = re.search(r"^Model:\s*(.+)$", path.read_text(errors="replace"), re.MULTILINE)
        except OSError:
            continue
        cards.append(match[1].strip() if match else "NVIDIA GPU")
    if not cards and sorted(Path("/dev").glob("nvidia[0-9]*")):
        cards.append("NVIDIA GPU")
    if not cards and Path("/dev/dxg").exists():  # Windows' subsystem for Linux
        cards.append("NVIDIA GPU")
    return cards


def torch_has_cuda() -> bool:
    """Whether the installed torch was built for CUDA: read from its version file."""
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return False
    try:
        text = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
    except OSError:
        return False
    return re.search(r"^cuda[^=]*=\s*['\"]", text, re.MULTILINE) is not None


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(errors="replace")
    except OSError:
        return platform.processor() or platform.machine() or "CPU"
    match = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return match[1].strip() if match else platform.machine()
