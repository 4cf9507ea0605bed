"""What the catalogue knows of an article without reading it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from studytui.library import outline
from studytui.library.article import Article
from studytui.library.outline import Section
from studytui.library.reading_time import seconds_to_read, seconds_to_work


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue. ``pack`` is the pack's id; the times are in seconds.

    Thousands are made at every start, so what few readers look at stays packed in text until then:
    ``file`` is the path, ``ids`` four lines of ids, of cards, derivations, snippets and exercises,
    the outline as a fifth, and where cards have tags a sixth with these, as JSON.
    """

    id: str
    title: str
    track: str
    needs: tuple[str, ...]
    reading: int
    working: int
    digest: str
    pack: str
    file: str
    ids: str = "\n\n\n\n"

    @property
    def path(self) -> Path:
        """The article's file."""
        return Path(self.file)

    @property
    def card_ids(self) -> tuple[str, ...]:
        """The ids under which cards are scheduled, in the order of the text.

        One a gap for a cloze, two a term.
        """
        return tuple(self.ids.split("\n")[0].split())

    @property
    def derivation_ids(self) -> tuple[str, ...]:
        """The ids of the derivations, in the order of the text."""
        return tuple(self.ids.split("\n")[1].split())

    @property
    def snippet_names(self) -> tuple[str, ...]:
        """The names of the snippets, each once."""
        return tuple(self.ids.split("\n")[2].split())

    @property
    def exercise_ids(self) -> tuple[str, ...]:
        """The ids of the exercises, in the order of the text."""
        return tuple(self.ids.split("\n")[3].split())

    @property
    def outline(self) -> tuple[Section, ...]:
        """The sections with what is to be done in each; none before the article was indexed."""
        return outline.from_text(self.ids.split("\n")[4])

    def with_outline(self, sections: Iterable[Section]) -> Entry:
        """The same with other sections, or other things to be done in them."""
        lines = self.ids.split("\n")
        lines[4] = outline.to_text(tuple(sections))
        return replace(self, ids="\n".join(lines))

    @property
    def tags(self) -> dict[str, tuple[str, ...]]:
        """The tags that its source gives to each card that has some."""
        lines = self.ids.split("\n")
        given = json.loads(lines[5]) if len(lines) > 5 else {}
        return {card: tuple(tags) for card, tags in given.items()}

    @property
    def scheduled_ids(self) -> tuple[str, ...]:
        """Everything of the article that comes back by itself."""
        return (*self.card_ids, *self.derivation_ids, *self.exercise_ids)


def entry_of(article: Article, pack: str) -> Entry:
    """The line of the catalogue for an article."""
    cards = (id for card in article.cards for id in card.scheduled_ids)
    tags = {id: card.tags for card in article.cards if card.tags for id in card.scheduled_ids}
    derivations = (derivation.id for derivation in article.derivations)
    snippets = dict.fromkeys(snippet.name for snippet in article.snippets)
    exercises = (exercise.id for exercise in article.exercises)
    return Entry(
        id=article.id,
        title=article.title,
        track=article.track,
        needs=article.needs,
        reading=seconds_to_read(article),
        working=seconds_to_work(article),
        digest=article.digest,
        pack=pack,
        file=str(article.path),
        ids="\n".join(
            (
                *(" ".join(ids) for ids in (cards, derivations, snippets, exercises)),
                outline.to_text(outline.outline_of(article)),
                *((json.dumps(tags, ensure_ascii=False),) if tags else ()),
            )
        ),
    )


def to_text(entry: Entry) -> str:
    """An entry without its file and pack, which the index keeps: a list in JSON, then the ids."""
    times = [entry.reading, entry.working]
    fields = [entry.id, entry.title, entry.track, list(entry.needs), times, entry.digest]
    return f"{json.dumps(fields, ensure_ascii=False, separators=(',', ':'))}\n{entry.ids}"


def from_texts(texts: Iterable[tuple[str, str]], root: str, pack: str) -> list[Entry]:
    """The entries that :func:`to_text` wrote, each with its path below ``root``.

    They are decoded together, which takes a third of the time, and their ids not at all.
    """
    paths, heads, ids = [], [], []
    for path, text in texts:
        head, _, rest = text.partition("\n")
        paths.append(root + path)
        heads.append(head)
        ids.append(rest)
    decoded = json.loads(f"[{','.join(heads)}]")
    return [
        Entry(id, title, track, tuple(needs), reading, working, digest, pack, path, those)
        for path, those, (id, title, track, needs, (reading, working), digest) in zip(
            paths, ids, decoded, strict=True
        )
    ]
