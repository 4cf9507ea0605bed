"""The words after a snippet's name become values of its parameters."""

from __future__ import annotations

from collections.abc import Sequence

from studytui.run.arguments import unknown
from studytui.run.parameters import Parameter, ParameterError
from studytui.run.signature import Snippet


def parse_words(snippet: Snippet, words: Sequence[str]) -> dict[str, str]:
    """``--n 3``, ``--n=3``, ``--causal``, ``--no-causal``, and arguments by their place.

    Values are not checked here. Raises ParameterError for what the snippet does not take.
    """
    values: dict[str, str] = {}
    places = [each for each in snippet.parameters if not each.option]
    rest = list(words)
    options = True
    while rest:
        word = rest.pop(0)
        if options and word == "--":
            options = False
        elif options and word.startswith("-") and not _is_number(word):
            parameter, value = _option(snippet, word, rest)
            values[parameter.name] = value
        elif places:
            values[places.pop(0).name] = word
        else:
            raise ParameterError(f"{snippet.name} has no place for {word!r}", todo=_usage(snippet))
    return values


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _option(snippet: Snippet, word: str, rest: list[str]) -> tuple[Parameter, str]:
    flag, equals, value = word.partition("=")
    for parameter in snippet.parameters:
        if parameter.kind == "switch" and flag == parameter.off and not equals:
            return parameter, "false"
        if flag in (parameter.option, "--" + parameter.name.replace("_", "-")):
            if equals:
                return parameter, value
            if parameter.kind == "switch":
                return parameter, "true"
            if not rest:
                raise ParameterError(f"{flag} needs a value", todo=_usage(snippet))
            return parameter, rest.pop(0)
    parameter_by_name = snippet.parameter(flag.lstrip("-"))
    if parameter_by_name is not None and flag.startswith("--"):
        return _option(snippet, word.replace(flag, parameter_by_name.option, 1), rest)
    raise unknown(snippet, flag.lstrip("-"))


def _usage(snippet: Snippet) -> str:
    return f"studytui run {snippet.name} {usage(snippet)}".rstrip()


def usage(snippet: Snippet) -> str:
    """The parameters in one line: ``[--n INTEGER] WORD``."""
    return " ".join(
        f"[{each.option}{'' if each.kind == 'switch' else ' ' + each.kind.upper()}]"
        if each.option
        else each.name.upper()
        for each in snippet.parameters
    )


def describe(snippet: Snippet) -> list[str]:
    """A line a parameter: flag, kind, default, bounds, help."""
    lines = []
    for each in snippet.parameters:
        kind = " | ".join(each.choices) if each.choices else each.kind
        details = [kind, each.range, "" if each.default is None else f"default {each.default}"]
        told = ", ".join(filter(None, details))
        lines.append(f"  {each.option or each.name.upper():<20} {told}. {each.help}".rstrip())
    return lines
