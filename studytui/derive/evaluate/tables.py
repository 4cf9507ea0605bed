"""Small matrices of numbers as tuples of rows, for any arithmetic."""

from __future__ import annotations

from typing import Any

from studytui.derive.evaluate.arithmetic import UndefinedValueError

Table = tuple[tuple[Any, ...], ...]


def is_table(value: object) -> bool:
    """Whether a value is a matrix."""
    return isinstance(value, tuple)


def _same_shape(left: Table, right: Table) -> None:
    if len(left) != len(right) or len(left[0]) != len(right[0]):
        raise UndefinedValueError("the shapes of two matrices do not fit")


def add(left: Any, right: Any) -> Any:
    """A sum of two numbers or of two matrices."""
    if not (isinstance(left, tuple) or isinstance(right, tuple)):
        return left + right
    if not (is_table(left) and is_table(right)):
        return scalar(left) + scalar(right)
    _same_shape(left, right)
    return tuple(
        tuple(a + b for a, b in zip(first, second, strict=True))
        for first, second in zip(left, right, strict=True)
    )


def multiply(left: Any, right: Any) -> Any:
    """A product; a matrix of one element counts as a number where shapes would not fit."""
    if not (isinstance(left, tuple) or isinstance(right, tuple)):
        return left * right
    if is_table(left) and is_table(right):
        if len(left[0]) == len(right):
            return tuple(
                tuple(
                    sum(a * b for a, b in zip(row, column, strict=True))
                    for column in zip(*right, strict=True)
                )
                for row in left
            )
        if len(left) == len(left[0]) == 1:
            return multiply(left[0][0], right)
        if len(right) == len(right[0]) == 1:
            return multiply(left, right[0][0])
        raise UndefinedValueError("the shapes of two matrices do not fit")
    if is_table(left):
        return tuple(tuple(item * right for item in row) for row in left)
    return tuple(tuple(left * item for item in row) for row in right)


def transpose(value: Any) -> Any:
    """Rows become columns; a number stays."""
    return tuple(zip(*value, strict=True)) if is_table(value) else value


def determinant(table: Table) -> Any:
    """By expansion along the first row: the matrices are small."""
    if len(table) != len(table[0]):
        raise UndefinedValueError("the determinant of a matrix that is not square")
    if len(table) == 1:
        return table[0][0]
    total = 0
    for column, item in enumerate(table[0]):
        minor = tuple(row[:column] + row[column + 1 :] for row in table[1:])
        total += (-1) ** column * item * determinant(minor)
    return total


def inverse(table: Table) -> Table:
    """By cofactors; raises where the determinant is zero."""
    whole = determinant(table)
    if whole == 0:
        raise UndefinedValueError("the inverse of a singular matrix")
    size = len(table)
    if size == 1:
        return ((1 / whole,),)
    return tuple(
        tuple(
            (-1) ** (row + column) * determinant(_minor(table, column, row)) / whole
            for column in range(size)
        )
        for row in range(size)
    )


def _minor(table: Table, row: int, column: int) -> Table:
    return tuple(
        line[:column] + line[column + 1 :] for place, line in enumerate(table) if place != row
    )


def identity(size: int, one: Any, zero: Any) -> Table:
    """The unit matrix."""
    return tuple(
        tuple(one if row == column else zero for column in range(size)) for row in range(size)
    )


def scalar(value: Any) -> Any:
    """The number that a matrix of one element is."""
    if is_table(value):
        if len(value) == len(value[0]) == 1:
            return value[0][0]
        raise UndefinedValueError("a matrix where a number is needed")
    return value
