"""Logs of reviews from elsewhere: both forms, and every mistake with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.memory.days import StudyDays
from studytui.memory.rating import Rating
from studytui.memory.review_log import LoggedReview, Replayed, read_log, replay_log
from studytui.memory.scheduler import Scheduler

# 2026-03-01 at noon, five minutes later, the next night at 1:30, and three days on; UTC.
NOON = 1_772_366_400_000
TIMES = [NOON, NOON + 300_000, NOON + 48_600_000, NOON + 259_200_000]


def written(folder: Path, text: str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_and_json_lines_say_the_same(tmp_path: Path) -> None:
    rows = [("7", 3, TIMES[1]), ("seven", 1, TIMES[0])]
    table = "rating,card_id,review_time,note\n" + "".join(
        f"{rating},{card},{time},x\n" for card, rating, time in rows
    )
    lines = "\n".join(
        f'{{"card_id": "{card}", "rating": {rating}, "review_time": {time}}}'
        for card, rating, time in rows
    )
    expected = [
        LoggedReview(7, Rating.GOOD, TIMES[1]),
        LoggedReview("seven", Rating.AGAIN, TIMES[0]),
    ]
    assert read_log(written(tmp_path, "\ufeff" + table)) == expected
    assert read_log(written(tmp_path, lines, "log.jsonl")) == expected


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("card_id,rating\n1,3\n", ":1", "review_time missing"),
        ("card_id,rating,review_time\n1,3,17\n1,5,17\n", ":3", "rating 5 is not a grade"),
        ("card_id,rating,review_time\n\n1,3\n", ":3", "review_time is not a whole number"),
        ("card_id,rating,review_time\n,3,17\n", ":2", "card_id"),
        ("card_id,rating,review_time\n1,3,-5\n", ":2", "milliseconds since 1970"),
        ("card_id,rating,review_time\n1,3,1e5\n", ":2", "whole number"),
        ('{"card_id": 1, "rating": 3, "review_time": 17}\n{"card_id"\n', ":2", "not JSON"),
        ('{"card_id": true, "rating": 3, "review_time": 17}\n', ":1", "card_id"),
        ('{"card_id": 1, "rating": 3}\n', ":1", "review_time missing"),
        ('{"card_id": 1, "rating": 3, "review_time": 17}\n[1]\n', ":2", "not a JSON object"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, where: str, what: str) -> None:
    with pytest.raises(StudyError, match=what) as caught:
        read_log(written(tmp_path, text))
    assert caught.value.where.endswith(f"log.csv{where}")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="cannot be read"):
        read_log(tmp_path / "none.csv")


def test_replay_counts_study_days(tmp_path: Path) -> None:
    reviews = [
        LoggedReview("a", Rating(grade), time)
        for grade, time in zip((3, 3, 3, 1), TIMES, strict=True)
    ]
    (card,) = replay_log(reviews[::-1], Scheduler(), StudyDays.of("UTC", 4), 0.9)
    scheduler = Scheduler()
    state = scheduler.model.first(Rating.GOOD)
    # The night belongs to the day before: the third review is still a review of the same day.
    for days, grade in ((0, 3), (0, 3), (3, 1)):
        state = scheduler.model.next(*state, days, Rating(grade))
    assert card == Replayed(
        "a",
        *state,
        due_day="2026-03-04",
        state="relearning",
        interval=card.interval,
        last_day="2026-03-04",
        reviews=4,
        lapses=1,
    )
    (later,) = replay_log(reviews[:2], Scheduler(), StudyDays.of("Asia/Tokyo", 4), 0.9)
    assert (later.state, later.interval, later.due_day) == ("review", 2, "2026-03-03")
