"""Everything that widgets and workers tell each other. Workers post these; handlers own state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from studytui.cards.citation import Citation
    from studytui.cards.question import Question
    from studytui.derive.steps.feedback import LineJudgement
    from studytui.errors import StudyError
    from studytui.library.article import Article
    from studytui.library.search import Hit
    from studytui.memory.rating import Rating
    from studytui.run.edits import Copy
    from studytui.run.outputs import Kept
    from studytui.run.signature import Snippet
    from studytui.study.exercising import ExerciseBench, Judged
    from studytui.study.grading import Assessment
    from studytui.study.own import OwnItem
    from studytui.study.planning.today import Outlook
    from studytui.study.questions import OpenAt
    from studytui.study.running import Script
    from studytui.tui.home_model import Shelf
    from studytui.tui.widgets.text_lines import Styled


@dataclass(eq=False, repr=False)
class ShelfRead(Message):
    """The catalogue was read; ``shelf`` is what home shows."""

    shelf: Shelf


@dataclass(eq=False, repr=False)
class JournalOpened(Message):
    """The journal is open now: what had to wait for it can go on."""


@dataclass(eq=False, repr=False)
class Replaying(Message):
    """So many events of the journal have been replayed; all of them when ``done`` is ``total``."""

    done: int
    total: int


@dataclass(eq=False, repr=False)
class ArticleRead(Message):
    """An article was parsed. ``whole`` is False for the first part of a long one."""

    article: Article
    whole: bool


@dataclass(eq=False, repr=False)
class WorkFailed(Message):
    """A worker could not do its work."""

    error: StudyError


@dataclass(eq=False, repr=False)
class OpenArticle(Message):
    """Please show an article, at an anchor, a line of its source, or what is cited of it."""

    article: str
    anchor: str = ""
    line: int = 0
    cites: Citation | None = None


def open_at(place: OpenAt) -> OpenArticle:
    """What shows an article where a card belongs."""
    return OpenArticle(place.article, line=place.line, cites=place.cites)


@dataclass(eq=False, repr=False)
class FollowLink(Message):
    """A link was activated. ``target`` is as in :class:`studytui.library.blocks.Link`."""

    target: str


@dataclass(eq=False, repr=False)
class GoToHeading(Message):
    """The table of contents asks for a heading, by its number in the article."""

    heading: int


@dataclass(eq=False, repr=False)
class ContentsClosed(Message):
    """The table of contents gives the focus back."""


@dataclass(eq=False, repr=False)
class FindChanged(Message):
    """The words to find in the article changed."""

    words: str


@dataclass(eq=False, repr=False)
class FindMoved(Message):
    """To the next (1) or the previous (-1) match."""

    by: int


@dataclass(eq=False, repr=False)
class FindClosed(Message):
    """The find bar gives the focus back."""


@dataclass(eq=False, repr=False)
class KeysChanged(Message):
    """Another scope answers keys now; the key bar shows its actions."""


@dataclass(eq=False, repr=False)
class PickMoved(Message):
    """To another sentence or block, or ``more`` of them."""

    by: int
    more: bool = False


@dataclass(eq=False, repr=False)
class PickTaken(Message):
    """What is chosen is to be taken."""


@dataclass(eq=False, repr=False)
class PickClosed(Message):
    """Nothing is to be chosen any more."""


@dataclass(eq=False, repr=False)
class OwnFound(Message):
    """The reader's own cards and notes that belong into an article."""

    article: str
    items: tuple[OwnItem, ...]


@dataclass(eq=False, repr=False)
class OwnChanged(Message):
    """A card, a note or a version of the reader's own was written, changed or taken away."""


@dataclass(eq=False, repr=False)
class FilterChanged(Message):
    """Other letters to choose articles by."""

    words: str


@dataclass(eq=False, repr=False)
class FilterClosed(Message):
    """The filter gives the focus back to the list."""


@dataclass(eq=False, repr=False)
class HitsFound(Message):
    """What was found for some words."""

    words: str
    hits: tuple[Hit, ...]


@dataclass(eq=False, repr=False)
class AnswerGiven(Message):
    """The reader has finished choosing or ordering."""


@dataclass(eq=False, repr=False)
class Assessed(Message):
    """An answer was judged."""

    question: Question
    assessment: Assessment


@dataclass(eq=False, repr=False)
class AnswerRefused(Message):
    """What was typed cannot be judged: it is no answer yet."""

    question: Question
    error: StudyError


@dataclass(eq=False, repr=False)
class Revealed(Message):
    """The answer of a question stands open; ``assessment`` proposes a grade or leaves it."""

    question: Question
    assessment: Assessment


@dataclass(eq=False, repr=False)
class GradeChosen(Message):
    """A grade was picked on the bar."""

    grade: Rating


@dataclass(eq=False, repr=False)
class DerivationDone(Message):
    """A derivation reached its goal, or was given up; ``grade`` is proposed.

    None: it is not scheduled yet, and comes again tomorrow with fewer lines shown.
    """

    derivation: str
    grade: Rating | None
    hints: int = 0


@dataclass(eq=False, repr=False)
class ReviewChanged(Message):
    """Cards were graded: what is due has changed."""


@dataclass(eq=False, repr=False)
class PageComputed(Message):
    """A page of statistics is ready."""

    lines: tuple[str, ...]


@dataclass(eq=False, repr=False)
class PlanComputed(Message):
    """What minutes and a goal carry."""

    outlook: Outlook
    minutes: int
    goal: str


@dataclass(eq=False, repr=False)
class FormDone(Message):
    """The form of parameters was closed; ``run``: and the snippet is to be run."""

    run: bool


@dataclass(eq=False, repr=False)
class NumberMoved(Message):
    """A number of the form was moved by a key."""

    name: str
    value: str


@dataclass(eq=False, repr=False)
class ValuesMoved(Message):
    """A value of the form was moved, not typed: what it does can be shown at once."""


@dataclass(eq=False, repr=False)
class RunTold(Message):
    """How a run goes; ``quiet``: the page stays where it is."""

    lines: list[Styled]
    quiet: bool = False


@dataclass(eq=False, repr=False)
class LineTyped(Message):
    """The line that a snippet asked for; None: there will be none."""

    line: str | None


@dataclass(eq=False, repr=False)
class SnippetRead(Message):
    """A snippet's source was read: what it is, whether it may run, and its last output."""

    script: Script
    snippet: Snippet
    copy: Copy | None
    trusted: bool
    last: Kept | None


@dataclass(eq=False, repr=False)
class SnippetBroken(Message):
    """A snippet cannot be read or started."""

    error: StudyError


@dataclass(eq=False, repr=False)
class RunNews(Message):
    """A run has said something: it waits in the panel's queue."""


@dataclass(eq=False, repr=False)
class ExerciseRead(Message):
    """An exercise was read from its snippet; ``trusted``: its code may run."""

    bench: ExerciseBench
    trusted: bool


@dataclass(eq=False, repr=False)
class DraftJudged(Message):
    """A draft was checked, or could not be: ``error`` says why."""

    judged: Judged | None
    error: StudyError | None = None


@dataclass(eq=False, repr=False)
class ExerciseDone(Message):
    """An exercise was solved, or its solution was asked for; ``grade`` is proposed.

    None: it is not scheduled yet, and comes again tomorrow with less of it on the page.
    """

    exercise: str
    grade: Rating | None


@dataclass(eq=False, repr=False)
class LinesWait(Message):
    """Several lines of a derivation were pasted: ``count`` of them wait for the first."""

    count: int


@dataclass(eq=False, repr=False)
class LineJudged(Message):
    """A line of a derivation was judged."""

    line: str
    judgement: LineJudgement


@dataclass(eq=False, repr=False)
class SettingChosen(Message):
    """The cursor was put on another setting."""


@dataclass(eq=False, repr=False)
class BackedUp(Message):
    """The journal was copied."""
