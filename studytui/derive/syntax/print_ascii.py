"""Nodes to ASCII that the grammar reads back as the same nodes."""

from __future__ import annotations

from studytui.derive.expr import nodes

_LOGIC, _RELATION, _SUM, _PRODUCT, _POWER, _ATOM = range(6)


def to_text(node: nodes.Node) -> str:
    """The expression in ASCII."""
    return _text(node)[0]


def _text(node: nodes.Node) -> tuple[str, int]:
    """The text and how tightly it holds together."""
    if isinstance(node, nodes.Number):
        if node.denominator == 1:
            return str(node.numerator), _ATOM if node.numerator >= 0 else _SUM
        return f"{node.numerator}/{node.denominator}", _PRODUCT if node.numerator >= 0 else _SUM
    if isinstance(node, nodes.Name | nodes.Constant):
        return node.name, _ATOM
    if isinstance(node, nodes.Add):
        return _sum(node), _SUM
    if isinstance(node, nodes.Negate):
        return f"-{_in(node.operand, _PRODUCT)}", _SUM
    if isinstance(node, nodes.Multiply):
        first, *rest = node.factors
        factors = [_in(first, _PRODUCT), *(_in(factor, _POWER) for factor in rest)]
        return "*".join(factors), _PRODUCT
    if isinstance(node, nodes.Divide):
        return f"{_in(node.numerator, _PRODUCT)}/{_in(node.denominator, _POWER)}", _PRODUCT
    if isinstance(node, nodes.Power):
        return f"{_in(node.base, _ATOM)}^{_in(node.exponent, _ATOM)}", _POWER
    if isinstance(node, nodes.Transpose):
        return f"transpose({to_text(node.operand)})", _ATOM
    if isinstance(node, nodes.Relation):
        parts = [_in(node.operands[0], _SUM)]
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            parts += [operator, _in(operand, _SUM)]
        return " ".join(parts), _RELATION
    if isinstance(node, nodes.Logic):
        if node.kind == "not":
            return f"not {_in(node.operands[0], _ATOM)}", _LOGIC
        return f" {node.kind} ".join(_in(part, _RELATION) for part in node.operands), _LOGIC
    return _form(node), _ATOM


def _sum(node: nodes.Add) -> str:
    text = _in(node.terms[0], _SUM)
    for term in node.terms[1:]:
        if isinstance(term, nodes.Negate):
            text += f" - {_in(term.operand, _PRODUCT)}"
        else:
            text += f" + {_in(term, _PRODUCT)}"
    return text


def _in(node: nodes.Node, least: int) -> str:
    text, strength = _text(node)
    return text if strength >= least else f"({text})"


def _list(items: tuple[nodes.Node, ...]) -> str:
    return ", ".join(to_text(item) for item in items)


def _form(node: nodes.Node) -> str:
    if isinstance(node, nodes.Call):
        return f"{node.function}{chr(39) * node.primes}({_list(node.arguments)})"
    if isinstance(node, nodes.Index):
        return f"{node.base}[{_list(node.indices)}]"
    if isinstance(node, nodes.Fold):
        if node.kind in ("max", "min"):  # max(a, b, c, d) is that of four numbers
            ends = f"{{{node.variable}={to_text(node.lower)}}}^{{{to_text(node.upper)}}}"
            return f"({node.kind}_{ends} ({to_text(node.body)}))"
        name = {"product": "prod"}.get(node.kind, node.kind)
        return f"{name}({_list((node.body, nodes.Name(node.variable), node.lower, node.upper))})"
    if isinstance(node, nodes.Integral):
        bounds = () if node.lower is None or node.upper is None else (node.lower, node.upper)
        return f"int({_list((node.body, nodes.Name(node.variable), *bounds))})"
    if isinstance(node, nodes.Derivative):
        order = f", {node.order}" if node.order != 1 else ""
        return f"diff({_list((node.body, node.variable))}{order})"
    if isinstance(node, nodes.Limit):
        side = f", {node.side}" if node.side else ""
        return f"lim({_list((node.body, nodes.Name(node.variable), node.point))}{side})"
    if isinstance(node, nodes.Expectation):
        return f"E[{to_text(node.body)}]"
    if isinstance(node, nodes.SetOf):
        return "{" + _list(node.elements) + "}"
    if isinstance(node, nodes.Matrix):
        return "[" + ", ".join(f"[{_list(row)}]" for row in node.rows) + "]"
    assert isinstance(node, nodes.Piecewise)
    pairs = zip(node.values, node.conditions, strict=True)
    return f"piecewise({', '.join(f'({_list(pair)})' for pair in pairs)})"
