"""What is known of a function. What a room leaves out is unknown, and unknown is risky."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

Scalar = Any
"""A float or complex here, an ``mpf`` or ``mpc`` in the prover."""


@dataclass(frozen=True, slots=True)
class Points:
    """Where a function has no value: where one of ``zeros`` vanishes, and, for each of ``ladders``,
    where an argument is the number given or a whole number of steps below it. More may be left out
    than must be, never less."""

    zeros: tuple[str, ...] = ()
    ladders: tuple[tuple[str, int], ...] = ()
    unless_whole: str = ""
    """An argument: where it is a whole number, the ladders have values after all."""


NOWHERE = Points()
GROWING = 1e7
"""How large an argument of an exponential may be: the digits of more would fill the memory."""
ANY_SIZE = math.inf


@lru_cache(maxsize=256)
def _split(parameters: str) -> tuple[str, ...]:
    return tuple(parameters.split())


@lru_cache(maxsize=16)
def _bits(largest: float) -> float:
    return math.frexp(largest)[1] if math.isfinite(largest) else math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function of the grammar. Texts are expressions in the names of ``parameters``."""

    name: str
    parameters: str = "x"
    """Names of the arguments, parted by spaces."""
    fewest: int | None = None
    """The least number of arguments, where not all are needed."""
    many: int | None = None
    """The largest number of arguments, where there may be more than parameters."""
    spellings: tuple[str, ...] = ()
    """Other names that are read as this one."""
    shown: str = ""
    """How authors are shown it, where ``name(parameters)`` would not say enough."""
    is_shorthand: bool = False
    """Whether it is replaced by its definition as soon as it is read."""
    tex: str = ""
    """A head such as ``\\sin``, or a template: ``#1`` is the first argument, ``(#1)`` the same in
    brackets unless it is an atom."""
    tex_of_all: str = ""
    """The same, where an argument is given that need not be."""

    number: Callable[..., Scalar] | None = None
    """Its value for floats; ``ValueError`` where there is none. None: by its definition."""
    precise: str | Callable[..., Scalar] = ""
    """The name of its value in mpmath, or a function of the module and the arguments. Empty: by its
    definition."""
    sympy: str | Callable[..., Any] = ""
    """Its name in sympy, or a function of the module and the arguments."""
    definition: str = ""
    """What it is in other functions, at every place where it has a value."""
    derivative: str = ""
    """Its derivative by its only argument, wherever it has one."""

    undefined: Points | None = None
    """Where it has no value. None: where its definition has none, or unknown."""
    real: Literal["always", "positive"] | None = None
    """Its values are real where all arguments are real, or where all are positive."""
    of_reals: bool = False
    """Whether it is only for real numbers."""
    corners: tuple[str, ...] | None = None
    """What is zero where it is not smooth, for real arguments. None: unknown."""
    corners_between: bool = False
    """Whether it is not smooth either where two of its arguments are equal."""
    case: Callable[..., Hashable] | None = None
    """Which of its cases applies, of mpmath and the real parts of the arguments."""
    jump: Callable[..., Scalar] | None = None
    """How far, with a sign, an argument is from a jump; of mpmath and the arguments."""
    cuts: Callable[..., tuple[Scalar, ...]] | None = None
    """What has a branch cut along the negative axis. None: unknown, so that nothing complex is
    taken."""
    is_monotone: bool = False
    """Whether it rises strictly for all real arguments for which it is real."""
    is_positive: bool = False
    """Whether it is positive for all real arguments."""
    never_zero: bool = False
    """Whether it is zero for no number, real or complex."""
    is_whole: bool = False
    """Whether its values are whole numbers for real arguments."""
    is_huge_at_poles: bool = False
    """Whether it is huge near its poles only, so that something huge is one."""

    largest: float = 1e5
    """The size of an argument beyond which it is too dear to compute."""
    most_written: int | None = None
    """The largest number that may be written as its argument."""
    cost: int = 80
    """Steps that a value takes, where a sum takes one."""
    is_never_flat: bool = False
    """Whether a slope that is seen as zero is zero: it does not die away far out."""
    saturation: Callable[[float], float] | None = None
    """By how many digits it is near to its limit, or to another function, at a size."""

    of_matrices: bool = False
    """Whether an argument or the value is a matrix."""

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters."""
        return _split(self.parameters)

    @property
    def arity(self) -> tuple[int, int]:
        """The fewest and the most arguments."""
        count = len(self.names)
        return count if self.fewest is None else self.fewest, self.many or count

    @property
    def written(self) -> str:
        """How authors write it."""
        return self.shown or f"{self.name}({', '.join(self.names)})"

    @property
    def goes_by_cases(self) -> bool:
        """Whether other cases may hold elsewhere: where that is unknown, they may."""
        return self.case is not None or (self.corners is None and not self.of_matrices)

    @property
    def most_bits(self) -> float:
        """The binary digits before the point of the largest argument."""
        return _bits(self.largest)

    @property
    def is_total(self) -> bool:
        """Whether it is known to have a value for all numbers that it is for."""
        return self.undefined == NOWHERE

    @property
    def is_analytic(self) -> bool:
        """Whether it is smooth wherever it has a value, and so constant nowhere or everywhere."""
        return self.corners == () and not self.corners_between
