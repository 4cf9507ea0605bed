"""Functions that are declared and not defined, as sympy classes that know their derivative."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy


def opaque_function(name: str, primes: int, facts: Mapping[str, bool]) -> Any:
    """The class of ``name`` with that many primes; only the function itself keeps its sign."""
    kept = tuple(sorted(facts.items())) if primes == 0 else (("real", True),)
    return _opaque(name, primes, kept, "")


@cache
def _opaque(name: str, primes: int, facts: tuple[tuple[str, bool], ...], partial: str) -> Any:
    def derivative(self: Any, argument: int = 1) -> Any:
        if len(self.args) == 1:
            return _opaque(name, primes + 1, (("real", True),), "")(*self.args)
        order = "".join(sorted(partial + str(argument)))
        return _opaque(name, primes + 1, (("real", True),), order)(*self.args)

    members: dict[str, Any] = {"fdiff": derivative}
    for fact, value in facts:
        members[f"_eval_is_{fact}"] = _constant_answer(value)
    marks = "'" * primes if not partial else f"_{partial}"
    return type(f"{name}{marks}", (sympy.Function,), members)


def _constant_answer(value: bool) -> Any:
    return lambda self: value


class _Partial(sympy.Function):  # type: ignore[misc]
    """A sum or a product of the terms ``f(k)`` up to the n-th."""

    nargs = 3

    @property
    def free_symbols(self) -> set[Any]:
        """The index is bound."""
        body, index, upper = self.args
        return set(body.free_symbols - {index}) | set(upper.free_symbols)

    def _eval_is_real(self) -> bool | None:
        return True if self.args[0].is_real else None


class PartialSum(_Partial):
    """``PartialSum(f(k), k, n)``: an opaque S with S(n) - S(n-1) = f(n) and S(0) = 0."""

    def _eval_is_positive(self) -> bool | None:
        body, _, upper = self.args
        return True if body.is_positive and upper.is_positive else None


class PartialProduct(_Partial):
    """``PartialProduct(f(k), k, n)``: an opaque P with P(n) / P(n-1) = f(n) and P(0) = 1."""

    def _eval_is_positive(self) -> bool | None:
        return True if self.args[0].is_positive else None
