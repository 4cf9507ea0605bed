"""Derivatives as numbers, where the body is seen to be smooth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath

from studytui.derive.evaluate import tables
from studytui.derive.evaluate.analysis import Analysis
from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.cases import UNKNOWN
from studytui.derive.evaluate.leibniz import derived, has_moving_bounds
from studytui.derive.expr.nodes import Derivative, Index, Name, Node, free_names, walk
from studytui.derive.syntax.formulas import known


def derivative(evaluation: Analysis, node: Derivative) -> Any:
    """By differences at a raised precision: good to half of the digits it was raised by.

    :raises UndefinedValueError: the body is not seen to be smooth there.
    """
    if isinstance(node.variable, Index):
        function, point, is_read = _element(evaluation, node)
        function(point)
        if not is_read():
            return mpmath.mpf(0)
    else:
        assert isinstance(node.variable, Name)
        if node.variable.name not in free_names(node.body):
            evaluation.value(node.body)
            return mpmath.mpf(0)
        point = evaluation.number(node.variable)
        if has_moving_bounds(node.body, node.variable.name):
            return _by_leibniz(evaluation, node)
        function = evaluation.function(node.variable.name, node.body)
    result = _differences(evaluation, function, point, node.order)
    if result == 0 and any(_may_be_flat(part) for part in walk(node.body)):
        raise UndefinedValueError("a derivative of something too flat to tell")
    return result


def _differences(
    evaluation: Analysis, function: Callable[[Any], Any], point: Any, order: int
) -> Any:
    """The derivative where the same cases hold on both sides, and two steps agree on it."""
    digits = mpmath.mp.dps
    was, evaluation.error = evaluation.error, 0.0
    cases, evaluation.cases = evaluation.cases, {}
    near, rough, met = evaluation.arithmetic.near, 0.0, evaluation.cases
    try:
        with mpmath.workdps(digits * 2 + 10 * order):
            evaluation.arithmetic.smooth = True
            evaluation.arithmetic.near = mpmath.mpf(10) ** -digits
            size = mpmath.mag(point) if abs(point) > 1 else 0
            steps = (mpmath.ldexp(1, size - mpmath.mp.prec - more) for more in (10, 17))
            results = [mpmath.diff(function, point, order, h=step) for step in steps]
        rough = evaluation.error
    finally:
        evaluation.arithmetic.near, evaluation.arithmetic.smooth = near, False
        evaluation.error, evaluation.cases = was, cases
    if rough:
        raise UndefinedValueError("a derivative of something computed roughly")
    if any(len(sides) > 1 or UNKNOWN in sides for sides in met.values()):
        raise UndefinedValueError("a derivative where the case changes")
    for node, sides in met.items():
        evaluation.cases.setdefault(node, set()).update(sides)
    first, second = results
    least = mpmath.mpf(10) ** -digits
    if abs(first - second) > mpmath.mpf(10) ** -(digits * 2 // 3) * max(least, abs(second)):
        raise UndefinedValueError("a derivative of which no digit is sure")
    return +second


def _element(
    evaluation: Analysis, node: Derivative
) -> tuple[Callable[[Any], Any], Any, Callable[[], bool]]:
    """The body as a function of one element of a sequence or matrix, the element, and whether
    the body has read it."""
    index = node.variable
    assert isinstance(index, Index)
    places = tuple(evaluation.arithmetic.whole(evaluation.number(item)) for item in index.indices)
    point = evaluation.value(index)
    base = evaluation.values[index.base]
    read: list[bool] = [not callable(base)]

    def function(value: Any) -> Any:
        evaluation.values[index.base] = _replaced(base, places, value, read)
        try:
            return tables.scalar(evaluation.value(node.body))
        finally:
            evaluation.values[index.base] = base

    return function, point, lambda: any(read)


def _by_leibniz(evaluation: Analysis, node: Derivative) -> Any:
    assert isinstance(node.variable, Name)
    body: Node | None = node.body
    for _ in range(node.order):
        body = body and derived(body, node.variable.name)
    if body is None:
        raise UndefinedValueError("a derivative of an integral that cannot be taken")
    return evaluation.value(body)


def _may_be_flat(part: Node) -> bool:
    """Whether a slope may be too small, far out, to be told from none."""
    function = known(part)
    return function is not None and not function.is_never_flat


def _replaced(base: Any, places: tuple[int, ...], value: Any, read: list[bool]) -> Any:
    """A sequence or a matrix with one element changed; of a sequence it is noted if it is read."""
    if callable(base):

        def element(*asked: int) -> Any:
            if asked != places:
                return base(*asked)
            read.append(True)
            return value

        return element
    row, column = places if len(places) == 2 else (places[0], 1)
    return tuple(
        tuple(value if (r, c) == (row, column) else item for c, item in enumerate(line, start=1))
        for r, line in enumerate(base, start=1)
    )
