"""The outline of an article: its sections with their times, and what is to be done in each.

A day's plan is put together from these without parsing any article: the catalogue keeps them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from studytui.library.activity import Activity
from studytui.library.article import Article
from studytui.library.blocks import (
    Block,
    CardBlock,
    DerivationBlock,
    ExerciseBlock,
    Heading,
    SnippetBlock,
)
from studytui.library.plain import words_of
from studytui.library.reading_time import reading_of, working_of
from studytui.library.walker import walk

_BACK_MATTER = frozenset(("references", "further reading", "sources"))
"""Headings whose sections are looked up, not read from end to end."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done where it stands.

    ``ids`` are what it is scheduled under, several for a text with several gaps; of a snippet its
    name. ``kind`` is the activity, and of a card its kind; ``seconds`` a first estimate.
    """

    activity: Activity
    ids: tuple[str, ...]
    kind: str
    seconds: int
    line: int
    probe: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading. ``line`` is the heading's in the source, 1 before the first.

    ``anchor`` is unique in the article and empty before the first heading; ``seconds`` is the time
    to read it. What ``back_matter`` holds need not be read.
    """

    anchor: str
    title: str
    line: int
    seconds: int
    tasks: tuple[Task, ...] = ()
    back_matter: bool = False


def section_id(article: str, anchor: str) -> str:
    """What the journal calls a section: ``flash-attention#backward``."""
    return f"{article}#{anchor}"


def outline_of(article: Article) -> tuple[Section, ...]:
    """The sections that hold something, in the order of the text."""
    heads: list[tuple[str, str, int]] = [("", article.title, 1)]
    bodies: list[list[Block]] = [[]]
    for block in walk(article.blocks):
        if isinstance(block, Heading):
            heads.append((block.anchor, words_of(block.children), block.line))
            bodies.append([])
        bodies[-1].append(block)
    found = []
    for (anchor, title, line), blocks in zip(heads, bodies, strict=True):
        tasks = tuple(task for block in blocks for task in _tasks(block))
        seconds = round(sum(map(reading_of, blocks)))
        if tasks or any(not isinstance(block, Heading) for block in blocks):
            is_back = title.strip().casefold() in _BACK_MATTER and not tasks
            found.append(Section(anchor, title, line, seconds, tasks, is_back))
    return tuple(found)


def _tasks(block: Block) -> Iterator[Task]:
    seconds = round(working_of(block))
    match block:
        case SnippetBlock():
            yield Task(Activity.RUN, (block.name,), Activity.RUN, seconds, block.line)
        case CardBlock(card):
            ids, kind = card.scheduled_ids, card.KIND.name
            yield Task(Activity.ANSWER, ids, kind, seconds, block.line, card.probe)
        case DerivationBlock(derivation):
            yield Task(Activity.DERIVE, (derivation.id,), Activity.DERIVE, seconds, block.line)
        case ExerciseBlock():
            yield Task(Activity.CODE, (block.id,), Activity.CODE, seconds, block.line)
        case _:
            pass  # it is read


def to_text(sections: tuple[Section, ...]) -> str:
    """One line that :func:`from_text` reads."""
    rows = [
        [
            *(section.anchor, section.title, section.line, section.seconds),
            int(section.back_matter),
            [
                [str(task.activity), list(task.ids), task.kind, task.seconds, task.line]
                + [1] * task.probe
                for task in section.tasks
            ],
        ]
        for section in sections
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=512)
def from_text(text: str) -> tuple[Section, ...]:
    """The sections that :func:`to_text` wrote; none where nothing was written yet."""
    return tuple(
        Section(
            anchor,
            title,
            line,
            seconds,
            tuple(
                Task(Activity(activity), tuple(ids), kind, each, at, bool(probe))
                for activity, ids, kind, each, at, *probe in tasks
            ),
            bool(back_matter),
        )
        for anchor, title, line, seconds, back_matter, tasks in (json.loads(text) if text else ())
    )
