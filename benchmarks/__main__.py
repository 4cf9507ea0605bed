"""``python -m benchmarks [TOPIC ...] [--json] [OPTION N]``: print every figure beside its target.

``--times`` is how often a topic that repeats something at random does it, ``--minutes`` how long,
``--seed`` from which chance, ``--busy`` beside how many programs that do nothing but compute. What
follows one topic and is none is what to do it on: ``verifying --busy 6 --times 5 sd-drift``.
``--write`` keeps the figures in ``benchmarks/results/TOPIC.md`` too.
``--workers`` says in how many processes at once a long run does its work, and ``--resume`` in which
file it keeps what it has done, and goes on from there.
"""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from benchmarks.figures import Figure, as_page, report
from benchmarks.history import keep

HELPERS = {"__init__", "__main__", "figures", "history", "terminals"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("topics", nargs="*")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--times", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", action="store_true", help="append them to results/history.jsonl")
    parser.add_argument("--busy", type=int)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--resume", type=Path)
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
        named = {name: value for name, value in given.items() if name in wanted}
        try:
            report(noted(measure(**named), measured), as_json=asked.json)
        finally:
            if asked.keep:
                keep(topic, measured)
        if asked.write:
            named.pop("names", None)
            options = " ".join(f"--{name} {value}" for name, value in named.items())
            about = import_module(f"benchmarks.{topic}").__doc__ or ""
            page = Path(__file__).parent / "results" / f"{topic}.md"
            command = f"{topic} {options}".strip()
            page.write_text(as_page(command, about, measured), encoding="utf-8")


def noted(figures: Iterable[Figure], into: list[Figure]) -> Iterator[Figure]:
    """The same, one by one, each noted as it comes."""
    for figure in figures:
        into.append(figure)
        yield figure


if __name__ == "__main__":
    main()
