"""Whether two equations or inequalities say the same: one is the other times something not zero."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.effort import Effort
from studytui.derive.evaluate.high_precision import shown
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.evaluate.sampling import Point, points
from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.field.matrix_equations import same_tables
from studytui.derive.sympy_backend import proof
from studytui.derive.sympy_backend.build import Builder
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verdict import Counterexample, Judgement, Verdict
from studytui.derive.verify import conditions, numeric_check, special_numbers
from studytui.derive.verify.compare import compared
from studytui.derive.verify.comparison import NO_VALUES, Report
from studytui.derive.verify.one_to_one import taken_off
from studytui.derive.verify.same_solutions import (
    never_infinite,
    proportional,
    same_exponentials,
    same_roots,
    same_squares,
)
from studytui.derive.verify.shared_points import DIGITS, needed
from studytui.derive.verify.swamped import MANY_DIGITS, is_swamped
from studytui.derive.verify.undefined_points import Condition

_ZERO = nodes.Number(0)


def equivalent(
    left: nodes.Relation | nodes.Logic,
    right: nodes.Relation | nodes.Logic,
    symbols: Symbols,
    report: Report,
) -> Judgement:
    """Whether two statements hold for the same values."""
    first, second = _equation(left, symbols), _equation(right, symbols)
    if first is not None and second is not None:
        return _same_equation(first, second, symbols, report)
    if _has_less(left, right, symbols) and _same_inequality(left, right, symbols):
        # Numbers see no difference between tanh(20) and tanh(30).
        return Judgement(Verdict.PROVED, "one is a positive multiple of the other")
    refuted = _truths_differ(left, right, symbols)
    if refuted is not None:
        return Judgement(Verdict.REFUTED, _told(refuted), refuted)
    pair = _same_inequality(left, right, symbols)
    if pair:
        return Judgement(Verdict.PROVED, "one is a positive multiple of the other")
    truths = [first for _, first, _ in _truth_pairs(left, right, symbols)]
    count = len(truths)
    if not count:
        return Judgement(Verdict.UNDECIDED, NO_VALUES)
    if len(set(truths)) < 2:
        why = f"both are {str(truths[0]).lower()} at {count} points; where they change was not seen"
        return Judgement(Verdict.UNDECIDED, why, points=count)
    if _delicate(left, right):
        why = f"true and false together at {count} points, but perhaps not at the edges"
        return Judgement(Verdict.UNDECIDED, why, points=count)
    why = f"true and false together at {count} points; not proved"
    return Judgement(Verdict.AGREES, why, points=count, digits=DIGITS)


def _has_less(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> bool:
    """Whether something that rises stands on both sides of one of two inequalities."""
    return any(
        isinstance(side, nodes.Relation) and taken_off(side, symbols) != side
        for side in (left, right)
    )


def _delicate(left: nodes.Node, right: nodes.Node) -> bool:
    """Whether an edge counts on one side only, or lies at an irrational number."""
    parts = [part for side in (left, right) for part in nodes.walk(side)]
    strict = [
        {sign in ("<", ">", "!=") for part in nodes.walk(side) if isinstance(part, nodes.Relation)
         for sign in part.operators}
        for side in (left, right)
    ]  # fmt: skip
    if strict[0] != strict[1]:
        return True
    return any(
        part in (nodes.Constant("pi"), nodes.Constant("e"))
        or (isinstance(part, nodes.Call | nodes.Power) and not nodes.free_names(part))
        or (isinstance(part, nodes.Number) and part.denominator > 10**6)
        for part in parts
    )


def gap(relation: nodes.Relation) -> nodes.Node:
    """``left - right`` of a relation with two sides."""
    return nodes.Add((relation.operands[0], nodes.Negate(relation.operands[1])))


def _equation(statement: nodes.Node, symbols: Symbols) -> nodes.Node | None:
    """What an equation sets to zero; of alternatives their product.

    What rises strictly on both sides is taken off them.
    """
    if isinstance(statement, nodes.Relation) and statement.operators == ("=",):
        left, right = statement.operands
        if isinstance(left, nodes.Call) and isinstance(right, nodes.Call):
            both_exp = left.function == right.function == "exp"
            if both_exp and _is_real(statement, symbols):
                return nodes.Add((left.arguments[0], nodes.Negate(right.arguments[0])))
        return gap(taken_off(statement, symbols))
    if isinstance(statement, nodes.Logic) and statement.kind == "or":
        parts = [_equation(part, symbols) for part in statement.operands]
        if all(part is not None for part in parts):
            return nodes.Multiply(tuple(part for part in parts if part is not None))
    return None


def _is_real(node: nodes.Node, symbols: Symbols) -> bool:
    """Whether nothing complex can come up: real names, and no more than arithmetic on them."""
    kinds = (
        nodes.Add,
        nodes.Call,
        nodes.Divide,
        nodes.Multiply,
        nodes.Name,
        nodes.Negate,
        nodes.Number,
        nodes.Power,
        nodes.Relation,
    )
    for part in nodes.walk(node):
        if not isinstance(part, kinds):
            return False
        if isinstance(part, nodes.Name) and symbols.domain(part.name).kind == "complex":
            return False
        if isinstance(part, nodes.Call) and part.function != "exp":
            return False
        if isinstance(part, nodes.Power) and not isinstance(part.exponent, nodes.Number):
            return False
        if isinstance(part, nodes.Power) and getattr(part.exponent, "denominator", 2) != 1:
            return False
    return True


def _same_equation(
    first: nodes.Node, second: nodes.Node, symbols: Symbols, report: Report
) -> Judgement:
    example = _solution_apart(first, second, symbols) or _solution_apart(second, first, symbols)
    if example is not None:
        return Judgement(Verdict.REFUTED, _told(example), example)
    inverted = same_tables(first, second, symbols)
    if inverted is not None:
        dets = tuple(f"det({to_text(matrix)}) != 0" for matrix in inverted)
        why = ", for ".join(("both equations have the same solutions", *dets))
        return Judgement(Verdict.PROVED, why, conditions=dets)
    builder = Builder(symbols)
    try:
        above = proof.canonical(builder.build(first), symbols)
        below = proof.canonical(builder.build(second), symbols)
        if isinstance(above, sympy.MatrixBase) or isinstance(below, sympy.MatrixBase):
            raise ExpressionError("equations of matrices are compared side by side only")
        if (
            proportional(above, below, symbols)
            or same_roots(above, below)
            or (same_exponentials(first, second, symbols) or same_squares(first, second, symbols))
        ):
            needs, factors = conditions.needed(first, second, builder)
            return _with_needs(needs, factors, (above, below))
    except ExpressionError as error:
        return Judgement(Verdict.UNDECIDED, error.what)
    except Exception:  # noqa: BLE001 - sympy fails in ways of every type
        return Judgement(Verdict.UNDECIDED, "whether they have the same solutions is not shown")
    both = [compared(side, "=", _ZERO, symbols) for side in (first, second)]
    if all(judgement.verdict is Verdict.PROVED for judgement in both):
        conditional = tuple(
            dict.fromkeys(item for judgement in both for item in judgement.conditions)
        )
        told = f", for {' and '.join(conditional)}" if conditional else ""
        why = f"both equations hold for all values{told}"
        return Judgement(Verdict.PROVED, why, conditions=conditional)
    verdicts = {judgement.verdict for judgement in both}
    if Verdict.REFUTED in verdicts and Verdict.PROVED in verdicts:
        wrong = next(judgement for judgement in both if judgement.verdict is Verdict.REFUTED)
        return Judgement(Verdict.REFUTED, wrong.why, wrong.counterexample)
    return Judgement(
        Verdict.UNDECIDED, "whether the equations have the same solutions is not shown"
    )


def _with_needs(
    needs: tuple[Condition, ...], factors: frozenset[Any], sides: tuple[Any, ...]
) -> Judgement:
    """The same solutions, but for those at which one of the equations has no value."""
    if not needs:
        return Judgement(Verdict.PROVED, "both equations have the same solutions")
    told = " and ".join(need.text for need in needs)
    if not all(need.is_thin for need in needs):
        return Judgement(Verdict.UNDECIDED, f"shown for {told} only, and more is declared")
    for factor in factors:
        for symbol in factor.free_symbols & set().union(*(side.free_symbols for side in sides)):
            roots = sympy.solve(factor, symbol)
            if any(side.subs(symbol, root) == 0 for side in sides for root in roots):
                why = f"only one of them has a value unless {told}, and there the other holds"
                return Judgement(Verdict.UNDECIDED, why)
    why = f"both equations have the same solutions, for {told}"
    return Judgement(Verdict.PROVED, why, conditions=tuple(need.text for need in needs))


def _solution_apart(
    first: nodes.Node, second: nodes.Node, symbols: Symbols
) -> Counterexample | None:
    """A solution of the first equation that does not solve the second."""
    names = sorted(nodes.free_names(first) | nodes.free_names(second))
    names = [name for name in names if name in symbols.domains or symbols.open]
    movable = [
        name
        for name in names
        if symbols.domain(name).kind in ("real", "complex") and not symbols.domain(name).whole
    ]
    for tried, point in enumerate(points(names, symbols)):
        if tried >= 10:
            return None
        for name in movable:
            with mpmath.workdps(40):
                found = _solved(first, second, name, point, symbols)
            if found is not None:
                return found
    return None


def _solved(
    first: nodes.Node, second: nodes.Node, name: str, point: Any, symbols: Symbols
) -> Counterexample | None:
    values = point.values()
    evaluation = PreciseEvaluation(values, point.laws)

    def side(node: nodes.Node, value: Any) -> Any:
        evaluation.values[name] = value
        return evaluation.number(node)

    try:
        root = mpmath.findroot(lambda value: side(first, value), values[name], maxsteps=40)
        domain = symbols.domain(name)
        if domain.kind != "complex":
            if abs(mpmath.im(root)) > 0:
                return None
            if not _within(mpmath.re(root), domain):
                return None
            if any(abs(root - _exact(value)) < 1e-12 for value in domain.excluded):
                return None
        scale = 1 + abs(side(second, values[name]))
        left, right = side(first, root), side(second, root)
        nearby = side(second, root * (1 + mpmath.mpf(10) ** -20))
        if (
            abs(left) > 1e-30
            or abs(right) < 1e-10 * scale
            or abs(nearby - right) > abs(right) / 1e3
        ):
            return None
        shown_values = tuple(
            (key, shown(root) if key == name else text) for key, text in point.shown()
        )
        return Counterexample(shown_values, "0", shown(right))
    except (UndefinedValueError, ArithmeticError, ValueError, TypeError, KeyError):
        return None


def _exact(value: Any) -> Any:
    return mpmath.mpf(value.numerator) / value.denominator


def _within(value: Any, domain: Any) -> bool:
    margin = mpmath.mpf(10) ** -12
    if (
        domain.lower is not None
        and value <= mpmath.mpf(domain.lower.numerator) / domain.lower.denominator + margin
    ):
        return False
    return (
        domain.upper is None
        or value < mpmath.mpf(domain.upper.numerator) / domain.upper.denominator - margin
    )


def _truth_pairs(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> Any:
    names = sorted(needed(nodes.free_names(left) | nodes.free_names(right), symbols))
    names = [name for name in names if name in symbols.domains or symbols.open]
    numbers = special_numbers.interesting(left, right)
    effort = Effort(numeric_check.CLOSE)
    for tried, point in enumerate(points(names, symbols, numbers)):
        if tried >= 60 or effort.spent > effort.limit:
            return
        truths = _truths((left, right), point, effort, DIGITS)
        if truths is not None and truths[0] != truths[1]:
            again = _truths((left, right), point, effort, MANY_DIGITS)
            if truths != again or is_swamped((left, right), point):
                continue
        if truths is not None:
            yield point, *truths


def _truths(
    sides: tuple[nodes.Node, nodes.Node], point: Point, effort: Effort, digits: int
) -> tuple[bool, bool] | None:
    """Whether two statements are true at a point; None where that is not computed exactly."""
    with mpmath.workdps(digits):
        try:
            evaluation = PreciseEvaluation(point.values(), point.laws, effort)
            truths = evaluation.truth(sides[0]), evaluation.truth(sides[1])
        except (UndefinedValueError, ArithmeticError, ValueError, TypeError):
            return None
    # What is computed roughly is neither equal nor not.
    return None if evaluation.error else truths


def _truths_differ(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> Counterexample | None:
    """A point at which only one is true, if there is one the first."""
    found = None
    for point, first, second in _truth_pairs(left, right, symbols):
        if first != second and (found is None or first):
            found = Counterexample(point.shown(), str(first).lower(), str(second).lower())
            if first:
                break
    return found


def _same_inequality(left: nodes.Node, right: nodes.Node, symbols: Symbols) -> bool:
    """Two inequalities with two sides each whose gaps are positive multiples of one another."""
    sides = []
    for statement in (left, right):
        if not isinstance(statement, nodes.Relation) or len(statement.operators) != 1:
            return False
        sides.append((statement.operators[0], gap(taken_off(statement, symbols))))
    builder = Builder(symbols)
    try:
        first, second = (builder.build(node) for _, node in sides)
        ratio = sympy.factor(sympy.cancel(sympy.together(first / second)))
    except Exception:  # noqa: BLE001 - sympy fails in ways of every type; a failure proves nothing
        return False
    mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "!=": "!="}
    same, other = sides[0][0], sides[1][0]
    if not never_infinite(ratio):
        return False
    if same == other == "!=":
        return bool(ratio.is_zero is False)
    if same == other:
        return bool(ratio.is_positive)
    return bool(ratio.is_negative) and mirrored.get(same) == other


def _told(example: Counterexample) -> str:
    where = ", ".join(f"{name} = {value}" for name, value in example.values)
    if example.left in ("true", "false"):
        return f"at {where} the first is {example.left} and the second {example.right}"
    return f"at {where} one equation holds and in the other the sides differ by {example.right}"
