"""Figures kept over time, and two runs side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.figures import at_least, at_most
from benchmarks.history import compared, here, keep, kept, this_commit


def test_what_is_kept_is_read_back_with_commit_and_machine(tmp_path: Path) -> None:
    path = tmp_path / "results" / "history.jsonl"
    keep("maths", [at_most("a formula", 0.2, "ms", 1)], path)
    keep("maths", [at_most("a formula", 0.3, "ms", 1)], path)
    first, second = kept(path)
    assert (first.figure.value, second.figure.value) == (0.2, 0.3)
    assert (first.commit, first.machine, first.topic) == (this_commit(), here(), "maths")


def test_two_runs_stand_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    keep("maths", [at_most("a formula", 0.2, "ms", 1), at_least("gone", 2, "x", 1)], path)
    keep("maths", [at_most("a formula", 1.5, "ms", 1), at_least("fresh", 3, "x", 1)], path)
    lines = list(kept(path))
    assert list(compared(lines[:2], lines[2:])) == [
        "a formula: 0.2 -> 1.5 ms (+650%)  MISS",
        "gone: only before, 2 x",
        "fresh: new, 3 x",
    ]
    elsewhere = [replace(each, machine="another") for each in lines[2:]]
    assert next(iter(compared(lines[:2], elsewhere))).startswith("two machines")
