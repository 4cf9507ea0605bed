"""An article read section by section; what can be done in a section has a number there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from studytui.errors import StudyError
from studytui.library.article import Article, is_live
from studytui.library.blocks import (
    Block,
    Blocks,
    CardBlock,
    DerivationBlock,
    ExerciseBlock,
    Heading,
    SnippetBlock,
)
from studytui.library.contents import scheduled_ids
from studytui.library.layout.sheet import with_title
from studytui.library.linear.blocks import linear_lines, thing_words
from studytui.library.linear.words import title_words, words
from studytui.library.outline import section_id
from studytui.library.walker import walk
from studytui.memory.rating import Rating
from studytui.settings import LONGEST_DEEP
from studytui.store.errors import StoreError
from studytui.store.events import ArticleRead, ReadingPlace, SectionRead, Spent
from studytui.study.desk import Desk
from studytui.study.plain.questions import asked
from studytui.study.plain.terminal import LEAVE, QuitError, Terminal, choose
from studytui.study.preview import drawn
from studytui.study.questions import grade_in_text, record_of

if TYPE_CHECKING:
    from studytui.derive.steps.source import DerivationSource

GRADES = ("1", "2", "3", "4")
DEEPEST = 3
"""Headings down to this level begin a section."""
KEYS = (
    "Enter: the next section. A number: do what stands under it. b: the section before."
    " a: this one again. c: contents. 0: leave the article. ?: these keys."
)
Live = SnippetBlock | DerivationBlock | ExerciseBlock | CardBlock


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it, up to the next heading that begins a section.

    ``line`` is that of the source; ``before`` the share of the article's words above it.
    """

    title: str
    level: int
    line: int
    blocks: Blocks
    before: float

    @property
    def things(self) -> tuple[Live, ...]:
        """What can be done in it, in the order of the text."""
        return tuple(block for block in walk(self.blocks) if is_live(block))  # type: ignore[misc]


def sections_of(article: Article) -> tuple[Section, ...]:
    """The sections of an article; one that is nothing but a heading goes with the next."""
    groups: list[list[Block]] = [[]]
    for block in with_title(article):
        begins = isinstance(block, Heading) and block.level <= DEEPEST
        if begins and not all(isinstance(each, Heading) for each in groups[-1]):
            groups.append([])
        groups[-1].append(block)
    weights = [sum(_weight(block) for block in group) for group in groups]
    total = max(1, sum(weights))
    return tuple(
        _section(group, sum(weights[:place]) / total) for place, group in enumerate(groups)
    )


def _section(group: list[Block], before: float) -> Section:
    heads = [block for block in group if isinstance(block, Heading)]
    title = words(heads[-1].children) if heads else ""
    level = heads[-1].level if heads else 1
    line = next((block.line for block in group if block.line), 0)
    return Section(title, level, line, tuple(group), before)


def _weight(block: Block) -> int:
    return sum(map(len, linear_lines((block,))))


def read(desk: Desk, terminal: Terminal, name: str, line: int = 0) -> None:
    """Read an article from where one was, or from a line of its source; the place is kept.

    Raises StudyError when there is none of that name, EOFError at the end of the input.
    """
    _Reading(desk, terminal, desk.library.article(name), line).go()


class _Reading:
    """One article under way."""

    def __init__(self, desk: Desk, terminal: Terminal, article: Article, line: int = 0) -> None:
        self.desk = desk
        self.terminal = terminal
        self.article = article
        self.sections = sections_of(drawn(article))
        self._since = terminal.clock()
        self.at = self._section_at(line or self._where_one_was())

    def _where_one_was(self) -> int:
        last = self.desk.ledger.journal.last(ReadingPlace.kind, self.article.id)
        return last.body.line if last and isinstance(last.body, ReadingPlace) else 0

    def _section_at(self, line: int) -> int:
        begun = [at for at, section in enumerate(self.sections) if section.line <= line]
        return begun[-1] if begun else 0

    def go(self) -> None:
        """Say section after section, until the reader leaves or the article ends."""
        terminal = self.terminal
        terminal.say(f"{title_words(self.article.title)}. {len(self.sections)} sections. {KEYS}")
        if self.at:
            terminal.say(f"You were at section {self.at + 1}.")
        self._say_section()
        while True:
            typed = terminal.ask(self._invitation()).strip().lower()
            if typed in LEAVE:
                return
            match typed:
                case "":
                    self._keep_read()
                    if self.at + 1 == len(self.sections):
                        self._finish()
                        return
                    self._turn(self.at + 1)
                case "b":
                    self._turn(max(0, self.at - 1))
                case "a":
                    self._say_section()
                case "c":
                    self._contents()
                case "?":
                    terminal.say(KEYS)
                case _:
                    self._do(typed)

    def _keep_read(self) -> None:
        """Who asks for the next section has read this one; its cards may come from now on."""
        section = self.sections[self.at]
        heads = [block.anchor for block in section.blocks if isinstance(block, Heading)]
        anchors = dict.fromkeys((*[""] * (not self.at), *heads))
        taken = min((self.terminal.clock() - self._since).total_seconds(), LONGEST_DEEP)
        for place, anchor in enumerate(anchors):
            name = section_id(self.article.id, anchor)
            if not place and taken > 0:
                self._keep(Spent(name, "read", round(taken, 1)))
            self._keep(SectionRead(name))

    def _turn(self, at: int) -> None:
        self.at = at
        self._say_section()

    def _say_section(self) -> None:
        section = self.sections[self.at]
        self._since = self.terminal.clock()
        self._keep(ReadingPlace(self.article.id, section.line, round(section.before, 4)))
        self.terminal.say("")
        self.terminal.say(f"Section {self.at + 1} of {len(self.sections)}")
        numbers = count(1)

        def mark(_block: Block) -> str:
            return f"Number {next(numbers)}, "

        self.terminal.say_all(list(linear_lines(section.blocks, self.terminal.width, mark)))

    def _invitation(self) -> str:
        things = self.sections[self.at].things
        last = self.at + 1 == len(self.sections)
        onward = "Enter: finish the article" if last else "Enter: next section"
        many = {0: "", 1: "; 1: do it"}.get(len(things), f"; 1 to {len(things)}: do it")
        return f"{onward}{many}; ?: keys: "

    def _contents(self) -> None:
        titles = [f"{section.title}{_of_what(section.things)}" for section in self.sections]
        chosen = choose(self.terminal, titles, back="stay where you are", default=self.at)
        if chosen is not None:
            self._turn(chosen)

    def _finish(self) -> None:
        last = self.sections[-1]
        self._keep(ReadingPlace(self.article.id, last.line, 1.0))
        self._keep(ArticleRead(self.article.id))
        self.terminal.say(f"The end of {title_words(self.article.title)}.")

    def _keep(self, body: ReadingPlace | ArticleRead | SectionRead | Spent) -> None:
        self.desk.ledger.record(body, self.terminal.clock())

    def _do(self, typed: str) -> None:
        things = self.sections[self.at].things
        place = int(typed[:6]) - 1 if typed.isdecimal() else -1
        if not 0 <= place < len(things):
            self.terminal.say(f"There is no '{typed}' here. {KEYS}")
            return
        try:
            do(self.desk, self.terminal, things[place])
        except QuitError:
            pass
        except StoreError:
            raise
        except StudyError as error:
            self.terminal.say(str(error))
        self.terminal.say(f"Back in section {self.at + 1}.")


def _of_what(things: tuple[Live, ...]) -> str:
    if not things:
        return ""
    kinds = [thing_words(thing).partition(":")[0] for thing in things]
    told = (f"{kinds.count(kind)} {kind}{'s' * (kinds.count(kind) > 1)}" for kind in _once(kinds))
    return f" ({', '.join(told)})"


def _once(kinds: list[str]) -> Iterator[str]:
    yield from dict.fromkeys(kinds)


def do(desk: Desk, terminal: Terminal, thing: Live) -> None:
    """Run, derive, write or answer what stands in a text.

    Raises:
        QuitError: The reader broke off.
        StudyError: It cannot be done.
    """
    match thing:
        case SnippetBlock():
            from studytui.study.plain.snippet import use

            use(desk, terminal, thing.name, dict(thing.parameters))
        case DerivationBlock(source):
            derive(desk, terminal, desk.library.derivation(source.id) or source)
        case ExerciseBlock():
            from studytui.study.exercising import ExerciseBench
            from studytui.study.plain.exercise import exercise_in_text

            exercise = ExerciseBench(desk, thing, terminal.clock)
            exercise_in_text(terminal, exercise)
            if exercise.passed or exercise.shown:
                _grade(desk, terminal, thing.id, exercise.grade)
        case CardBlock(card):
            names = scheduled_ids(desk.library.own_version(card.id) or card)
            for number, name in enumerate(names, 1):
                if len(names) > 1:
                    terminal.say(f"Part {number} of {len(names)}.")
                assessment = asked(desk, terminal, name)
                if assessment is not None:
                    _grade(desk, terminal, name, assessment.grade)


def derive(desk: Desk, terminal: Terminal, source: DerivationSource) -> None:
    """Work a derivation, and grade it where the schedule counts it."""
    from studytui.study.plain.derivation import work_and_keep

    bench, counts = work_and_keep(desk, terminal, source)
    if bench.done and counts:
        _grade(desk, terminal, source.id, bench.grade)
    elif bench.done:
        terminal.say("It comes again tomorrow, with fewer lines.")


def _grade(desk: Desk, terminal: Terminal, name: str, proposed: Rating | None) -> None:
    """Take a grade for what was just answered; Enter takes the proposed one."""
    from studytui.study.questions import source_of

    records = {record.card: record for record in record_of(desk, source_of(desk, name))}
    aside = f"; Enter: {proposed.name.lower()}" if proposed else ""
    while True:
        keys = f"Grade: 1 again, 2 hard, 3 good, 4 easy{aside}; 0: no grade: "
        typed = terminal.ask(keys).strip()
        if typed in LEAVE:
            return
        grade = proposed if not typed else Rating(int(typed)) if typed in GRADES else None
        if grade is not None:
            break
        terminal.say("Type a number from 1 to 4, or 0.")
    found = grade_in_text(desk, records[name], grade, terminal.clock())
    terminal.say(f"Asked again in {found.wait}." if found.wait else "Practice: it is not due yet.")
