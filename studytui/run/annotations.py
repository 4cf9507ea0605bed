"""From the syntax tree of ``main`` to parameters, as Typer would read the same function."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path

from studytui.errors import StudyError
from studytui.run.constants import Constants, UnknownValueError
from studytui.run.parameters import Parameter

SIMPLE = {"int": "integer", "float": "number", "bool": "switch", "str": "text", "Path": "path"}
SUPPORTED = "int, float, bool, str, Path, Literal[...], an Enum, and Annotated or `| None` of them"


class SignatureError(StudyError):
    """A parameter of ``main`` that no form can be made of."""


@dataclass(frozen=True, slots=True)
class _Type:
    kind: str
    choices: tuple[str, ...] = ()
    optional: bool = False
    info: ast.Call | None = None


def read_parameters(tree: ast.Module, main: ast.FunctionDef, path: Path) -> tuple[Parameter, ...]:
    """The parameters of ``main``. Raises :class:`SignatureError` with ``file:line``."""
    constants = Constants(tree)
    extra = main.args.vararg or main.args.kwarg
    if extra is not None:
        raise _error("main cannot take * or ** parameters", path, extra.lineno)
    places = [*main.args.posonlyargs, *main.args.args]
    defaults: list[ast.expr | None] = [None] * (len(places) - len(main.args.defaults))
    pairs = [
        *zip(places, [*defaults, *main.args.defaults], strict=True),
        *zip(main.args.kwonlyargs, main.args.kw_defaults, strict=True),
    ]
    return tuple(
        _parameter(argument, default, constants, path)
        for argument, default in pairs
        if not _is_context(argument)
    )


def _is_context(argument: ast.arg) -> bool:
    return argument.annotation is not None and _last_name(argument.annotation) == "Context"


def _parameter(
    argument: ast.arg, default: ast.expr | None, constants: Constants, path: Path
) -> Parameter:
    if argument.annotation is None:
        raise _error(f"parameter {argument.arg} has no type", path, argument.lineno)
    found = _type(argument.annotation, constants, argument.arg, path)
    info, positional = found.info, found.info is not None
    if info is None and isinstance(default, ast.Call) and _is_info(default):
        info = default
        default = info.args[0] if info.args else _keyword(info, "default")
        if isinstance(default, ast.Constant) and default.value is Ellipsis:
            default = None
    flag = "--" + argument.arg.replace("_", "-")
    parameter = Parameter(
        name=argument.arg,
        kind=found.kind,
        optional=found.optional,
        choices=found.choices,
        option=flag,
        off="--no-" + flag[2:] if found.kind == "switch" else "",
        line=argument.lineno,
    )
    try:
        parameter = _with_default(parameter, default, constants)
        if info is not None:
            return _with_info(parameter, info, constants, decls_first=not positional)
    except UnknownValueError as unknown:
        raise _error(
            f"parameter {argument.arg}: {unknown} can only be known by running the snippet",
            path,
            argument.lineno,
        ) from unknown
    # Typer makes an argument of a parameter without a default.
    return replace(parameter, option="") if default is None else parameter


def _with_default(
    parameter: Parameter, default: ast.expr | None, constants: Constants
) -> Parameter:
    if default is None:
        return parameter
    value = constants.value(default)
    if value is None:
        return replace(parameter, optional=True)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return replace(parameter, default=text)


def _with_info(
    parameter: Parameter, info: ast.Call, constants: Constants, *, decls_first: bool
) -> Parameter:
    for keyword in info.keywords:
        if keyword.arg in ("min", "max"):
            bound = constants.value(keyword.value)
            if bound is not None and not isinstance(bound, int | float):
                raise UnknownValueError(ast.unparse(keyword.value))
            name = "minimum" if keyword.arg == "min" else "maximum"
            parameter = replace(parameter, **{name: bound})  # type: ignore[arg-type]
        elif keyword.arg == "help":
            text = constants.value(keyword.value)
            parameter = replace(parameter, help=str(text or ""))
    if _last_name(info.func) == "Argument":
        return replace(parameter, option="", off="")
    decls = [str(constants.value(each)) for each in info.args[1 if decls_first else 0 :]]
    flags = [each for each in decls if each.startswith("-")]
    if not flags:
        return parameter
    best = max(flags, key=lambda flag: flag.startswith("--"))
    on, _, off = best.partition("/")
    return replace(parameter, option=on, off=off if parameter.kind == "switch" else "")


def _type(node: ast.expr, constants: Constants, name: str, path: Path) -> _Type:
    node = constants.resolve(node)
    last = _last_name(node)
    if isinstance(node, ast.Name | ast.Attribute):
        if last in SIMPLE:
            return _Type(SIMPLE[last])
        if last in constants.enumerations:
            return _Type("choice", constants.enumerations[last])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        sides = [side for side in (node.left, node.right) if not _is_none(side)]
        if len(sides) == 1:
            return replace(_type(sides[0], constants, name, path), optional=True)
    if isinstance(node, ast.Subscript):
        outer = _last_name(node.value)
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if outer == "Optional":
            return replace(_type(inside[0], constants, name, path), optional=True)
        if outer == "Literal" and all(isinstance(each, ast.Constant) for each in inside):
            values = tuple(str(each.value) for each in inside if isinstance(each, ast.Constant))
            return _Type("choice", values)
        if outer == "Annotated":
            infos = [each for each in inside[1:] if isinstance(each, ast.Call) and _is_info(each)]
            found = _type(inside[0], constants, name, path)
            return replace(found, info=infos[0]) if infos else found
    raise _error(
        f"parameter {name} has a type no form can be made of: {ast.unparse(node)}",
        path,
        node.lineno,
        todo=f"Use {SUPPORTED}.",
    )


def _is_info(call: ast.Call) -> bool:
    return _last_name(call.func) in ("Option", "Argument")


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in call.keywords if each.arg == name), None)


def _error(what: str, path: Path, line: int, todo: str = "") -> SignatureError:
    return SignatureError(what, where=f"{path}:{line}", todo=todo)
