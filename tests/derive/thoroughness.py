"""How often what is drawn at random is drawn: few by default, ``THOROUGH=5 pytest tests/derive``
draws five times as many."""

from __future__ import annotations

import os

THOROUGH = int(os.environ.get("THOROUGH", "1"))


def times(count: int) -> int:
    """The count by default, times ``THOROUGH``."""
    return count * THOROUGH
