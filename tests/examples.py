"""How many random examples a property is tried on, and from which chance.

In the suite the same examples every time, so that a change is what makes a test fail. With
``STUDYTUI_FUZZ=N`` in the environment each number N gives others, and five times as many; ``.ci/run
fuzz`` counts N up for ``FUZZ_MINUTES`` (10) and ends at the first failure, whose N brings it back.
"""

from __future__ import annotations

import os

from hypothesis import settings

FUZZ = int(os.environ.get("STUDYTUI_FUZZ", "0"))


def examples(count: int) -> settings:
    """Settings for a property: ``count`` examples, however long each takes."""
    return settings(max_examples=times(count), deadline=None, derandomize=not FUZZ)


def chance(seed: int) -> int:
    """The seed of a random test: ``seed`` itself in the suite, another one for each N."""
    return seed + 1_000 * FUZZ


def times(count: int) -> int:
    """How often something random is tried: ``count`` times in the suite."""
    return count * (5 if FUZZ else 1)
