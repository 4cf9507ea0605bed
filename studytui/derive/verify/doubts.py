"""Why numbers that agree do not show that two sides are equal, or one below the other."""

from __future__ import annotations

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Expectation, Node, free_names, walk
from studytui.derive.verify import definedness
from studytui.derive.verify.numeric_check import Numbers

FEW, ENOUGH = 3, 6
"""Points at which both sides of what may diverge must have been seen, for a proof by sympy to
count and for an agreement."""
SEVERAL = 20
"""Points at which an inequality must have been seen to be true."""


def of_agreement(left: Node, operator: str, right: Node, numbers: Numbers) -> str:
    """What is to be said against an agreement; nothing where it may stand."""
    is_equation = operator == "="
    if numbers.named and numbers.points < FEW and numbers.without:
        return "which are too few"
    if numbers.named and not is_equation and numbers.points < SEVERAL:
        return "which are too few for an inequality"
    if numbers.far_without > (numbers.far if is_equation else 0):
        count = numbers.far + numbers.far_without
        return f"but at {numbers.far_without} of {count} far out no value could be computed"
    if not numbers.named and numbers.rough:
        return "as numbers do that are only near to one another"
    if numbers.one_sided or definedness.is_blind_to(left, right):
        return "but may not where its cases change"
    if not is_equation and definedness.is_out_of_reach(left, right):
        return "but may not beyond them"
    return ""


def of_dependence(left: Node, right: Node, symbols: Symbols) -> str:
    """Which random names stand in one mean with nothing said of how they depend on one another;
    nothing where there are none."""
    for side in (left, right):
        for part in walk(side):
            if not isinstance(part, Expectation):
                continue
            laws = {name: symbols.domain(name) for name in sorted(free_names(part.body))}
            random = [name for name, domain in laws.items() if domain.law]
            loose = [name for name in random if not laws[name].independent]
            if len(random) > 1 and len({laws[name].law == "any" for name in loose}) > 1:
                names = " and ".join(random[:3])
                return f"how {names} depend on one another is not said: declare one as independent"
    return ""


def of_values(numbers: Numbers, wanted: int, is_infinite: bool, is_conditional: bool) -> str:
    """Why points do not show that what may diverge has a value elsewhere, where ``wanted`` of them
    are called for.

    Where one side divides by zero or runs backwards, the conditions of a proof tell of it;
    where a side is infinity, the other need not have a value.
    """
    partly = numbers.diverging if is_conditional else numbers.partly
    if partly:
        return "" if is_infinite else f"but at {partly[0] or 'all'} one side has no value"
    if numbers.points < (wanted if numbers.named else min(wanted, 1)):
        return "which are too few for what may diverge"
    if wanted and numbers.without > numbers.points:
        return f"but at {numbers.without} no value could be found"
    return ""
