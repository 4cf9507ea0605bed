"""FSRS parameters fitted to one's own history, by fsrs-rs (the extra ``fit``).

Source: fsrs-rs, the optimizer that Anki uses; its loss is the binary cross-entropy of recall.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studytui.errors import StudyError

if TYPE_CHECKING:
    from fsrs_rs_python import FSRSItem

FEWEST_RECALLS = 400
"""Below this the 21 parameters follow the noise more than the reader."""


@dataclass(frozen=True, slots=True)
class Loss:
    """``log_loss`` in nats a review; ``error`` is the RMSE of the bins."""

    log_loss: float
    error: float


@dataclass(frozen=True, slots=True)
class Fit:
    """Parameters before and after, each with its loss on the reader's whole history.

    ``unseen`` is the loss of parameters fitted to the past and held against the reviews that
    came later, five times over: what fitting is worth on days to come.
    """

    recalls: int
    old: tuple[float, ...]
    new: tuple[float, ...]
    before: Loss
    after: Loss
    unseen: Loss

    @property
    def better(self) -> bool:
        """Whether the new parameters describe the history better."""
        return self.after.log_loss < self.before.log_loss


History = Sequence[tuple[int, int]]
"""The reviews of one card in order: (grade 1 to 4, study day as a day number)."""


def fit(histories: Mapping[str, History], current: Sequence[float], *, steps: int = 1) -> Fit:
    """Fit to all ``histories``; ``current`` are the parameters in use, empty for the defaults.

    ``steps`` is the number of relearning steps. Raises StudyError when the extra is not
    installed or there are fewer than ``FEWEST_RECALLS`` reviews on a later day than the last.
    """
    items, cards = _items(histories)
    if len(items) < FEWEST_RECALLS:
        raise StudyError(
            f"too little history to fit: {len(items)} reviews of known cards on later days,"
            f" {FEWEST_RECALLS} are needed",
            todo="Go on reviewing with the default parameters; they fit most people well.",
        )
    from fsrs_rs_python import DEFAULT_PARAMETERS, FSRS, evaluate_with_time_series_splits

    old = tuple(current) or tuple(DEFAULT_PARAMETERS)
    new = tuple(FSRS(old).compute_parameters(items, cards, True, steps))
    unseen = evaluate_with_time_series_splits(items, cards, True, steps)
    return Fit(
        recalls=len(items),
        old=old,
        new=new,
        before=_loss(old, items),
        after=_loss(new, items),
        unseen=Loss(unseen.log_loss, unseen.rmse_bins),
    )


def _loss(parameters: Sequence[float], items: list[FSRSItem]) -> Loss:
    from fsrs_rs_python import FSRS

    found = FSRS(parameters).evaluate(items)
    return Loss(found.log_loss, found.rmse_bins)


def _items(histories: Mapping[str, History]) -> tuple[list[FSRSItem], list[int]]:
    """An item for each review on a later day than the one before, in order of time."""
    try:
        from fsrs_rs_python import FSRSItem, FSRSReview
    except ImportError as error:
        raise StudyError(
            "fitting needs the optimizer, which is not installed",
            todo="pip install 'studytui[fit]'",
        ) from error
    found: list[tuple[int, int, FSRSItem]] = []
    for number, history in enumerate(histories.values()):
        reviews: list[FSRSReview] = []
        last: int | None = None
        for grade, day in history:
            elapsed = 0 if last is None else max(0, day - last)
            reviews.append(FSRSReview(grade, elapsed))
            if elapsed > 0:
                found.append((day, number, FSRSItem(list(reviews))))
            last = day
    found.sort(key=lambda each: each[:2])
    return [item for _, _, item in found], [number for _, number, _ in found]
