from __future__ import annotations

from random import Random

import pytest

from studytui.errors import StudyError
from studytui.memory.fitting import FEWEST_RECALLS, fit


def forgetful_history(cards: int, seed: int) -> dict[str, list[tuple[int, int]]]:
    """A reader who forgets far faster than the default parameters expect."""
    random = Random(seed)
    histories = {}
    for card in range(cards):
        day, stability, history = random.randrange(60), 0.6, []
        history.append((3, day))
        for _ in range(6):
            wait = max(1, round(stability * random.uniform(0.8, 3)))
            day += wait
            recalled = random.random() < 0.9 ** (wait / stability)
            history.append((3 if recalled else 1, day))
            stability = stability * 1.4 if recalled else 0.5
        histories[str(card)] = history
    return histories


def test_fitting_lowers_the_loss_of_a_forgetful_reader() -> None:
    found = fit(forgetful_history(300, seed=1), ())
    assert found.recalls == 300 * 6
    assert found.better
    assert found.after.log_loss < 0.9 * found.before.log_loss
    assert len(found.new) == len(found.old) == 21
    # Fitted initial stabilities are shorter than the defaults.
    assert found.new[2] < found.old[2]


def test_too_little_history_is_refused_with_the_reason() -> None:
    with pytest.raises(StudyError, match=f"6 reviews .*{FEWEST_RECALLS} are needed"):
        fit(forgetful_history(1, seed=1), ())
