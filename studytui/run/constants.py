"""Values that stand in a source and need no running: constants, aliases, enumerations."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

from studytui.authoring.python import syntax_expression

Value = str | int | float | bool | None

DEPTH = 20
ENUMERATIONS = frozenset({"Enum", "StrEnum", "IntEnum"})
SUM: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}


class UnknownValueError(Exception):
    """An expression whose value can only be known by running it; its text is the message."""


class Constants:
    """The constants, type aliases and enumerations at the top of a module."""

    def __init__(self, tree: ast.Module) -> None:
        self.names: dict[str, ast.expr] = {}
        self.enumerations: dict[str, tuple[str, ...]] = {}
        self._members: dict[str, dict[str, str]] = {}
        for node in tree.body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                self._remember(node.targets[0], node.value)
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                self._remember(node.target, node.value)
            elif isinstance(node, ast.ClassDef):
                self._enumeration(node)
            elif type(node).__name__ == "TypeAlias":  # `type X = ...`, from Python 3.12
                self._remember(node.name, node.value)  # type: ignore[attr-defined]

    def _remember(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = value

    def _enumeration(self, node: ast.ClassDef) -> None:
        bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        if not bases & ENUMERATIONS:
            return
        members: dict[str, str] = {}
        for line in node.body:
            if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                name = line.targets[0].id
                constant = line.value.value if isinstance(line.value, ast.Constant) else None
                members[name] = name.lower() if constant is None else str(constant)
        self.enumerations[node.name] = tuple(members.values())
        self._members[node.name] = members

    def resolve(self, node: ast.expr) -> ast.expr:
        """``node`` with quoted annotations opened and names of the module followed."""
        for _ in range(DEPTH):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                try:
                    node = ast.copy_location(syntax_expression(node.value), node)
                except (SyntaxError, ValueError):
                    return node
            elif isinstance(node, ast.Name) and node.id in self.names:
                node = self.names[node.id]
            else:
                return node
        return node

    def value(self, node: ast.expr, depth: int = 0) -> Value:
        """The value of a constant expression. Raises :class:`UnknownValueError` for any other."""
        if depth > DEPTH:
            raise UnknownValueError(ast.unparse(node)[:40])
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | None):
            return node.value
        if isinstance(node, ast.Name) and node.id in self.names:
            return self.value(self.names[node.id], depth + 1)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Path"):
            if len(node.args) == 1:
                return self.value(node.args[0], depth + 1)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.value(node.operand, depth + 1)
            if isinstance(inner, int | float):
                return -inner
        elif isinstance(node, ast.BinOp):
            return self._sum(node, depth)
        raise UnknownValueError(ast.unparse(node)[:80])

    def _attribute(self, node: ast.Attribute) -> Value:
        text = ast.unparse(node).removesuffix(".value").split(".")
        if len(text) == 2 and text[1] in self._members.get(text[0], {}):
            return self._members[text[0]][text[1]]
        raise UnknownValueError(ast.unparse(node)[:80])

    def _sum(self, node: ast.BinOp, depth: int) -> Value:
        left, right = self.value(node.left, depth + 1), self.value(node.right, depth + 1)
        if not isinstance(left, int | float) or not isinstance(right, int | float):
            raise UnknownValueError(ast.unparse(node)[:80])
        try:
            if type(node.op) in SUM:
                return SUM[type(node.op)](left, right)
            if isinstance(node.op, ast.Pow) and abs(left) <= 1000 and abs(right) <= 100:
                power: float = left**right
                return power
            if (
                isinstance(node.op, ast.LShift)
                and isinstance(left, int)
                and isinstance(right, int)
                and 0 <= right <= 64
            ):
                return left << right
        except (ArithmeticError, ValueError) as error:
            raise UnknownValueError(ast.unparse(node)[:80]) from error
        raise UnknownValueError(ast.unparse(node)[:80])
