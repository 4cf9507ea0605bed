"""``python -m benchmarks [TOPIC ...] [--json] [OPTION N]``: print every figure beside its target.

``--times`` is how often a topic that repeats something at random does it, ``--minutes`` how long,
``--seed`` from which chance, ``--busy`` beside how many programs that do nothing but compute. What
follows one topic and is none is what to do it on: ``verifying --busy 6 --times 5 sd-drift``.
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
    parser.add_argument("--busy", type=int)
    asked = parser.parse_intermixed_args()
    given = {name: value for name, value in vars(asked).items() if value is not None}
    stems = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    topics = [topic for topic in asked.topics if topic in stems]
    given["names"] = tuple(name for name in asked.topics if name not in stems)
    if given["names"] and len(topics) != 1:
        parser.error(f"{' '.join(given['names'])}: no topic, and not for one topic alone")
    for topic in topics or [stem for stem in stems if stem not in HELPERS]:
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
