"""One parameter of a snippet: its type and bounds, and a value that a person gives it."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass

from studytui.errors import StudyError

KINDS = ("integer", "number", "switch", "text", "choice", "path")
TRUE = frozenset({"true", "yes", "on", "1"})
FALSE = frozenset({"false", "no", "off", "0"})


class ParameterError(StudyError):
    """A value that the snippet does not take."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of ``main``.

    ``kind`` is one of :data:`KINDS`; ``default`` the text of its value, None when it must be
    given (or is given as nothing, when ``optional``); ``option`` its flag, empty for an argument
    that goes by its place; ``off`` the flag that turns a switch off.
    """

    name: str
    kind: str
    default: str | None = None
    optional: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    help: str = ""
    option: str = ""
    off: str = ""
    line: int = 0

    @property
    def required(self) -> bool:
        """Whether a run needs a value for it."""
        return self.default is None and not self.optional

    @property
    def range(self) -> str:
        """The bounds in words: ``1 to 64``, ``at least 1``; empty when there are none."""
        low, high = self.minimum, self.maximum
        if low is not None and high is not None:
            return f"{low:g} to {high:g}"
        if low is not None:
            return f"at least {low:g}"
        return f"at most {high:g}" if high is not None else ""


def check(parameter: Parameter, text: str) -> str:
    """The value as the snippet will get it. Raises :class:`ParameterError` where it won't do."""
    text = text.strip() if parameter.kind not in ("text", "path") else text
    if "\0" in text:
        raise _unfit(parameter, text, "text without zero bytes")
    if parameter.kind == "switch":
        if text.lower() in TRUE | FALSE:
            return str(text.lower() in TRUE).lower()
        raise _unfit(parameter, text, "true or false")
    if parameter.kind == "choice":
        return _choice(parameter, text)
    if parameter.kind in ("integer", "number"):
        return _number(parameter, text)
    return text


def _choice(parameter: Parameter, text: str) -> str:
    if text in parameter.choices:
        return text
    folded = {choice.lower(): choice for choice in parameter.choices}
    if text.lower() in folded:
        return folded[text.lower()]
    near = difflib.get_close_matches(text.lower(), list(folded), n=1)
    hint = f" Did you mean {folded[near[0]]}?" if near else ""
    raise ParameterError(
        f"{parameter.name} cannot be {text!r}",
        todo=f"It is one of: {', '.join(parameter.choices)}.{hint}",
    )


def _number(parameter: Parameter, text: str) -> str:
    try:
        value: float = int(text) if parameter.kind == "integer" else float(text)
    except ValueError:
        whole = "a whole number" if parameter.kind == "integer" else "a number"
        raise _unfit(parameter, text, whole) from None
    if math.isnan(value):
        raise _unfit(parameter, text, "a number")
    low, high = parameter.minimum, parameter.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise _unfit(parameter, text, parameter.range)
    return text.replace("_", "")


def _unfit(parameter: Parameter, text: str, wanted: str) -> ParameterError:
    shown = text if len(text) <= 40 else text[:37] + "..."
    return ParameterError(f"{parameter.name} cannot be {shown!r}", todo=f"It is {wanted}.")
