"""One link of a chain, ``a = b`` or ``a <= b``: numbers first, then proof, then doubt."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy

from studytui.derive.evaluate.recursion import Definitions
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Add, Constant, Negate, Node
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.field import equal_by_cases, identical, never_negative
from studytui.derive.field.between_ends import equal_between_ends
from studytui.derive.sympy_backend import proof
from studytui.derive.sympy_backend.build import Builder
from studytui.derive.verdict import Judgement, Provisional, Verdict
from studytui.derive.verify import (
    conditions,
    definedness,
    doubts,
    inequalities,
    numeric_check,
    quick_look,
    same_head,
)
from studytui.derive.verify.definedness import has_negative_binomials
from studytui.derive.verify.doubts import ENOUGH, FEW
from studytui.derive.verify.inequalities import compare as compare_order
from studytui.derive.verify.numeric_check import Numbers
from studytui.derive.verify.shared_points import SharedPoints
from studytui.derive.verify.undefined_points import Condition

Report = Callable[[Provisional], None]
"""Called with what is known so far, to be told if the rest takes too long."""
NO_VALUES = "no values of the two sides could be computed at points of the domains"
_INFINITY = Constant("oo")


@dataclass
class Link:
    """``left operator right`` for all values of the domains; the operator is =, !=, < or <=."""

    left: Node
    operator: str
    right: Node
    symbols: Symbols
    report: Report
    extra: Definitions
    note: str
    numbers: Numbers = field(default_factory=lambda: Numbers(0, 0))
    because: str = ""
    """Why no proof was found."""
    differs: bool = False
    """Whether closed forms differ by less than the numbers show."""
    needs: tuple[Condition, ...] = ()
    """What the claim needs beyond the declared domains."""
    is_alike: bool = False
    """Whether what may diverge cancelled while it was built."""
    is_far: bool = False
    """Whether it was looked far out too."""
    is_close: bool = False
    """Whether the numbers are of a close look, at every interesting place."""

    def judged(self) -> Judgement:
        """The judgement: numbers first, which refute; then the field; then sympy."""
        if self.is_risky and self.operator == "=" and _have_equal_bodies(self):
            return self._shown(())
        exact = False
        if not self._differs_plainly():
            exact = self.operator == "=" and _are_same(self.left, self.right, self.symbols)
            self._look_first(exact)
        if self._is_refuted:
            return _refutation(self.numbers)
        if self.operator != "=":
            exact = _is_ordered(self.left, self.operator, self.right, self.symbols)
        if exact and self.numbers.points and not self.numbers.partly and not self._doubt(FEW):
            return self._exactly()
        self._look_closely()
        if self._is_refuted:
            return _refutation(self.numbers)
        may_be_cased = self.operator == "=" and self.numbers.points and not self.may_diverge
        if may_be_cased and equal_by_cases(self.left, self.right, self.symbols):
            return self._exactly()
        self.report(Provisional(self.numbers.points, self.numbers.digits))
        judgement = self._proved()
        return self._confirmed(judgement) if judgement.verdict is Verdict.PROVED else judgement

    def looked_at(self) -> Judgement:
        """What values alone refute; undecided where they do not."""
        self._look_closely()
        if self._is_refuted:
            return _refutation(self.numbers)
        return Judgement(Verdict.UNDECIDED, "not refuted")

    @property
    def _is_refuted(self) -> bool:
        return self.numbers.counterexample is not None

    def _differs_plainly(self) -> bool:
        """Whether a look in doubles sees a difference, and one with many digits refutes by it."""
        if self.operator != "=" or self.extra or not quick_look.differs(self._shared):
            return False
        self._look_first(exact=False)
        return self._is_refuted

    def _look_first(self, exact: bool) -> None:
        """Look at a few points; closely where few show little."""
        if self.operator != "=":
            self.numbers = compare_order(
                (self.left, self.right), self.operator, self.symbols, self.extra, quick=True
            )
        elif self.is_risky or has_negative_binomials(self.left, self.right, self.symbols):
            self._look_closely()
        elif exact and (quick := quick_look.agreement(self._shared)):
            self.numbers = quick
        else:
            self._look(wanted=2 if exact else FEW, work=numeric_check.QUICK)
            if exact and self.numbers.one_sided and not self._is_refuted:
                self._look_closely()

    @cached_property
    def _shared(self) -> SharedPoints:
        return SharedPoints(self.left, self.right, self.symbols, self.extra)

    @cached_property
    def may_diverge(self) -> bool:
        """Whether something is there that need not have a value."""
        return definedness.may_diverge(self.left, self.right)

    @cached_property
    def is_risky(self) -> bool:
        """Whether it may diverge in a way that no proof by sympy is sure to notice."""
        return self.may_diverge and definedness.may_be_infinite(self.left, self.right, self.symbols)

    @property
    def needs_points(self) -> bool:
        """Whether sympy alone is not believed: its limits are, but no integral across a pole, and
        nothing that cancelled before it was looked at."""
        return self.is_alike or (
            self.is_risky and definedness.may_diverge_unseen(self.left, self.right, self.symbols)
        )

    def _look(self, wanted: int, work: int) -> None:
        self.numbers = numeric_check.compare(self._shared, wanted=wanted, work=work)

    def _look_closely(self) -> None:
        """Look at every interesting place, once."""
        if not self.is_close:
            self.is_close = True
            if self.operator == "=":
                self._look(wanted=0, work=numeric_check.CLOSE)
            else:
                self.numbers = compare_order(
                    (self.left, self.right), self.operator, self.symbols, self.extra
                )

    def _look_patiently(self) -> None:
        """Look for the points that a proof is in want of, if each takes long."""
        if self.numbers.points < FEW and not self.numbers.partly:
            self._look(wanted=FEW, work=numeric_check.PATIENT)

    def _agreed(self) -> Judgement:
        """What numbers alone say."""
        numbers = self.numbers
        if not numbers.points:
            dependence = doubts.of_dependence(self.left, self.right, self.symbols)
            return Judgement(Verdict.UNDECIDED, dependence or NO_VALUES)
        if not self.is_far and self.operator == "=":
            self.is_far = True
            self.numbers = numbers = numeric_check.look_far(self._shared, numbers)
            if self._is_refuted:
                return _refutation(self.numbers)
        doubt = "but the closed forms differ" if self.differs else self._doubt(ENOUGH)
        doubt = doubt or doubts.of_agreement(self.left, self.operator, self.right, numbers)
        if doubt:
            why = f"agrees at {numbers.points} points, {doubt}"
            return Judgement(Verdict.UNDECIDED, why, points=numbers.points, digits=numbers.digits)
        why = f"agrees at {numbers.points} points to {numbers.digits} digits; not proved{self.note}"
        told = tuple(need.text for need in self.needs)
        return Judgement(
            Verdict.AGREES, why, conditions=told, points=numbers.points, digits=numbers.digits
        )

    def _doubt(self, least: int, needs: tuple[str, ...] = ()) -> str:
        """Why points at which both sides agree do not show that they have values elsewhere."""
        if not self.may_diverge:
            return ""
        wanted = least if (self.is_risky if least == ENOUGH else self.needs_points) else 0
        return doubts.of_values(self.numbers, wanted, _is_infinite(self), bool(needs))

    def _confirmed(self, judgement: Judgement) -> Judgement:
        """A proof by sympy counts where numbers agree; where one side has no value it is told."""
        if self._doubt(FEW):
            self._look_patiently()
            if self._is_refuted:
                return _refutation(self.numbers)
        numbers = self.numbers
        doubt = self._doubt(FEW, judgement.conditions)
        if not (doubt or numbers.points or definedness.has_limits(self.left, self.right)):
            doubt = "where it may have no value"
        if doubt and not _is_infinite(self):
            seen = f"agree at {numbers.points} points, {doubt}"
            if not numbers.points:
                seen = "no value of them could be computed, so that they may have none"
            why = f"both sides come to the same form, and {seen}"
            return replace(judgement, verdict=Verdict.UNDECIDED, why=why, conditions=())
        if numbers.partly and not judgement.conditions:
            if 4 * len(numbers.partly) > numbers.points and not _is_infinite(self):
                return self._shown_in_part(" where both sides have a value")
            told = f"both sides have a value (not at {numbers.partly[0]})"
            why = f"{judgement.why}, where {told}"
            return replace(judgement, why=why, conditions=(told,))
        return judgement

    def _exactly(self) -> Judgement:
        """Proved over the field; what is left is what it needs."""
        needs: tuple[Condition, ...] = ()
        with suppress(ExpressionError):
            needs = conditions.needed_by_one(self.left, self.right, Builder(self.symbols))
        return self._shown(needs)

    def _shown(self, needs: tuple[Condition, ...]) -> Judgement:
        numbers = self.numbers
        told = f", for {' and '.join(need.text for need in needs)}" if needs else ""
        if not all(need.is_thin for need in needs):
            self._look_closely()
            return self._shown_in_part(told)
        why = "shown exactly" if numbers.points else "shown exactly; no point could be evaluated"
        return Judgement(
            Verdict.PROVED,
            f"{why}{told}{self.note}",
            conditions=tuple(need.text for need in needs),
            points=numbers.points,
            digits=numbers.digits,
        )

    def _shown_in_part(self, told: str) -> Judgement:
        """What a proof is worth that leaves out a part of what is declared."""
        numbers = self.numbers
        if self._is_refuted:
            return _refutation(self.numbers)
        place = f": at {numbers.partly[0]} one side has no value" if numbers.partly else ""
        why = f"shown{told.removeprefix(',')} only, and more is declared{place}"
        return Judgement(Verdict.UNDECIDED, why, points=numbers.points, digits=numbers.digits)

    def _proved(self) -> Judgement:
        symbols = conditions.smooth_symbols(self.left, self.right, self.symbols)
        builder = Builder(symbols)
        try:
            first, second = builder.build(self.left), builder.build(self.right)
            difference = _difference(first, second)
        except ExpressionError as error:
            return self._unproved(f" ({error.what})")
        except RecursionError:
            return self._unproved()
        except Exception:  # noqa: BLE001 - sympy fails in ways of every type
            return self._unproved()
        if difference is None:
            return Judgement(Verdict.REFUTED, "the shapes of the two matrices differ")
        self.is_alike = self.is_risky and not any(difference)
        needs, nonzero = conditions.needed(self.left, self.right, Builder(self.symbols))
        self.needs = needs
        if self.operator != "=":
            shown = inequalities.proves(difference[0], self.operator, symbols)
            return self._shown(needs) if shown else self._unproved()
        if _diverges(first, second, symbols) or all(
            proof.proves_zero(item, symbols, nonzero) for item in difference
        ):
            return self._shown(needs)
        if not needs and (not self.numbers.points or self.numbers.rough):
            for item in difference:
                if proof.certainly_not_zero(item, self.symbols):
                    return Judgement(Verdict.REFUTED, f"they differ by {item} exactly")
        if self.numbers.rough and any(
            proof.seems_not_zero(item, self.symbols) for item in difference
        ):
            self.differs = True
        return self._unproved()

    def _unproved(self, because: str = "") -> Judgement:
        self.because = because or self.because
        known = self._agreed()
        return replace(known, why=f"{known.why}{self.because}")


def _are_same(left: Node, right: Node, symbols: Symbols) -> bool:
    """Whether two expressions are shown to be equal over the field."""
    return identical(left, right, symbols) or equal_between_ends(left, right, symbols)


def _have_equal_bodies(link: Link) -> bool:
    """Whether both sides are sums, integrals, limits or means of what is shown to be equal."""
    bodies = same_head.bodies(link.left, link.right, link.symbols)
    if bodies is None:
        return False
    left, right, symbols = bodies
    judgement = Link(left, "=", right, symbols, lambda _: None, link.extra, "").judged()
    return judgement.verdict is Verdict.PROVED and not judgement.conditions


def _is_infinite(link: Link) -> bool:
    """Whether one side is infinity: the other has no value then, nor need it have one."""
    return _INFINITY in (link.left, link.right)


def _refutation(numbers: Numbers) -> Judgement:
    """What a point says at which the sides differ."""
    example = numbers.counterexample
    assert example is not None
    where = ", ".join(f"{name} = {value}" for name, value in example.values)
    place = f"at {where} " if where else ""
    why = f"{place}the two are {example.left} and {example.right}"
    return Judgement(Verdict.REFUTED, why, example, points=numbers.points, digits=numbers.digits)


def _is_ordered(left: Node, operator: str, right: Node, symbols: Symbols) -> bool:
    """Whether an inequality is shown over the field, wherever both sides have a value."""
    gap, strict = Add((right, Negate(left))), operator != "<="
    if never_negative(gap, symbols, strict):
        return True
    return operator == "!=" and never_negative(Negate(gap), symbols, strict)


def _diverges(first: Any, second: Any, symbols: Symbols) -> bool:
    """Whether one side is written as infinity and the other diverges to it."""
    for written, other in ((first, second), (second, first)):
        limits = (sympy.Sum, sympy.Product, sympy.Integral, sympy.Limit)
        if written in (sympy.oo, -sympy.oo) and other.has(*limits):
            return bool(proof.canonical(other, symbols) == written)
    return False


def _difference(first: Any, second: Any) -> list[Any] | None:
    """The elements of ``second - first``; None where the shapes differ."""
    matrices = [isinstance(item, sympy.MatrixBase) for item in (first, second)]
    if any(matrices) and 0 in (first, second):
        return list(first if matrices[0] else second)
    if not any(matrices):
        return [second - first]
    if not all(matrices):
        table = first if matrices[0] else second
        if table.shape != (1, 1):
            return None
        pair = [
            item[0, 0] if flag else item
            for item, flag in zip((first, second), matrices, strict=True)
        ]
        return [pair[1] - pair[0]]
    if first.shape != second.shape:
        return None
    return list(second - first)
