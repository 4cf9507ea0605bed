"""Nodes to ASCII that the grammar reads back as the same nodes."""

from __future__ import annotations

from studytui.derive.expr.nodes import (
    Add,
    Call,
    Constant,
    Derivative,
    Divide,
    Expectation,
    Fold,
    Index,
    Integral,
    Limit,
    Logic,
    Matrix,
    Multiply,
    Name,
    Negate,
    Node,
    Number,
    Piecewise,
    Power,
    Relation,
    SetOf,
    Transpose,
)

_LOGIC, _RELATION, _SUM, _PRODUCT, _POWER, _ATOM = range(6)


def to_text(node: Node) -> str:
    """The expression in ASCII."""
    return _text(node)[0]


def _text(node: Node) -> tuple[str, int]:
    """The text and how tightly it holds together."""
    if isinstance(node, Number):
        if node.denominator == 1:
            return str(node.numerator), _ATOM if node.numerator >= 0 else _SUM
        return f"{node.numerator}/{node.denominator}", _PRODUCT if node.numerator >= 0 else _SUM
    if isinstance(node, Name | Constant):
        return node.name, _ATOM
    if isinstance(node, Add):
        return _sum(node), _SUM
    if isinstance(node, Negate):
        return f"-{_in(node.operand, _PRODUCT)}", _SUM
    if isinstance(node, Multiply):
        first, *rest = node.factors
        factors = [_in(first, _PRODUCT), *(_in(factor, _POWER) for factor in rest)]
        return "*".join(factors), _PRODUCT
    if isinstance(node, Divide):
        return f"{_in(node.numerator, _PRODUCT)}/{_in(node.denominator, _POWER)}", _PRODUCT
    if isinstance(node, Power):
        return f"{_in(node.base, _ATOM)}^{_in(node.exponent, _ATOM)}", _POWER
    if isinstance(node, Transpose):
        return f"transpose({to_text(node.operand)})", _ATOM
    if isinstance(node, Relation):
        parts = [_in(node.operands[0], _SUM)]
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            parts += [operator, _in(operand, _SUM)]
        return " ".join(parts), _RELATION
    if isinstance(node, Logic):
        if node.kind == "not":
            return f"not {_in(node.operands[0], _ATOM)}", _LOGIC
        return f" {node.kind} ".join(_in(part, _RELATION) for part in node.operands), _LOGIC
    return _form(node), _ATOM


def _sum(node: Add) -> str:
    text = _in(node.terms[0], _SUM)
    for term in node.terms[1:]:
        if isinstance(term, Negate):
            text += f" - {_in(term.operand, _PRODUCT)}"
        else:
            text += f" + {_in(term, _PRODUCT)}"
    return text


def _in(node: Node, least: int) -> str:
    text, strength = _text(node)
    return text if strength >= least else f"({text})"


def _list(nodes: tuple[Node, ...]) -> str:
    return ", ".join(to_text(node) for node in nodes)


def _form(node: Node) -> str:
    if isinstance(node, Call):
        return f"{node.function}{chr(39) * node.primes}({_list(node.arguments)})"
    if isinstance(node, Index):
        return f"{node.base}[{_list(node.indices)}]"
    if isinstance(node, Fold):
        if node.kind in ("max", "min"):  # max(a, b, c, d) is that of four numbers
            ends = f"{{{node.variable}={to_text(node.lower)}}}^{{{to_text(node.upper)}}}"
            return f"({node.kind}_{ends} ({to_text(node.body)}))"
        name = {"product": "prod"}.get(node.kind, node.kind)
        return f"{name}({_list((node.body, Name(node.variable), node.lower, node.upper))})"
    if isinstance(node, Integral):
        bounds = () if node.lower is None or node.upper is None else (node.lower, node.upper)
        return f"int({_list((node.body, Name(node.variable), *bounds))})"
    if isinstance(node, Derivative):
        order = f", {node.order}" if node.order != 1 else ""
        return f"diff({_list((node.body, node.variable))}{order})"
    if isinstance(node, Limit):
        side = f", {node.side}" if node.side else ""
        return f"lim({_list((node.body, Name(node.variable), node.point))}{side})"
    if isinstance(node, Expectation):
        return f"E[{to_text(node.body)}]"
    if isinstance(node, SetOf):
        return "{" + _list(node.elements) + "}"
    if isinstance(node, Matrix):
        return "[" + ", ".join(f"[{_list(row)}]" for row in node.rows) + "]"
    assert isinstance(node, Piecewise)
    pairs = zip(node.values, node.conditions, strict=True)
    return f"piecewise({', '.join(f'({_list(pair)})' for pair in pairs)})"
