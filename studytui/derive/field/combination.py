"""Whether one polynomial is a combination of others with coefficients that are not negative.

The coefficients are found, exactly, by the simplex method over the rationals (phase one, Bland's
rule, which never cycles). A yes is a certificate: the combination adds up, term by term.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

MOST_CELLS = 400_000
"""Entries of tables that are looked at before it is given up."""

Column = Mapping[Any, int]
"""What one unit of an unknown adds to each row."""


def is_combination(target: Column, columns: Sequence[Column]) -> bool:
    """Whether ``target = c_1 columns_1 + c_2 columns_2 + ...`` for some numbers ``c_k >= 0``."""
    names = list(dict.fromkeys(row for column in (target, *columns) for row in column))
    reached = {row for column in columns for row, value in column.items() if value}
    if any(value and row not in reached for row, value in target.items()):
        return False
    rows: list[dict[int, Fraction]] = []
    right: list[Fraction] = []
    for name in names:
        wanted = Fraction(target.get(name, 0))
        sign = -1 if wanted < 0 else 1
        rows.append(
            {
                place: Fraction(sign * column[name])
                for place, column in enumerate(columns)
                if column.get(name)
            }
        )
        right.append(wanted * sign)
    return _reaches(rows, right)


def _reaches(rows: list[dict[int, Fraction]], right: list[Fraction]) -> bool:
    """Whether artificial unknowns, one for each row, can all be brought down to zero."""
    basis: list[int | None] = [None] * len(rows)
    cells = 0
    while any(value for value, held in zip(right, basis, strict=True) if held is None):
        gains: dict[int, Fraction] = {}
        for row, held in zip(rows, basis, strict=True):
            if held is None:
                for place, value in row.items():
                    gains[place] = gains.get(place, Fraction(0)) + value
        entering = min((place for place, gain in gains.items() if gain > 0), default=None)
        if entering is None:
            return False
        ratios = [
            (right[number] / row[entering], -1 if basis[number] is None else basis[number], number)
            for number, row in enumerate(rows)
            if row.get(entering, 0) > 0
        ]
        leaving = min(ratios)[2]
        cells += _pivot(rows, right, leaving, entering)
        basis[leaving] = entering
        if cells > MOST_CELLS:
            return False
    return True


def _pivot(
    rows: list[dict[int, Fraction]], right: list[Fraction], leaving: int, entering: int
) -> int:
    """Solve one row for an unknown and put it into the others; how many entries were touched."""
    scale = rows[leaving][entering]
    pivot = {place: value / scale for place, value in rows[leaving].items()}
    rows[leaving], right[leaving] = pivot, right[leaving] / scale
    touched = len(pivot)
    for number, row in enumerate(rows):
        factor = row.get(entering)
        if number == leaving or not factor:
            continue
        touched += len(pivot)
        right[number] -= factor * right[leaving]
        for place, value in pivot.items():
            left = row.get(place, 0) - factor * value
            if left:
                row[place] = left
            else:
                row.pop(place, None)
    return touched
