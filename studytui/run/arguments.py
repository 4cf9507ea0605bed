"""What a person gives for the parameters of a snippet: checked, and as its command line."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from studytui.run.parameters import ParameterError, check
from studytui.run.signature import Snippet


def check_all(snippet: Snippet, values: Mapping[str, str]) -> dict[str, str]:
    """All values checked, under the parameters' names, those left out with their defaults.

    Raises :class:`ParameterError` for an unknown name, a bad value or a missing one.
    """
    given: dict[str, str] = {}
    for name, text in values.items():
        parameter = snippet.parameter(name)
        if parameter is None:
            raise unknown(snippet, name)
        if text == "" and parameter.optional:
            continue
        given[parameter.name] = check(parameter, text)
    for parameter in snippet.parameters:
        if parameter.name not in given and parameter.default is not None:
            given[parameter.name] = parameter.default
        elif parameter.name not in given and parameter.required:
            raise ParameterError(
                f"{snippet.name} needs a value for {parameter.name}",
                todo=f"Give it: {parameter.option or parameter.name} VALUE",
            )
    return given


def unknown(snippet: Snippet, name: str) -> ParameterError:
    """The error for a name that no parameter has."""
    names = [each.name.replace("_", "-") for each in snippet.parameters]
    near = difflib.get_close_matches(name.replace("_", "-"), names, n=1)
    hint = f"Did you mean --{near[0]}?" if near else ""
    has = f"It takes {', '.join('--' + each for each in names)}." if names else "It takes none."
    return ParameterError(f"{snippet.name} has no parameter {name!r}", todo=f"{hint} {has}".strip())


def arguments(snippet: Snippet, values: Mapping[str, str]) -> list[str]:
    """The command line that gives the snippet ``values``, as :func:`check_all` returned them.

    Defaults are left out, so that the snippet's own stand.
    """
    options: list[str] = []
    places: list[str] = []
    for parameter in snippet.parameters:
        value = values.get(parameter.name)
        if value is None or (value == parameter.default and parameter.option):
            continue
        if not parameter.option:
            places.append(value)
        elif parameter.kind == "switch":
            options += [parameter.option if value == "true" else parameter.off]
        else:
            options += [f"{parameter.option}={value}"]
    return [*options, *(["--", *places] if places else [])]
