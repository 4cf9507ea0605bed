"""Mistakes with matrices, norms and determinants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import (
    Add,
    Call,
    Fold,
    Index,
    Matrix,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Power,
    Transpose,
    walk,
)
from studytui.derive.expr.substitute import mapped
from studytui.derive.mistakes.mistake import Example, Mistake
from studytui.derive.mistakes.parts import (
    ONE,
    argument,
    call,
    is_call,
    minus,
    plus,
    power,
    product,
    signed_terms,
    summed,
    times,
    without,
)

_AB = (("A", "matrix 2x2"), ("B", "matrix 2x2"), ("v", "vector 2"), ("w", "vector 2"))


def is_table(node: Node, symbols: Symbols) -> bool:
    """Whether a matrix or a vector stands in it as a whole."""
    if isinstance(node, Matrix):
        return True
    if isinstance(node, Name):
        return symbols.domain(node.name).shape is not None
    if isinstance(node, Call) and node.function in ("det", "trace", "norm", "dot"):
        return False
    if isinstance(node, Add | Multiply | Negate | Transpose | Power | Call):
        parts = (
            node.terms if isinstance(node, Add)
            else node.factors if isinstance(node, Multiply)
            else node.arguments if isinstance(node, Call)
            else (node.base,) if isinstance(node, Power)
            else (node.operand,)
        )  # fmt: skip
        return any(is_table(part, symbols) for part in parts)
    return False


def inverted(node: Node) -> Node | None:
    """What the inverse is taken of."""
    if is_call(node, "inverse"):
        return argument(node)
    minus_one = (Number(-1), Negate(ONE))
    return node.base if isinstance(node, Power) and node.exponent in minus_one else None


def _transpose_lost(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Transpose):
        yield node.operand


def _transpose_added(node: Node, symbols: Symbols) -> Iterator[Node]:
    if isinstance(node, Name) and symbols.domain(node.name).kind == "matrix":
        yield Transpose(node)


def _transpose_order(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Transpose) and isinstance(node.operand, Multiply):
        yield Multiply(tuple(Transpose(factor) for factor in node.operand.factors))


def _inverse_order(node: Node, symbols: Symbols) -> Iterator[Node]:
    inside = inverted(node)
    if isinstance(inside, Multiply) and is_table(inside, symbols):
        yield Multiply(tuple(call("inverse", factor) for factor in inside.factors))


def _inverse_of_sum(node: Node, symbols: Symbols) -> Iterator[Node]:
    inside = inverted(node)
    if inside is not None and is_table(inside, symbols):
        terms = signed_terms(inside)
        if len(terms) > 1:
            yield summed((sign, call("inverse", term)) for sign, term in terms)


def _commuted(node: Node, symbols: Symbols) -> Iterator[Node]:
    if isinstance(node, Multiply):
        for place in range(len(node.factors) - 1):
            pair = node.factors[place : place + 2]
            if all(is_table(factor, symbols) for factor in pair):
                factors = (*node.factors[:place], pair[1], pair[0], *node.factors[place + 2 :])
                yield Multiply(factors)


def _square_of_matrices(node: Node, symbols: Symbols) -> Iterator[Node]:
    if isinstance(node, Power) and node.exponent == Number(2) and is_table(node.base, symbols):
        terms = signed_terms(node.base)
        if len(terms) == 2:
            (one, a), (other, b) = terms
            middle = (one * other, times(Number(2), a, b))
            yield summed([(1, power(a, 2)), middle, (1, power(b, 2))])
        if isinstance(node.base, Multiply):
            yield product(power(factor, 2) for factor in node.base.factors)


def _determinant(node: Node, symbols: Symbols) -> Iterator[Node]:
    if not is_call(node, "det"):
        return
    inside = argument(node)
    terms = signed_terms(inside)
    if len(terms) > 1:
        yield summed((sign, call("det", term)) for sign, term in terms)
    if isinstance(inside, Multiply):
        for place, factor in enumerate(inside.factors):
            if not is_table(factor, symbols):
                yield times(factor, call("det", times(*without(inside.factors, place))))


def _two_by_two(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if is_call(node, "det") and isinstance(argument(node), Matrix):
        table = argument(node)
        assert isinstance(table, Matrix)
        if len(table.rows) == len(table.rows[0]) == 2:
            (a, b), (c, d) = table.rows
            yield plus(times(a, d), times(b, c))
            yield times(a, d)
            yield minus(times(b, c), times(a, d))
            yield minus(times(a, b), times(c, d))


def _trace(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if is_call(node, "trace", "det"):
        inside = argument(node)
        if isinstance(inside, Multiply) and is_call(node, "trace"):
            yield product(call("trace", factor) for factor in inside.factors)
        yield call("det" if is_call(node, "trace") else "trace", inside)


def _norm(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    square = node.base if isinstance(node, Power) and node.exponent == Number(2) else None
    if square is not None and is_call(square, "norm"):
        terms = signed_terms(argument(square))
        yield square
        if len(terms) > 1:
            yield plus(*(power(call("norm", term), 2) for _, term in terms))
    if is_call(node, "norm"):
        terms = signed_terms(argument(node))
        yield power(node, 2)
        if len(terms) > 1:
            yield plus(*(call("norm", term) for _, term in terms))


def _wrong_axis(node: Node, symbols: Symbols) -> Iterator[Node]:
    del symbols
    if isinstance(node, Index) and len(node.indices) == 2 and node.indices[0] != node.indices[1]:
        yield replace(node, indices=node.indices[::-1])
    pairs = {
        part.base
        for part in walk(node)
        if isinstance(part, Index) and len(part.indices) == 2 and part is not node
    }
    if isinstance(node, Fold):
        for base in sorted(pairs):
            yield mapped(
                node,
                lambda part, base=base: (
                    replace(part, indices=part.indices[::-1])  # type: ignore[misc]
                    if isinstance(part, Index) and part.base == base
                    else None
                ),
            )


MISTAKES = (
    Mistake(
        "transpose-keeps-the-order",
        "The transpose of a product without turning the order",
        "The transpose of a product turns its order: (A B)^T = B^T A^T.",
        Example("(A*B)^T", "A^T*B^T", _AB),
        _transpose_order,
    ),
    Mistake(
        "inverse-keeps-the-order",
        "The inverse of a product without turning the order",
        "The inverse of a product turns its order: (A B)^-1 = B^-1 A^-1.",
        Example("inverse(A*B)", "inverse(A)*inverse(B)", _AB),
        _inverse_order,
    ),
    Mistake(
        "inverse-of-a-sum",
        "The inverse of a sum taken apart",
        "The inverse of a sum is not the sum of inverses.",
        Example("inverse(A + B)", "inverse(A) + inverse(B)", _AB),
        _inverse_of_sum,
    ),
    Mistake(
        "transpose-forgotten",
        "A transpose forgotten",
        "A transpose is missing: a matrix and its transpose differ unless it is symmetric.",
        Example("A^T*B", "A*B", _AB),
        _transpose_lost,
        small=True,
    ),
    Mistake(
        "transpose-too-many",
        "A transpose too many",
        "A transpose stands where none belongs.",
        Example("A*v", "A^T*v", _AB),
        _transpose_added,
    ),
    Mistake(
        "matrices-commuted",
        "Two matrices in the wrong order",
        "Matrices do not commute: A B is not B A.",
        Example("A*B", "B*A", _AB),
        _commuted,
    ),
    Mistake(
        "square-of-matrices",
        "The square of matrices multiplied out as for numbers",
        "Matrices do not commute: (A + B)^2 = A^2 + A B + B A + B^2, and (A B)^2 = A B A B.",
        Example("(A + B)^2", "A^2 + 2*A*B + B^2", _AB),
        _square_of_matrices,
    ),
    Mistake(
        "determinant-not-linear",
        "A determinant taken as linear",
        "A determinant is linear in each row, not in the matrix: det(c A) = c^n det A, and "
        "det(A + B) is no sum.",
        Example("det(3*A)", "3*det(A)", _AB),
        _determinant,
    ),
    Mistake(
        "determinant-two-by-two",
        "The determinant of two rows wrong",
        "The determinant of [[a, b], [c, d]] is a d - b c.",
        Example("det([[a, b], [c, d]])", "a*d + b*c", tuple((name, "real") for name in "abcd")),
        _two_by_two,
    ),
    Mistake(
        "trace-of-a-product",
        "Trace and determinant mixed up, or a trace taken apart",
        "trace(A B) = trace(B A), which is not trace(A) trace(B): that is a law of determinants.",
        Example("trace(A*B)", "trace(A)*trace(B)", _AB),
        _trace,
    ),
    Mistake(
        "norm-of-a-sum",
        "A norm taken apart, or without its square",
        "|v + w|^2 = |v|^2 + 2 v.w + |w|^2, and |v + w| <= |v| + |w|.",
        Example("norm(v + w)^2", "norm(v)^2 + norm(w)^2", _AB),
        _norm,
    ),
    Mistake(
        "wrong-axis",
        "Summed or broadcast over the wrong axis",
        "The two indices are exchanged: the sum runs over the other axis.",
        Example("sum(a[i, j]*x[j], j, 1, n)", "sum(a[j, i]*x[j], j, 1, n)",
                (("a", "sequence"), ("x", "sequence"), ("n", "positive integer"),
                 ("i", "positive integer"))),
        _wrong_axis,
        small=True,
    ),
)  # fmt: skip
