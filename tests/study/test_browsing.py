"""The list of all cards, its filters, and what is done to many at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from studytui.cards.citation import Citation
from studytui.errors import StudyError
from studytui.memory.rating import Rating
from studytui.store.events import Report
from studytui.study.browsing import Change, Standing, browse, change, last_grade, take_back
from studytui.study.desk import Desk
from studytui.study.own import Draft, Form, add
from studytui.study.own_versions import Version
from studytui.study.review import ReviewSession
from studytui.study.tagging import tag_of
from tests.tui.studio import make_desk

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        yield desk


def chosen(desk: Desk, query: str, now: datetime = NOW) -> set[str]:
    return {row.card for row in browse(desk, query, now)}


def grade(desk: Desk, card: str, grade: int, now: datetime = NOW) -> None:
    desk.ledger.grade(card, Rating(grade), now, retention=0.9, factor=None)


def test_every_card_is_listed_as_it_stands(desk: Desk) -> None:
    assert chosen(desk, "") == {record.card for record in desk.records()}
    grade(desk, "count-sum", 4)
    (row,) = browse(desk, "count-sum", NOW)
    assert (row.standing, row.reps, row.article) == (Standing.REVIEW, 1, "counting")
    assert date.fromisoformat(row.due) > NOW.date()
    assert last_grade(desk, "count-sum") == "easy"
    outcome = desk.ledger.grade(
        "count-sum", Rating.AGAIN, NOW + timedelta(days=9), retention=0.9, factor=None
    )
    assert last_grade(desk, "count-sum") == "again"
    desk.ledger.take_back(outcome, NOW + timedelta(days=9))
    assert last_grade(desk, "count-sum") == "easy"
    assert last_grade(desk, "count-square") == ""
    assert not row.is_due
    assert row.stability > 1


def test_filters_hold_together(desk: Desk) -> None:
    cards = chosen(desk, "article:counting")
    assert cards == chosen(desk, "track:things") == chosen(desk, "article:counting is:new")
    grade(desk, "count-sum", 1)
    assert chosen(desk, "is:learning") == {"count-sum"}
    assert chosen(desk, "is:due") == set()
    assert chosen(desk, "is:due", NOW + timedelta(hours=1)) == {"count-sum"}
    desk.ledger.record(Report("count-sum", "the sum is wrong"), NOW)
    assert [row.reported for row in browse(desk, "is:reported", NOW)] == ["the sum is wrong"]
    assert chosen(desk, "COUNT-SU is:learning track:things") == {"count-sum"}
    assert chosen(desk, "is:learning track:things nowhere") == set()


@pytest.mark.parametrize("query", ["is:late", "track:none", "article:none"])
def test_a_filter_that_does_not_exist_is_refused(desk: Desk, query: str) -> None:
    with pytest.raises(StudyError):
        browse(desk, query, NOW)


def test_many_are_changed_at_once_and_their_history_stays(desk: Desk) -> None:
    rows = browse(desk, "article:counting", NOW)
    assert len(change(desk, rows, Change(suspend=True), NOW)) == len(rows)
    assert chosen(desk, "is:suspended") == {row.card for row in rows}
    again = browse(desk, "is:suspended", NOW)
    assert len(change(desk, again, Change(suspend=True), NOW)) == 0
    assert len(change(desk, again, Change(unsuspend=True), NOW)) == len(rows)
    assert chosen(desk, "is:suspended") == set()


def test_a_card_is_made_new_again(desk: Desk) -> None:
    grade(desk, "count-sum", 4)
    assert len(change(desk, browse(desk, "article:counting", NOW), Change(reset=True), NOW)) == 1
    (row,) = browse(desk, "count-sum", NOW)
    assert (row.standing, row.due) == (Standing.NEW, "")
    kinds = [event.body.kind for event in desk.ledger.journal.events()]
    assert kinds == ["review", "reset"]


def test_a_due_day_is_set_and_the_memory_stays(desk: Desk) -> None:
    grade(desk, "count-sum", 4)
    (before,) = browse(desk, "count-sum", NOW)
    tomorrow = NOW.date() + timedelta(days=1)
    assert len(change(desk, [before], Change(due=tomorrow), NOW)) == 1
    (after,) = browse(desk, "count-sum", NOW)
    assert (after.due, after.stability) == (tomorrow.isoformat(), before.stability)
    session = ReviewSession(desk.ledger, desk.records(), NOW + timedelta(days=1))
    assert session.counts.reviews == 1


def test_a_change_of_many_is_taken_back(desk: Desk) -> None:
    grade(desk, "count-sum", 4)
    before = browse(desk, "article:counting", NOW)
    done = change(desk, before, Change(suspend=True), NOW)
    take_back(desk, done, NOW)
    assert browse(desk, "article:counting", NOW) == before


def test_tags_are_put_on_many_and_taken_back(desk: Desk) -> None:
    rows = browse(desk, "article:counting", NOW)
    done = change(desk, rows[:3], Change(tag="exam::2"), NOW)
    assert len(done) == 3
    assert len(change(desk, browse(desk, "tag:exam", NOW), Change(tag="exam::2"), NOW)) == 0
    assert chosen(desk, "tag:EXAM::2 is:new") == {row.card for row in rows[:3]}
    change(desk, browse(desk, rows[0].card, NOW)[:1], Change(untag="exam::2"), NOW)
    assert chosen(desk, "tag:exam") == {row.card for row in rows[1:3]}
    with pytest.raises(StudyError, match="no card has the tag"):
        browse(desk, "tag:exa", NOW)
    take_back(desk, done, NOW)
    with pytest.raises(StudyError, match="No card has a tag yet"):
        browse(desk, "tag:exam", NOW)
    # Tagging leaves the schedule as it was.
    assert {row.standing for row in browse(desk, "article:counting", NOW)} == {Standing.NEW}


def test_tags_of_the_source_count_and_can_be_taken_off(desk: Desk, tmp_path: Path) -> None:
    article = tmp_path / "lab" / "things" / "counting.md"
    text = article.read_text("utf-8")
    article.write_text(
        text.replace("kind: basic\n", "kind: basic\ntags: [why, two words]\n"), "utf-8"
    )
    desk.library.refresh()
    assert chosen(desk, "tag:why") == {"count-why"}
    (row,) = browse(desk, "count-why", NOW)
    assert row.tags == ("two words", "why")
    change(desk, [row], Change(untag="why"), NOW)
    assert browse(desk, "count-why", NOW)[0].tags == ("two words",)


@pytest.mark.parametrize("tag", ["", "two words", "a,b", "x" * 61, "\x1b[2J", ":x"])
def test_what_is_no_tag_is_refused(desk: Desk, tag: str) -> None:
    with pytest.raises(StudyError, match="is no tag"):
        tag_of(tag)


def test_own_cards_are_listed_with_their_source(desk: Desk) -> None:
    place = Citation("counting", "counting", "Counting is a start.")
    written = add(desk, Draft(Form.CARD, "One?", "1", ("mine",), place))
    (row,) = browse(desk, "is:own", NOW)
    assert (row.card, row.source) == (written.id, f"{written.path}:{written.line}")
    assert (row.track, row.tags, row.version) == ("things", ("mine",), Version.NEW)
    assert chosen(desk, "tag:mine track:things") == {written.id}
    assert chosen(desk, "is:outdated") == set()
