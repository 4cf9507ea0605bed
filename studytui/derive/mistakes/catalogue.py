"""All mistakes, the most plausible first: where two explain a line, the first is named."""

from __future__ import annotations

from studytui.derive.mistakes import (
    derivatives,
    expectations,
    integrals,
    learning,
    logs_and_exps,
    matrices,
    powers,
    quotients,
    relations,
    slips,
    statistics,
    sums,
)
from studytui.derive.mistakes.mistake import Mistake

ROOMS: tuple[tuple[str, tuple[Mistake, ...]], ...] = (
    ("Means and variances", expectations.MISTAKES),
    ("Integrals, densities and limits", integrals.MISTAKES),
    ("Derivatives", derivatives.MISTAKES),
    ("Logarithms and exponentials", logs_and_exps.MISTAKES),
    ("Matrices", matrices.MISTAKES),
    ("Statistics and information", statistics.MISTAKES),
    ("Sums and products over an index", sums.MISTAKES),
    ("Optimisers, reinforcement learning, diffusion", learning.MISTAKES),
    ("Powers, roots and brackets", powers.MISTAKES),
    ("Fractions", quotients.MISTAKES),
    ("Inequalities", relations.MISTAKES),
    ("Slips", slips.MISTAKES),
)
"""The rooms by title, in the order of plausibility; a slip is what has no other reason."""

MISTAKES: tuple[Mistake, ...] = tuple(mistake for _, room in ROOMS for mistake in room)
BY_NAME: dict[str, Mistake] = {mistake.name: mistake for mistake in MISTAKES}
