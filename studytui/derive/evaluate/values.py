"""Values with many digits, for answers that must be exact before they are rounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.evaluate.precise import PreciseEvaluation
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Name, Node, Relation
from studytui.derive.verdict import Judgement, Verdict


def value(node: Node, settings: Sequence[Node], symbols: Symbols) -> Judgement:
    """The value of an expression where the names are set by relations ``name = number``.

    The number stands in ``why``, with 30 digits.
    """
    del symbols
    with mpmath.workdps(40):
        try:
            values: dict[str, Any] = {}
            for setting in settings:
                if not isinstance(setting, Relation) or not isinstance(setting.operands[0], Name):
                    return Judgement(Verdict.ERROR, "a value is given as name = number")
                name = setting.operands[0].name
                values[name] = PreciseEvaluation(values).value(setting.operands[1])
            evaluation = PreciseEvaluation(values)
            result = evaluation.number(node)
        except UndefinedValueError as error:
            return Judgement(Verdict.UNDECIDED, error.what)
        except (ArithmeticError, ValueError, TypeError) as error:
            return Judgement(Verdict.UNDECIDED, f"there is no value: {error}")
        digits = 10 if evaluation.error else 30
        return Judgement(Verdict.PROVED, mpmath.nstr(result, digits), digits=digits)
