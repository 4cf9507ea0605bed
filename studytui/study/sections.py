"""Which sections of an article were read: their end was seen, and they were given some time. Pure.

A jump to the end reads nothing; whoever knows it all already says so (`c` twice).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from studytui.library.outline import Section, section_id
from studytui.store.events import ArticleRead, Placed, SectionRead, Spent

if TYPE_CHECKING:
    from studytui.library.entry import Entry
    from studytui.store.journal import Journal

LEAST_SHARE = 0.4
"""Of the time that reading takes: who was faster has looked at it, not read it."""


def to_read(outline: Sequence[Section]) -> tuple[Section, ...]:
    """The sections that make an article read: all but those that are looked up."""
    return tuple(section for section in outline if not section.back_matter)


def newly_read(
    outline: Sequence[Section],
    *,
    ends: Collection[str],
    seconds: Mapping[str, float],
    read: Collection[str],
) -> tuple[str, ...]:
    """The anchors of the sections that count as read from now on.

    Args:
        outline: The sections of the article, in order.
        ends: Anchors of those whose last line was on the screen.
        seconds: What each was given so far.
        read: Anchors of those that count as read already.
    """
    found: list[str] = []
    run: list[Section] = []
    for section in (*to_read(outline), None):
        if section is not None and section.anchor in ends and section.anchor not in read:
            run.append(section)
            continue
        # Short sections share a screen: whose time it was cannot be told, but that of all can.
        if _enough(run, seconds):
            found += (each.anchor for each in run)
        else:
            found += (each.anchor for each in run if _enough([each], seconds))
        run = []
    return tuple(found)


def _enough(sections: Sequence[Section], seconds: Mapping[str, float]) -> bool:
    given = sum(seconds.get(section.anchor, 0.0) for section in sections)
    return bool(sections) and given >= LEAST_SHARE * sum(each.seconds for each in sections)


def sections_read(journal: Journal) -> frozenset[str]:
    """The ids of the sections that were read, by their last word. Raises StoreError."""
    return frozenset(
        name
        for name, event in journal.latest(SectionRead.kind).items()
        if isinstance(event.body, SectionRead) and event.body.done
    )


def articles_read(journal: Journal) -> frozenset[str]:
    """The articles that were read to the end, by their last word. Raises StoreError."""
    return frozenset(
        name
        for name, event in journal.latest(ArticleRead.kind).items()
        if isinstance(event.body, ArticleRead) and event.body.done
    )


def articles_placed(journal: Journal) -> frozenset[str]:
    """The articles that need not be read, by the answers of a placement. Raises StoreError."""
    return frozenset(
        name
        for name, event in journal.latest(Placed.kind).items()
        if isinstance(event.body, Placed) and event.body.known
    )


def seconds_given(journal: Journal, entry: Entry) -> dict[str, float]:
    """The seconds that each section was read for, by anchor. Raises StoreError."""
    given: dict[str, float] = {}
    for section in entry.outline:
        for event in journal.history(section_id(entry.id, section.anchor)):
            if isinstance(event.body, Spent):
                given[section.anchor] = given.get(section.anchor, 0.0) + event.body.seconds
    return given
