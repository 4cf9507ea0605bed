"""Functions of vectors and matrices, over any arithmetic."""

from __future__ import annotations

from typing import Any

from studytui.derive.evaluate import tables
from studytui.derive.evaluate.arithmetic import Arithmetic, UndefinedValueError
from studytui.derive.functions import FUNCTIONS


def matrix_value(function: str, values: list[Any], arithmetic: Arithmetic) -> Any:
    """What a function of matrices is, of numbers of any kind.

    :raises UndefinedValueError: it has no value.
    """
    one, zero = (arithmetic.rational(number) for number in (1, 0))
    if function == "identity":
        size = arithmetic.whole(tables.scalar(values[0]))
        if not 1 <= size <= 8:
            raise UndefinedValueError("an identity matrix of that size")
        return tables.identity(size, one, zero)
    table = values[0] if tables.is_table(values[0]) else ((values[0],),)
    if function == "det":
        return tables.determinant(table)
    if function == "inverse":
        return tables.inverse(table)
    if function == "trace":
        return sum((table[place][place] for place in range(len(table))), zero)
    if function == "diag":
        entries = [item for row in table for item in row]
        return tuple(
            tuple(item if place == column else zero for column in range(len(entries)))
            for place, item in enumerate(entries)
        )
    other = values[1] if function == "dot" else table
    pairs = zip(
        (item for row in table for item in row),
        (item for row in other for item in row),
        strict=True,
    )
    total = sum((a * b for a, b in pairs), zero)
    return total if function == "dot" else arithmetic.call(FUNCTIONS["sqrt"], [total])
