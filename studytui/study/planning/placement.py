"""A short placement: a few questions that skip what is known. Pure.

Of an article two cards are asked that its author marked as probes. Who knows both need not read it,
nor what it needs; who misses one reads it, and is not asked about what needs it. Each question is
about the article that decides most, so that a chain of articles is halved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from studytui.library.activity import Activity
from studytui.library.outline import Section
from studytui.study.planning.syllabus import Course

MOST_QUESTIONS = 12
GIVE_UP = 3
"""Articles that are missed before any is known: whoever begins is not asked for long."""
PROBES = 2


def probes_of(sections: Sequence[Section]) -> tuple[str, ...]:
    """The cards of an article that tell whether it is known."""
    return tuple(
        task.ids[0]
        for section in sections
        for task in section.tasks
        if task.activity is Activity.ANSWER and task.probe
    )[:PROBES]


class Placement:
    """The questions and their answers so far; ``begun`` articles are not asked about."""

    def __init__(self, courses: Sequence[Course], begun: Collection[str] = ()) -> None:
        self._courses = {each.id: each for each in courses}
        self._open = [each.id for each in courses if each.id not in begun]
        self._needs = {each.id: frozenset(self._all_needs(each.id)) for each in courses}
        self._missed: set[str] = set()
        self._known: dict[str, str] = {}
        self.answers: dict[str, list[bool]] = {}
        """What was right, by article."""

    @property
    def asked(self) -> int:
        """How many questions were answered."""
        return sum(map(len, self.answers.values()))

    @property
    def known(self) -> dict[str, str]:
        """The articles that need not be read, each with the one that was asked about."""
        return {name: self._known[name] for name in self._courses if name in self._known}

    def next(self) -> str | None:
        """The card to ask now; None where nothing more is to be asked."""
        if self.asked >= MOST_QUESTIONS or (len(self._missed) >= GIVE_UP and not self._known):
            return None
        article = self._next_article()
        if article is None:
            return None
        return probes_of(self._courses[article].sections)[len(self.answers.get(article, ()))]

    def answer(self, right: bool) -> None:
        """Take the answer to the card that :meth:`next` gave."""
        article = self._next_article()
        assert article is not None, "nothing was asked"
        given = self.answers.setdefault(article, [])
        given.append(right)
        if not right:
            self._missed.add(article)
        elif len(given) == PROBES:
            for name in (article, *self._needs[article]):
                self._known.setdefault(name, article)

    def _next_article(self) -> str | None:
        undecided = [name for name in self._open if not self._is_decided(name)]
        half_asked = [name for name in undecided if name in self.answers]
        if half_asked:
            return half_asked[0]

        def decides(name: str) -> tuple[int, int]:
            below = sum(need in undecided for need in self._needs[name])
            above = sum(name in self._needs[other] for other in undecided)
            return min(below, above), below + above

        able = [
            name for name in undecided if len(probes_of(self._courses[name].sections)) == PROBES
        ]
        return max(able, key=decides, default=None)

    def _is_decided(self, name: str) -> bool:
        return name in self._known or name in self._missed or bool(self._needs[name] & self._missed)

    def _all_needs(self, name: str) -> Iterator[str]:
        for need in self._courses[name].needs:
            if need in self._courses:
                yield need
                yield from self._all_needs(need)
