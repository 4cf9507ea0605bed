"""Whether a solution of an equation is the only one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Name, Node, Relation
from studytui.derive.sympy_backend.build import Builder
from studytui.derive.verdict import Judgement, Verdict
from studytui.derive.verify import inequalities
from studytui.derive.verify.comparison import Report
from studytui.derive.verify.equations import equivalent, gap


def only(old: Node, new: Node, symbols: Symbols, report: Report) -> Judgement:
    """Whether ``new``, which is ``x = r``, says the same as the equation ``old``.

    Where both sides of ``old`` come nearer to one another all the time as x grows, they meet once.
    """
    assert isinstance(old, Relation)
    assert isinstance(new, Relation)
    name = new.operands[0]
    if old.operators == ("=",) and isinstance(name, Name) and _is_steady(old, name.name, symbols):
        return Judgement(Verdict.PROVED, "the sides can be equal at one place only")
    judgement = equivalent(old, new, symbols, report)
    if judgement.verdict is Verdict.AGREES:
        return replace(judgement, verdict=Verdict.UNDECIDED)
    return judgement


def _is_steady(equation: Relation, name: str, symbols: Symbols) -> bool:
    """Whether the difference of the sides rises, or falls, on the whole domain of a name."""
    domain = symbols.domain(name)
    if domain.kind != "real" or domain.excluded or domain.constraints:
        return False
    builder = Builder(symbols)
    try:
        difference = builder.build(gap(equation))
        if not inequalities.smooth(difference) or difference.has(*_BROKEN):
            return False
        slope: Any = sympy.factor(difference.diff(builder.symbol(name)))
    except Exception:  # noqa: BLE001 - sympy fails in ways of every type; a failure proves nothing
        return False
    return any(inequalities.proves(sign * slope, "<", symbols) for sign in (1, -1))


_BROKEN = (sympy.tan, sympy.cot, sympy.sec, sympy.csc, sympy.gamma, sympy.zeta, sympy.Integral)
