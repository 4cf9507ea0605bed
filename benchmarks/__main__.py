"""``python -m benchmarks [TOPIC ...] [--json] [OPTION N]``: print every figure beside its target.

``--times`` is how often a topic that repeats something at random does it, ``--minutes`` how long,
``--seed`` from which chance, ``--workers`` in how many processes at once, and ``--resume`` the file
in which a long run keeps what it has done, and from which it goes on.
"""

from __future__ import annotations

import argparse
import inspect
from importlib import import_module
from pathlib import Path

from benchmarks.figures import report

HELPERS = {"__init__", "__main__", "figures", "terminals"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("topics", nargs="*")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--times", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--resume", type=Path)
    asked = parser.parse_args()
    given = {name: value for name, value in vars(asked).items() if value is not None}
    topics = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    for topic in asked.topics or [topic for topic in topics if topic not in HELPERS]:
        measure = getattr(import_module(f"benchmarks.{topic}"), "measure", None)
        if measure is None:
            continue
        wanted = inspect.signature(measure).parameters
        report(
            measure(**{name: value for name, value in given.items() if name in wanted}),
            as_json=asked.json,
        )


if __name__ == "__main__":
    main()
