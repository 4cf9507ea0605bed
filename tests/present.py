"""What is there, where a type allows that it is not."""

from __future__ import annotations

from typing import TypeVar

Some = TypeVar("Some")


def present(value: Some | None) -> Some:
    """The value; the test fails where there is none."""
    assert value is not None
    return value
