"""One link of a chain, ``a = b`` or ``a <= b``: numbers first, then proof, then doubt."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy

from studytui.derive.checking import conditions, congruence, order, refute, sight
from studytui.derive.checking.later import after
from studytui.derive.checking.refute import Definitions, Numbers
from studytui.derive.domains import Symbols
from studytui.derive.field import identical
from studytui.derive.nodes import Constant, Node
from studytui.derive.problems import ExpressionError
from studytui.derive.symbolic import proof
from studytui.derive.symbolic.build import Builder
from studytui.derive.verdict import Judgement, Verdict

Report = Callable[[Judgement], None]
"""Called with what is known so far, so that it survives if the rest takes too long."""
PATIENCE = 0.1
"""Seconds of processor time after which a proof is interrupted for a close look."""
CLOSE_SECONDS = 0.5
"""What a close look may take, in seconds of processor time."""
FEW, ENOUGH = 3, 6
"""Points at which both sides of what may diverge must have been seen, for a proof by sympy to
count and for an agreement."""
_INFINITY = Constant("oo")


class _RefutedError(BaseException):
    """A close look found a counterexample while a proof was sought, which no handler of errors in
    a proof may keep."""


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
    is_alike: bool = False
    """Whether what may diverge cancelled while it was built."""
    is_close: bool = False
    """Whether the numbers are of a close look, at every interesting place."""

    def judged(self) -> Judgement:
        """The judgement."""
        try:
            return self._judged()
        except _RefutedError:
            return self._refuted()

    def _judged(self) -> Judgement:
        if self.operator != "=":
            self.numbers = order.compare(
                self.left, self.operator, self.right, self.symbols, self.extra
            )
            self.is_close = True
        elif self.is_risky:
            if self._has_equal_bodies():
                return self._shown(())
            self._look_closely()
        elif sight.has_negative_binomials(self.left, self.right, self.symbols):
            self._look_closely()
        exact = self.operator == "=" and identical(self.left, self.right, self.symbols)
        if not self.is_close:
            self._look(wanted=2 if exact else 3, seconds=0.3 if self._is_slow else 0.6)
        if self.numbers.counterexample is not None:
            return self._refuted()
        if exact and self.numbers.one_sided and not self.is_close:
            self._look_closely()
        if exact and self.numbers.points and not self.numbers.partly and not self._doubt(FEW):
            return self._exactly()
        if self.is_close:
            self._look_closely()
        with after(PATIENCE, self._look_closely):
            judgement = self._proved()
        if judgement.verdict is Verdict.PROVED:
            return self._confirmed(judgement)
        if judgement.verdict in (Verdict.AGREES, Verdict.UNDECIDED) and not self.is_close:
            self._look_closely()
            return self._unproved()
        return judgement

    def _has_equal_bodies(self) -> bool:
        """Whether both sides are sums, integrals, limits or means of what is shown to be equal."""
        bodies = congruence.bodies(self.left, self.right, self.symbols)
        if bodies is None:
            return False
        left, right, symbols = bodies
        judgement = Link(left, "=", right, symbols, lambda _: None, self.extra, "").judged()
        return judgement.verdict is Verdict.PROVED and not judgement.conditions

    @cached_property
    def may_diverge(self) -> bool:
        """Whether something is there that need not have a value."""
        return sight.may_diverge(self.left, self.right)

    @cached_property
    def is_risky(self) -> bool:
        """Whether it may diverge in a way that no proof by sympy is sure to notice."""
        return self.may_diverge and sight.may_be_infinite(self.left, self.right, self.symbols)

    @property
    def needs_points(self) -> bool:
        """Whether sympy alone is not believed: its limits are, but no integral across a pole, and
        nothing that cancelled before it was looked at."""
        return self.is_alike or (
            self.is_risky and sight.may_diverge_unseen(self.left, self.right, self.symbols)
        )

    @property
    def _is_slow(self) -> bool:
        return self.may_diverge and refute.needs_quadrature(self.left, self.right)

    def _look(self, wanted: int, seconds: float) -> None:
        self.numbers = refute.compare(
            self.left, self.right, self.symbols, wanted=wanted, seconds=seconds, extra=self.extra
        )

    def _look_closely(self) -> None:
        """Look at every interesting place, once, and tell what is known by then."""
        if not self.is_close:
            self.is_close = True
            self._look(wanted=0, seconds=CLOSE_SECONDS)
            if self.numbers.counterexample is not None:
                raise _RefutedError
        self.report(self._agreed())

    def _agreed(self) -> Judgement:
        """What numbers alone say."""
        numbers = self.numbers
        if not numbers.points:
            return Judgement(Verdict.UNDECIDED, "no point of the domains could be evaluated")
        doubt = "but the closed forms differ" if self.differs else self._doubt(ENOUGH)
        if not doubt and numbers.named and numbers.points < FEW and numbers.without:
            doubt = "which are too few"
        if not doubt and (numbers.one_sided or sight.is_blind_to(self.left, self.right)):
            doubt = "but may not where its cases change"
        if not doubt and self.operator != "=" and sight.is_out_of_reach(self.left, self.right):
            doubt = "but may not beyond them"
        if doubt:
            why = f"agrees at {numbers.points} points, {doubt}"
            return Judgement(Verdict.UNDECIDED, why, points=numbers.points, digits=numbers.digits)
        why = f"agrees at {numbers.points} points to {numbers.digits} digits; not proved{self.note}"
        return Judgement(Verdict.AGREES, why, points=numbers.points, digits=numbers.digits)

    def _doubt(self, least: int) -> str:
        """Why points at which both sides agree do not show that they have values elsewhere."""
        numbers = self.numbers
        if numbers.partly and self.may_diverge:
            if _INFINITY not in (self.left, self.right):
                return f"but at {numbers.partly[0] or 'all'} one side has no value"
            return ""
        if not (self.is_risky if least == ENOUGH else self.needs_points):
            return ""
        if numbers.points < (least if numbers.named else 1):
            return "which are too few for what may diverge"
        if numbers.without > numbers.points:
            return f"but at {numbers.without} no value could be found"
        return ""

    def _confirmed(self, judgement: Judgement) -> Judgement:
        """A proof by sympy counts where numbers agree; where one side has no value it is told."""
        numbers = self.numbers
        doubt = self._doubt(FEW)
        if not (doubt or numbers.points or sight.has_limits(self.left, self.right)):
            doubt = "where it may have no value"
        if doubt and not self.is_infinite:
            why = f"alike in form, and agrees at {numbers.points} points, {doubt}"
            return replace(judgement, verdict=Verdict.UNDECIDED, why=why, conditions=())
        if numbers.partly and not judgement.conditions:
            told = f"both sides have a value (not at {numbers.partly[0]})"
            why = f"{judgement.why}, where {told}"
            return replace(judgement, why=why, conditions=(told,))
        return judgement

    @property
    def is_infinite(self) -> bool:
        """Whether one side is infinity: the other has no value then, nor need it have one."""
        return _INFINITY in (self.left, self.right)

    def _exactly(self) -> Judgement:
        """Proved over the field; what is left is what it needs."""
        needs: tuple[str, ...] = ()
        with suppress(ExpressionError):
            needs, _ = conditions.needed(self.left, self.right, Builder(self.symbols))
        return self._shown(needs)

    def _shown(self, needs: tuple[str, ...]) -> Judgement:
        numbers = self.numbers
        why = "shown exactly" if numbers.points else "shown exactly; no point could be evaluated"
        told = f", for {' and '.join(needs)}" if needs else ""
        return Judgement(
            Verdict.PROVED,
            f"{why}{told}{self.note}",
            conditions=needs,
            points=numbers.points,
            digits=numbers.digits,
        )

    def _refuted(self) -> Judgement:
        numbers = self.numbers
        example = numbers.counterexample
        assert example is not None
        where = ", ".join(f"{name} = {value}" for name, value in example.values)
        place = f"at {where} " if where else ""
        why = f"{place}the two are {example.left} and {example.right}"
        return Judgement(
            Verdict.REFUTED, why, example, points=numbers.points, digits=numbers.digits
        )

    def _proved(self) -> Judgement:
        builder = Builder(self.symbols)
        try:
            first, second = builder.build(self.left), builder.build(self.right)
            difference = _difference(first, second)
        except ExpressionError as error:
            return self._unproved(f" ({error.what})")
        except RecursionError:
            return self._unproved()
        except Exception as error:  # noqa: BLE001 - sympy fails in ways of every type
            return self._unproved(f" ({type(error).__name__} while proving)")
        if difference is None:
            return Judgement(Verdict.REFUTED, "the shapes of the two matrices differ")
        self.is_alike = self.is_risky and not any(difference)
        needs, nonzero = conditions.needed(self.left, self.right, builder)
        if self.operator != "=":
            shown = order.proves(difference[0], self.operator, self.symbols)
            return self._shown(needs) if shown else self._unproved()
        if _diverges(first, second, self.symbols) or all(
            proof.proves_zero(item, self.symbols, nonzero) for item in difference
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
