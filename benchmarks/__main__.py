"""``python -m benchmarks [TOPIC ...] [--json]``: print every figure beside its target."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from benchmarks.figures import report

HELPERS = {"__init__", "__main__", "figures", "terminals"}


def main() -> None:
    names = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    topics = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    for topic in names or [topic for topic in topics if topic not in HELPERS]:
        module = import_module(f"benchmarks.{topic}")
        if hasattr(module, "measure"):
            report(module.measure(), as_json="--json" in sys.argv)


if __name__ == "__main__":
    main()
