"""Events as lines: what goes out comes back, what is not ours is refused with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studytui.store import codec
from studytui.store.columns import Columns
from studytui.store.errors import EventError
from studytui.store.events import (
    ArticleRead,
    Body,
    Bookmark,
    Bury,
    Derived,
    Event,
    Moment,
    MoreToday,
    Other,
    Placed,
    PlanSet,
    Practice,
    ReadingPlace,
    Redo,
    Report,
    Reset,
    Review,
    SectionRead,
    SnippetRun,
    Spent,
    Suspend,
    Trusted,
    Undo,
    Unsuspend,
    new_id,
)
from tests.examples import examples

NOON = Moment(instant_ms=1_767_268_800_000, offset_minutes=60, day=739_617)
BODIES: list[Body] = [
    Review("a/b", 2, 1500, "digest", 0.91, 0.125),
    Review("a/b", 4),
    Practice("a/b", 1, 900, "digest"),
    Undo("a/b", "f" * 32),
    Redo("a/b", "f" * 32),
    Suspend("a/b", "leech"),
    Unsuspend("a/b"),
    Bury("a/b"),
    Reset("a/b"),
    Report("a/b", "Die Lösung fehlt\n和"),
    ReadingPlace("adam", 12, 0.25),
    ArticleRead("adam", "digest", done=False),
    SectionRead("adam#the-idea"),
    Spent("adam#the-idea", "read", 61.5),
    PlanSet("plan", 25, "attention llm", "to read papers"),
    MoreToday("plan", 10),
    Placed("adam", 1, 2, known=True),
    Bookmark("adam:12", "adam", 12, "Bias correction", kept=False),
    SnippetRun("adam", "done", 2.5, "cuda:0", "digest"),
    Trusted("pack", "digest"),
    Derived("adam-bias", "m = 1\nm = 2", done=True, hints=2),
    Other("thing", "kind-of-tomorrow", '{"x":[1,2]}'),
]


def event(body: Body) -> Event:
    return Event(new_id(), new_id(), NOON, NOON.instant_ms + 3, body)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.kind)
def test_rows_and_lines_come_back_the_same(body: Body) -> None:
    one = event(body)
    assert codec.from_row(codec.to_row(one)) == one
    assert codec.from_line(codec.to_line(one)) == one
    assert codec.subject_of(one.body) in codec.to_line(one)


def changed(**changes: Any) -> str:
    value = json.loads(codec.to_line(event(Review("a/b", 3, 100))))
    value.update(changes)
    return json.dumps({key: item for key, item in value.items() if item != "gone"})


REFUSED = [
    ("", "not JSON"),
    ("[]", "not a JSON object"),
    ("[" * 100_000, "not JSON"),
    ("x" * (2**20 + 1), "longer than any event"),
    (changed(id="short"), "id is not 32"),
    (changed(id="G" * 32), "id is not 32"),
    (changed(device=7), "device is not 32"),
    (changed(instant_ms=-(10**14)), "instant_ms"),
    (changed(instant_ms=10**15), "instant_ms"),
    (changed(instant_ms=1.5), "instant_ms"),
    (changed(instant_ms=True), "instant_ms"),
    (changed(order_ms=0), "before instant_ms"),
    (changed(offset_minutes=9999), "offset_minutes"),
    (changed(day=1), "day"),
    (changed(kind=""), "kind or subject"),
    (changed(of=""), "kind or subject"),
    (changed(of="gone"), "of is not a text"),
    (changed(of=["x"]), "of is not a text"),
    (changed(content=7), "content has the wrong type"),
    (changed(grade=5), "grade does not lie"),
    (changed(grade="3"), "grade has the wrong type"),
    (changed(grade="gone"), "a field of review is missing"),
    (changed(duration_ms=10**12), "duration_ms"),
    (changed(retention=2), "retention"),
    (changed(factor=1), "factor"),
    (changed(kind="undo", target="x"), "target"),
    ('{"id": NaN}', "not JSON"),
]


# Numbers for names: the lines hold random ids, which would differ from worker to worker.
@pytest.mark.parametrize(("line", "why"), REFUSED, ids=map(str, range(len(REFUSED))))
def test_what_is_not_an_event_is_refused(line: str, why: str) -> None:
    with pytest.raises(EventError, match=why):
        codec.from_line(line)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@examples(150)
@given(
    st.sampled_from(BODIES),
    st.dictionaries(
        st.sampled_from(["id", "kind", "of", "grade", "day", "payload", "line", "on", "text"]),
        json_values,
        max_size=3,
    ),
)
def test_a_changed_line_is_refused_or_is_a_sound_event(
    body: Body, changes: dict[str, object]
) -> None:
    value = {**json.loads(codec.to_line(event(body))), **changes}
    try:
        read = codec.from_line(json.dumps(value))
    except EventError:
        return
    assert codec.from_row(codec.to_row(read)) == read
    assert codec.from_line(codec.to_line(read)) == read


def test_columns_say_of_every_kind_what_rows_say() -> None:
    for body in BODIES:
        if isinstance(body, Other):
            continue
        made = event(body)
        columns = codec.to_columns(Columns.of([made, made]))
        told = {name: tuple(column) for name, column in columns.items()}
        row = dict(zip(codec.COLUMNS, codec.to_row(made), strict=True))
        assert told == {name: (value,) * 2 for name, value in row.items() if value is not None}


def test_no_text_ends_the_payload_that_it_stands_in() -> None:
    texts = ['}\n{"done":true', '"},{"', "\\n", "", "a\r\n\u2028b"]
    events = [event(Derived("adam-bias", text, seconds=-0.0)) for text in texts]
    rows = [codec.to_row(each) for each in events]
    assert codec.to_columns(Columns.of(events))["payload"] == [row[-1] for row in rows]
