"""``python -m benchmarks [TOPIC ...] [--json] [OPTION N]``: print every figure beside its target.

``--times`` is how often a topic that repeats something at random does it, ``--minutes`` how long,
``--seed`` from which chance.
"""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.figures import Figure, report
from benchmarks.history import keep

HELPERS = {"__init__", "__main__", "figures", "history", "terminals"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("topics", nargs="*")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--times", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true", help="append them to results/history.jsonl")
    asked = parser.parse_args()
    given = {name: value for name, value in vars(asked).items() if value is not None}
    topics = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    for topic in asked.topics or [topic for topic in topics if topic not in HELPERS]:
        measure = getattr(import_module(f"benchmarks.{topic}"), "measure", None)
        if measure is None:
            continue
        wanted = inspect.signature(measure).parameters
        measured: list[Figure] = []
        figures = measure(**{name: value for name, value in given.items() if name in wanted})
        try:
            report(noted(figures, measured), as_json=asked.json)
        finally:
            if asked.keep:
                keep(topic, measured)


def noted(figures: Iterable[Figure], into: list[Figure]) -> Iterator[Figure]:
    """The same, one by one, each noted as it comes."""
    for figure in figures:
        into.append(figure)
        yield figure


if __name__ == "__main__":
    main()
