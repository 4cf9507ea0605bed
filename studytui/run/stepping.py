"""A number moved by a step: what an arrow key does to a parameter.

A step is one unit of the second significant digit, so that small and large values move alike; a
whole number moves by one at least. Bounds are never passed.

>>> rate = Parameter("lr", "number", "0.001", minimum=0.0, maximum=1.0)
>>> stepped(rate, "0.001", 1), stepped(rate, "0.0123", -1), stepped(rate, "0.99", 5)
('0.0011', '0.0113', '1')
>>> count = Parameter("n", "integer", "3", minimum=1, maximum=1000)
>>> stepped(count, "3", 1), stepped(count, "512", 1), stepped(count, "3", -10)
('4', '522', '1')
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from studytui.run.parameters import Parameter

NUMERIC = ("integer", "number")
FINEST = Decimal("1e-4")
"""The least step as a share of the range, so that zero can be reached; without one, of 1."""
LARGEST = Decimal("1e15")


def stepped(parameter: Parameter, text: str, by: int) -> str:
    """``text`` moved by ``by`` steps within the bounds; unchanged where it is no number."""
    try:
        value = Decimal(text.strip() or parameter.default or "0")
    except InvalidOperation:
        return text
    if parameter.kind not in NUMERIC or not value.is_finite() or abs(value) > LARGEST:
        return text
    low, high = (None if x is None else Decimal(repr(x)) for x in _bounds(parameter))
    moved = value + by * _unit(parameter, value, by, low, high)
    if low is not None:
        moved = max(moved, low)
    if high is not None:
        moved = min(moved, high)
    return _plain(moved, parameter)


def _bounds(parameter: Parameter) -> tuple[float | None, float | None]:
    return parameter.minimum, parameter.maximum


def _unit(
    parameter: Parameter, value: Decimal, by: int, low: Decimal | None, high: Decimal | None
) -> Decimal:
    """The size of a step from ``value``."""
    width = high - low if low is not None and high is not None else Decimal(1)
    least = Decimal(1).scaleb((width * FINEST).adjusted()) if width > 0 else FINEST
    digit = value.adjusted() if value else least.adjusted() + 1
    if value and (by > 0) != (value > 0) and abs(value) == Decimal(1).scaleb(digit):
        digit -= 1  # from 1 downwards: 0.99, not 0.9
    unit = max(Decimal(1).scaleb(digit - 1), least)
    return max(unit, Decimal(1)) if parameter.kind == "integer" else unit


def _plain(value: Decimal, parameter: Parameter) -> str:
    if parameter.kind == "integer":
        return str(int(value))
    shown = format(value.normalize(), "f")
    return "0" if shown in ("-0", "0") else shown
