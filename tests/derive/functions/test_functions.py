"""Every function is asked every question that its room answers, by numbers of its own."""

from __future__ import annotations

import cmath
import math
import re
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import mpmath
import pytest
import sympy

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.evaluator import evaluate
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.expr.nodes import Call, Matrix, Name, Node, Number, Relation, walk
from studytui.derive.expr.normal_form import shape
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.field import identical
from studytui.derive.functions import FUNCTIONS, Function, known_function, table
from studytui.derive.sympy_backend.build import Builder
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.syntax.formulas import applied, corners, definition, ladders, slope, zeros
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.syntax.print_latex import to_tex

AUTHORING = Path(__file__).resolve().parents[3] / "content" / "AUTHORING.md"
PLAIN = [item for item in FUNCTIONS.values() if not item.is_shorthand]
OF_NUMBERS = [
    item for item in PLAIN if not item.of_matrices and item.name not in ("indicator", "sg")
]
OF_ONE = [item for item in OF_NUMBERS if item.arity == (1, 1)]
GENERIC = ("-2.7182", "-0.6931", "0.3679", "0.8415", "1.6487", "3.1622")
SPECIAL = ("-2", "-1", "0", "0.5", "1", "2")
STEP = mpmath.mpf(10) ** -12


@pytest.fixture(autouse=True)
def fifty_digits() -> Iterator[None]:
    with mpmath.workdps(50):
        yield


def by_name(function: Function) -> str:
    return function.name


def called(function: Function, *arguments: Node) -> Call:
    count = max(len(function.names), 2 if function.many else 1)
    return Call(function.name, arguments or tuple(Name(f"x_{place}") for place in range(count)))


def declared(call: Call) -> dict[str, str]:
    return {part.name: "real" for part in walk(call) if isinstance(part, Name)}


def precise(node: Node, values: dict[str, Any]) -> Any:
    return PreciseEvaluation(values).value(node)


def at(function: Function, *values: Any) -> Any:
    """The value at numbers, of those arguments that must be given."""
    names = [f"x_{place}" for place in range(len(values))]
    call = Call(function.name, tuple(map(Name, names)))
    return precise(call, dict(zip(names, map(mpmath.mpmathify, values), strict=True)))


def points(function: Function, *, of: tuple[str, ...] = GENERIC) -> Iterator[tuple[Any, ...]]:
    """Real arguments at which the function has a value."""
    count = max(len(function.names), 2 if function.many else 1)
    for texts in product(of, repeat=count):
        values = tuple(map(mpmath.mpmathify, texts))
        try:
            at(function, *values)
        except UndefinedValueError:
            continue
        yield values


@pytest.mark.parametrize("function", PLAIN, ids=by_name)
def test_it_is_read_by_all_its_names_and_back_from_all_that_is_written(function: Function) -> None:
    call = called(function)
    names = declared(call)
    if function.name == "indicator":
        call = Call("indicator", (Relation((Name("x_0"), Number(0)), (">",)),))
    if function.of_matrices:
        names = dict.fromkeys(names, "integer" if function.name == "identity" else "matrix 2x2")
    symbols = declare(names)
    assert parse(to_text(call), symbols) == call
    body = definition(call) if function.of_matrices else None
    assert shape(parse(to_tex(call), symbols, "latex")) == shape(body or call)
    for spelling in function.spellings:
        text = re.sub(r"^\w+(?=\()", spelling, to_text(call))
        assert known_function(spelling) == function.name
        assert parse(text, symbols) == call


@pytest.mark.parametrize("function", PLAIN, ids=by_name)
def test_a_wrong_number_of_arguments_is_told(function: Function) -> None:
    least, most = function.arity
    for count in (least - 1, most + 1):
        text = f"{function.name}({', '.join('x' * count)})"
        with pytest.raises(ExpressionError, match=r"argument|expect"):
            parse(text, {"x": "real"})


@pytest.mark.parametrize("function", OF_NUMBERS, ids=by_name)
def test_its_values_are_the_same_by_floats_by_mpmath_and_by_sympy(function: Function) -> None:
    call, seen = called(function), 0
    builder = Builder(declare(declared(call)))
    built = builder.build(call)
    for values in points(function):
        exact = at(function, *values)
        by = {f"x_{place}": value for place, value in enumerate(values)}
        symbols = {builder.symbol(name): sympy.Rational(str(value)) for name, value in by.items()}
        theirs = complex(sympy.N(built.subs(symbols), 30))
        assert cmath.isclose(theirs, complex(exact), rel_tol=1e-9, abs_tol=1e-12), values
        seen += 1
        if mpmath.im(exact) or (function.number is None and not function.definition):
            continue
        try:
            ours = evaluate(call, {name: float(value) for name, value in by.items()})
        except UndefinedValueError:
            continue  # a complex number on the way
        assert math.isclose(ours, float(exact), rel_tol=1e-9, abs_tol=1e-12), values
    assert seen >= 2


@pytest.mark.parametrize("function", [item for item in OF_NUMBERS if item.definition], ids=by_name)
def test_it_is_its_definition_in_the_field_and_in_numbers(function: Function) -> None:
    call = called(function)
    body = definition(call)
    assert body is not None
    assert identical(call, body, declare(declared(call)))
    for values in points(function):
        by = {f"x_{place}": value for place, value in enumerate(values)}
        assert mpmath.almosteq(precise(body, by), precise(call, by), 1e-30)


@pytest.mark.parametrize("function", [item for item in OF_ONE if item.derivative], ids=by_name)
def test_its_derivative_is_that_of_its_values(function: Function) -> None:
    call = called(function)
    inner = slope(call)
    assert inner is not None
    seen = 0
    for (value,) in points(function):
        difference = mpmath.diff(lambda place: at(function, place), value)
        assert mpmath.almosteq(precise(inner, {"x_0": value}), difference, 1e-15), value
        seen += 1
    assert seen >= 2


@pytest.mark.parametrize("function", OF_NUMBERS, ids=by_name)
def test_it_has_no_value_just_where_its_room_says(function: Function) -> None:
    """Where something is zero that must not be, or a rung is met, there is no value; and where
    there is none, or one beyond all bounds, that is why."""
    call = called(function, *map(Name, [f"x_{place}" for place in range(function.arity[0])]))
    call = call if not function.many else called(function)
    if function.undefined is None:
        assert function.definition, "nobody says where it has a value"
        return
    found = 0
    for values in product(map(mpmath.mpf, ("-2", "-1", "0", "0.5", "1", "2", str(mpmath.pi / 2))),
                          repeat=len(call.arguments)):  # fmt: skip
        by = {f"x_{place}": value for place, value in enumerate(values)}
        told = any(abs(precise(item, by)) < 1e-12 for item in zeros(call))
        for argument, first in ladders(call):
            rung = precise(argument, by)
            told = told or (mpmath.isint(rung) and rung <= first)
        whole = function.undefined.unless_whole
        if whole and mpmath.isint(values[function.names.index(whole)]):
            told = False
        try:
            lacks = abs(at(function, *values)) > 1e12
        except UndefinedValueError:
            lacks = True
        assert lacks == told or (told and len(function.undefined.ladders) > 1), values
        found += told
    assert bool(found) == (not function.is_total)


@pytest.mark.parametrize("function", OF_NUMBERS, ids=by_name)
def test_its_values_are_real_positive_whole_or_rise_as_its_room_says(function: Function) -> None:
    everywhere = [*points(function), *points(function, of=SPECIAL)]
    for values in everywhere:
        value = at(function, *values)
        if function.real == "always" or (function.real and min(values) > 0):
            assert mpmath.im(value) == 0, values
        if function.is_positive:
            assert value > 0
        if function.is_whole:
            assert mpmath.isint(value)
        if function.never_zero:
            assert value != 0
    if function.never_zero:
        assert all(at(function, mpmath.mpc(a, b)) != 0 for a, b in product((-1.3, 0.7), repeat=2))
    if function.is_monotone:
        pairs = sorted((values[0], at(function, *values[:1])) for values in everywhere)
        real = [value for _, value in dict(pairs).items() if mpmath.im(value) == 0]
        assert len(real) >= 2
        assert all(first < second for first, second in pairwise(real))


def _slopes(function: Function, value: Any) -> tuple[Any, Any] | None:
    """Below and above; None where there is no real value on both sides."""
    try:
        below, here, above = (at(function, value + step) for step in (-STEP, 0, STEP))
    except UndefinedValueError:
        return None
    if any(mpmath.im(item) for item in (below, here, above)):
        return None
    return (here - below) / STEP, (above - here) / STEP


@pytest.mark.parametrize("function", OF_ONE, ids=by_name)
def test_it_is_smooth_but_at_the_corners_of_its_room_where_its_case_changes(
    function: Function,
) -> None:
    for (value,) in [*points(function), *points(function, of=SPECIAL)]:
        found = _slopes(function, value)
        if found is None:
            continue
        below, above = found
        is_rough = abs(above - below) > 1e-6 * max(1, abs(below))
        at_corner = any(
            abs(precise(item, {"x_0": value})) < 1e-20 for item in corners(called(function))
        )
        if function.corners is not None and not function.corners_between:
            assert not is_rough or at_corner, value
        if is_rough and function.case is not None:
            sides = {function.case(mpmath, value + step) for step in (-STEP, STEP)}
            assert len(sides) == 2, value
        assert function.goes_by_cases or not is_rough or function.corners == ("x",)


@pytest.mark.parametrize(
    "function", [item for item in OF_NUMBERS if item.corners_between], ids=by_name
)
def test_where_two_arguments_change_places_the_case_changes(function: Function) -> None:
    assert function.case is not None
    one = mpmath.mpf(1)
    assert function.case(mpmath, one, one) != function.case(mpmath, one, one + STEP)


@pytest.mark.parametrize("function", [item for item in OF_ONE if item.cuts], ids=by_name)
def test_no_value_is_taken_beside_a_branch_cut(function: Function) -> None:
    """Two values on both sides of an axis that are far apart are refused, or lie on a cut."""
    assert function.cuts is not None
    if function.of_reals:
        return
    tiny = mpmath.mpf(10) ** -60
    for size, (axis, across) in product((-2.3, -0.4, 0.4, 2.3), ((1, 1j), (1j, 1))):
        sides = [mpmath.mpc(size * axis) + sign * tiny * across for sign in (-1, 1)]
        with mpmath.workdps(80):
            try:
                values = [getattr(mpmath, str(function.precise))(side) for side in sides]
            except (AttributeError, TypeError, ValueError):
                return
        if abs(values[0] - values[1]) > 1e-6:
            with pytest.raises(UndefinedValueError):
                at(function, sides[0])


@pytest.mark.parametrize(
    "function", [item for item in OF_ONE if item.is_analytic and item.is_total], ids=by_name
)
def test_how_near_it_comes_to_a_limit_is_known(function: Function) -> None:
    """What is nearly constant far out needs more digits, and is no place for a slope of zero."""
    for sign in (-1, 1):
        with mpmath.workdps(400):
            near, far = (
                PreciseEvaluation({"x_0": mpmath.mpf(size * sign)}).value(called(function))
                for size in (25, 30)
            )
            apart = abs(far - near) / (max(abs(far), abs(near)) or 1)
        if apart and apart < 1e-6:
            assert not function.is_never_flat
            assert function.saturation is not None
            assert function.saturation(25.0) >= -mpmath.log10(apart) * 0.95


@pytest.mark.parametrize("function", OF_NUMBERS, ids=by_name)
def test_what_is_too_large_or_beside_a_jump_is_refused(function: Function) -> None:
    count = len(called(function).arguments)
    if math.isfinite(function.largest):
        with pytest.raises(UndefinedValueError, match="too large"):
            at(function, *[function.largest * 2] * count)
    if function.jump is not None:
        with pytest.raises(UndefinedValueError, match="jump"):
            at(function, *[mpmath.mpf(10) ** -45, 0][:count])


@pytest.mark.parametrize(
    "function", [item for item in FUNCTIONS.values() if item.is_shorthand], ids=by_name
)
def test_a_shorthand_is_read_as_what_it_stands_for(function: Function) -> None:
    arguments = tuple(map(Name, function.names))
    names = dict.fromkeys(function.names, "positive")
    read = parse(f"{function.name}({', '.join(function.names)})", names)
    assert read == applied(function.definition, function, arguments)
    assert function.name not in {part.function for part in walk(read) if isinstance(part, Call)}


def _table() -> Matrix:
    return Matrix(((Number(2), Number(1)), (Number(1), Number(3))))


MATRIX_VALUES = {
    "det": "5", "trace": "5", "inverse": "[[3/5, -1/5], [-1/5, 2/5]]", "norm": "sqrt(15)",
    "dot": "15", "identity": "[[1, 0], [0, 1]]",
    "diag": "[[2, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 3]]",
}  # fmt: skip


@pytest.mark.parametrize("function", [item for item in PLAIN if item.of_matrices], ids=by_name)
def test_of_matrices_the_values_are_those_of_sympy(function: Function) -> None:
    table_ = Number(2) if function.name == "identity" else _table()
    call = Call(function.name, (table_,) * len(function.names))
    symbols = declare({})
    built = Builder(symbols).build(call)
    wanted = Builder(symbols).build(parse(MATRIX_VALUES[function.name], symbols))
    assert sympy.simplify(built - wanted) in (0, sympy.zeros(*getattr(built, "shape", (1, 1))))
    ours = precise(call, {})
    flat = [item for row in ours for item in row] if isinstance(ours, tuple) else [ours]
    theirs = list(built) if isinstance(built, sympy.MatrixBase) else [built]
    assert list(map(float, flat)) == pytest.approx(list(map(float, theirs)))


def test_authors_are_shown_every_function() -> None:
    """The table in AUTHORING.md is printed by ``studytui.derive.functions.table``."""
    assert table() in AUTHORING.read_text(encoding="utf-8")


def test_what_has_no_value_in_numbers_is_told_as_that() -> None:
    for text in ("sg(x)", "diff(sg(x)*x, x)"):
        with pytest.raises(UndefinedValueError):
            precise(parse(text), {"x": mpmath.mpf(2)})
    with pytest.raises(UndefinedValueError):
        evaluate(parse("digamma(x)"), {"x": 2.0})


def test_nothing_of_an_unknown_function_is_taken_for_harmless() -> None:
    unknown = Function(name="unknown")
    assert not unknown.is_total
    assert not unknown.is_analytic
    assert not unknown.is_never_flat
    assert unknown.goes_by_cases
    assert (unknown.real, unknown.cuts, unknown.corners) == (None, None, None)
    assert not (unknown.is_monotone or unknown.is_positive or unknown.never_zero)
