"""Expressions as elements of one field: rational functions of what is not one itself.

Two expressions that are the same element are equal wherever both have a value, and it is seen
without sympy: exponentials, logarithms, powers, trigonometric functions, sums and means are taken
apart by laws that hold at every point (of the principal branch, for the declared domains).
"""

from studytui.derive.field.field_equality import (
    identical,
    is_linear,
    never_vanishes,
    nonzero_unless,
)
from studytui.derive.field.positivity import equal_by_cases, follows, never_negative

__all__ = [
    "equal_by_cases",
    "follows",
    "identical",
    "is_linear",
    "never_negative",
    "never_vanishes",
    "nonzero_unless",
]
