"""What python-flint and z3-solver would win: `python -m benchmarks libraries`, with both installed.

Neither is a dependency. z3 is asked for each claim of `tests/derive/claims/` and for inequalities
that the engine had not seen, over opaque atoms; flint for each definite integral of the corpus.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from benchmarks.figures import Figure, at_least, at_most
from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.evaluate.sampling import points
from studytui.derive.expr import nodes
from studytui.derive.expr.domains import Domain, Symbols
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.field import follows
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.syntax.print_ascii import to_text
from tests.derive.pairs import corpus
from tests.derive.written_claims import claims

STEPS = 3_000_000
"""What z3 may spend on a claim, in its own units."""
UNSEEN = (
    ("a^3 + b^3 + c^3 >= 3*a*b*c", True), ("a^4 + b^4 >= a^3*b + a*b^3", True),
    ("(a + b + c)*(1/a + 1/b + 1/c) >= 9", True),
    ("a/(b + c) + b/(a + c) + c/(a + b) >= 3/2", True),
    ("a^2*b + b^2*c + c^2*a >= 3*a*b*c", True), ("(1 + a)^3 >= 1 + 3*a", True),
    ("a^2 + b^2 + c^2 >= a*b + b*c + c*a", True), ("max(a, b, c) >= (a + b + c)/3", True),
    ("abs(a - c) <= abs(a - b) + abs(b - c)", True), ("a*b*c <= ((a + b + c)/3)^3", True),
    ("a^3 + b^3 + c^3 >= 4*a*b*c", False), ("(a + b + c)*(1/a + 1/b + 1/c) >= 10", False),
    ("a^2*b + b^2*c + c^2*a > 3*a*b*c", False), ("min(a, b, c) >= (a + b + c)/4", False),
)  # fmt: skip
"""Inequalities of positive numbers, and whether they hold."""


def measure() -> list[Figure]:
    """The figures of what is installed."""
    return [
        *(_relations() if find_spec("z3") else ()),
        *(_integrals() if find_spec("flint") else ()),
    ]


def _cases() -> Iterator[tuple[nodes.Node, tuple[nodes.Node, ...], Symbols, bool, bool]]:
    """Claim, premises, symbols, whether it is true, and whether it was seen before."""
    anyone = {name: Domain(kind="integer", integer=True) for name in "ijk"}
    for claim in claims():
        symbols = declare(dict(claim.declared))
        loose = Symbols({**anyone, **symbols.domains})
        told = tuple(parse(text, loose) for text in claim.given)
        yield parse(claim.text, symbols), told, symbols, claim.true, True
    positive = declare(dict.fromkeys("abc", "positive"))
    for text, true in UNSEEN:
        yield parse(text, positive), (), positive, true, False


def _relations() -> Iterator[Figure]:
    seen = {True: [0, 0], False: [0, 0]}
    counts, only = {True: 0, False: 0}, {True: 0, False: 0}
    wrong, spent, own_spent = 0, 0.0, 0.0
    for claim, told, symbols, true, known in _cases():
        start = time.process_time()
        shown = _shown_by_z3(claim, told, symbols)
        spent += time.process_time() - start
        start = time.process_time()
        own = isinstance(claim, nodes.Relation) and follows(
            claim, tuple(item for item in told if isinstance(item, nodes.Relation)), symbols
        )
        own_spent += time.process_time() - start
        wrong += shown and not true
        if true:
            counts[known] += 1
            seen[known][0] += shown
            seen[known][1] += own
            only[known] += shown and not own
    for known, (theirs, ours) in seen.items():
        what = "written claims" if known else "unseen inequalities"
        how = f"{counts[known]} true ones, z3 {theirs}, the engine's certificates {ours}"
        yield at_most(f"libraries: {what} that only z3 shows", only[known], "", 0, how)
    how = f"z3 {spent:.1f} s of the processor, the engine {own_spent:.1f} s"
    yield at_most("libraries: false claims that z3 shows", wrong, "", 0, how)


def _shown_by_z3(claim: nodes.Node, told: tuple[nodes.Node, ...], symbols: Symbols) -> bool:
    z3 = import_module("z3")
    reading = _Reading(z3, symbols)
    try:
        goal = reading.truth(claim)
        premises = [reading.truth(item) for item in told]
    except ExpressionError:
        return False
    solver = z3.Solver()
    solver.set("rlimit", STEPS)
    solver.add(*premises, *reading.known, z3.Not(goal))
    return bool(solver.check() == z3.unsat)


class _Reading:
    """Expressions as terms of z3: arithmetic is read, everything else is an opaque number."""

    def __init__(self, z3: Any, symbols: Symbols) -> None:
        self.z3, self.symbols = z3, symbols
        self.known: list[Any] = []
        self.atoms: dict[str, Any] = {}

    def truth(self, node: nodes.Node) -> Any:
        """A relation or a junction of some."""
        match node:
            case nodes.Relation():
                sides = [self.number(side) for side in node.operands]
                links = zip(sides, node.operators, sides[1:], strict=False)
                return self.z3.And(*(_related(left, sign, right) for left, sign, right in links))
            case nodes.Logic():
                join = {"and": self.z3.And, "or": self.z3.Or, "not": self.z3.Not}[node.kind]
                return join(*map(self.truth, node.operands))
            case _:
                raise ExpressionError("no condition")

    def number(self, node: nodes.Node) -> Any:
        """A term."""
        z3 = self.z3
        match node:
            case nodes.Number():
                return z3.Q(node.numerator, node.denominator)
            case nodes.Add():
                return z3.Sum(*map(self.number, node.terms))
            case nodes.Multiply():
                return z3.Product(*map(self.number, node.factors))
            case nodes.Negate():
                return -self.number(node.operand)
            case nodes.Divide():
                below = self.number(node.denominator)
                self.known.append(below != 0)
                return self.number(node.numerator) / below
            case nodes.Power() if (
                isinstance(node.exponent, nodes.Number)
                and node.exponent.denominator == 1
                and 0 < node.exponent.numerator < 9
            ):
                return z3.Product(*[self.number(node.base)] * node.exponent.numerator)
            case nodes.Call() if node.function in ("max", "min", "abs", "relu"):
                return self._extreme(node)
            case nodes.Piecewise() if node.conditions[-1] == nodes.Constant("true"):
                value = self.number(node.values[-1])
                pairs = list(zip(node.values, node.conditions, strict=True))[:-1]
                for case, condition in reversed(pairs):
                    value = z3.If(self.truth(condition), self.number(case), value)
                return value
            case _:
                return self._atom(node)

    def _extreme(self, call: nodes.Call) -> Any:
        z3, items = self.z3, [self.number(item) for item in call.arguments]
        if call.function in ("abs", "relu"):
            other = -items[0] if call.function == "abs" else z3.Q(0, 1)
            return z3.If(items[0] >= other, items[0], other)
        best = items[0]
        for item in items[1:]:
            first = best >= item if call.function == "max" else best <= item
            best = z3.If(first, best, item)
        return best

    def _atom(self, node: nodes.Node) -> Any:
        text = to_text(node)
        if text not in self.atoms:
            name = getattr(node, "name", getattr(node, "base", getattr(node, "function", "")))
            domain = self.symbols.domain(name)
            if domain.kind == "complex" or domain.law:
                raise ExpressionError("no real number")
            atom = self.atoms[text] = self.z3.Real(text)
            if domain.integer and isinstance(node, nodes.Name):
                self.known.append(self.z3.IsInt(atom))
            for bound, sign in ((domain.lower, ">"), (domain.upper, "<")):
                if bound is not None:
                    value = self.z3.Q(bound.numerator, bound.denominator)
                    is_open = domain.lower_open if sign == ">" else domain.upper_open
                    self.known.append(_related(atom, sign if is_open else f"{sign}=", value))
            if text == "exp" or text.startswith("exp("):
                self.known.append(atom > 0)
            for constraint in domain.constraints:
                if isinstance(node, nodes.Name):
                    self.known.append(self.truth(constraint))
        return self.atoms[text]


def _related(left: Any, sign: str, right: Any) -> Any:
    return {
        "=": left == right, "!=": left != right, "<": left < right, "<=": left <= right,
        ">": left > right, ">=": left >= right,
    }[sign]  # fmt: skip


def _integrals() -> Iterator[Figure]:
    """Definite integrals at one point each: how many flint encloses, and what both take."""
    flint = import_module("flint")
    flint.ctx.dps = 50
    total = endless = enclosed = own = apart = 0
    theirs = ours = 0.0
    for integral, symbols in _definite():
        total += 1
        if nodes.Constant("oo") in {
            part
            for bound in (integral.lower, integral.upper)
            if bound
            for part in nodes.walk(bound)
        }:
            endless += 1
            continue
        values = next(points(sorted(nodes.free_names(integral)), symbols)).values()
        start = time.process_time()
        ball = _enclosed(flint, integral, values)
        theirs += time.process_time() - start
        start = time.process_time()
        try:
            number = PreciseEvaluation(values).number(integral)
        except (UndefinedValueError, ArithmeticError, ValueError):
            number = None
        ours += time.process_time() - start
        enclosed, own = enclosed + (ball is not None), own + (number is not None)
        if ball is not None and number is not None:
            apart += abs(float(ball.real.mid()) - float(number.real)) > 1e-9 * (1 + abs(number))
    how = f"{total} in the corpus, {endless} without end, for which flint has no method"
    yield at_least("libraries: integrals that flint encloses", enclosed, "", own, how)
    how = f"flint {1000 * theirs:.0f} ms, the engine's quadrature {1000 * ours:.0f} ms together"
    yield at_most("libraries: integrals at which both differ", apart, "", 0, how)


def _definite() -> Iterator[tuple[nodes.Integral, Symbols]]:
    for pair in corpus():
        symbols = declare(dict(pair.assumptions), open_names=True)
        for side in (pair.a, pair.b):
            for part in nodes.walk(parse(side, symbols, pair.syntax)):
                named = any(
                    symbols.domain(name).kind not in ("real", "integer")
                    for name in nodes.free_names(part)
                )
                if isinstance(part, nodes.Integral) and part.upper is not None and not named:
                    yield part, symbols


def _enclosed(flint: Any, integral: nodes.Integral, values: dict[str, Any]) -> Any:
    """A ball of complex numbers in which the integral surely lies; None where none is found."""
    inner = {name: flint.acb(flint.arb(str(value))) for name, value in values.items()}

    def body(place: Any, analytic: bool) -> Any:
        return _ball(flint, integral.body, {**inner, integral.variable: place}, analytic)

    try:
        assert integral.lower is not None and integral.upper is not None
        ends = (_ball(flint, end, inner, False) for end in (integral.lower, integral.upper))
        found = flint.acb.integral(body, *ends)
    except (ExpressionError, ValueError, ArithmeticError, TypeError, SystemError):
        return None  # flint wraps what its integrand raises
    return found if found.real.is_finite() and float(found.real.rad()) < 1e-20 else None


def _ball(flint: Any, node: nodes.Node, values: dict[str, Any], analytic: bool) -> Any:
    def of(part: nodes.Node) -> Any:
        return _ball(flint, part, values, analytic)

    match node:
        case nodes.Number():
            return flint.acb(node.numerator) / node.denominator
        case nodes.Name() if node.name in values:
            return values[node.name]
        case nodes.Constant() if node.name in ("pi", "e"):
            return flint.acb.pi() if node.name == "pi" else flint.acb(1).exp()
        case nodes.Add():
            return sum(map(of, node.terms), flint.acb(0))
        case nodes.Multiply():
            product = flint.acb(1)
            for factor in node.factors:
                product = product * of(factor)
            return product
        case nodes.Negate():
            return -of(node.operand)
        case nodes.Divide():
            return of(node.numerator) / of(node.denominator)
        case nodes.Power() if isinstance(node.exponent, nodes.Number):
            return of(node.base) ** of(node.exponent)
        case nodes.Call() if node.function in ("sqrt", "log"):
            return getattr(of(node.arguments[0]), node.function)(analytic=analytic)
        case nodes.Call() if node.function in ("exp", "sin", "cos", "tan", "tanh", "sinh", "cosh"):
            return getattr(of(node.arguments[0]), node.function)()
        case _:
            raise ExpressionError("flint is not asked for this")
