"""What every card has, and what a kind of card must be able to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, TypedDict

from studytui.cards.citation import Citation
from studytui.cards.fresh import fill

if TYPE_CHECKING:
    from studytui.authoring.fields import Fields
    from studytui.cards.question import Answer, Question
    from studytui.derive.expr.nodes import Node
    from studytui.derive.verdict import Judgement
    from studytui.errors import StudyError


@dataclass(frozen=True, slots=True)
class Kind:
    """What all cards of a kind have in common.

    ``name`` is how sources call it, ``title`` stands over the card in an article, an answer takes
    about ``seconds``. ``is_computed``: ``studytui verify`` has something to do. ``runs_code``:
    asking it runs a program of its author, which needs the reader's trust when the pack did not
    come with studytui.
    """

    name: str
    title: str
    seconds: int
    is_computed: bool
    runs_code: bool


class Common(TypedDict):
    """The fields of every card, whatever its kind."""

    id: str
    article: str
    line: int
    hint: str
    why: str
    digest: str
    probe: bool
    tags: tuple[str, ...]
    cites: Citation | None
    replaces: str


class Judge(Protocol):
    """Says whether two expressions are equal, and which mistake a wrong one is: the prover."""

    @property
    def seconds(self) -> float:
        """The processor time that a check may take."""

    def check(
        self,
        kind: str,
        nodes: tuple[Node, ...],
        declarations: Mapping[str, str],
        *,
        open_names: bool = False,
        recursions: tuple[Any, ...] = (),
        seconds: float | None = None,
    ) -> Judgement:
        """Have nodes checked, within ``seconds``."""

    def equal(
        self, a: str, b: str, assumptions: dict[str, str], syntax: str = "ascii"
    ) -> Judgement:
        """The verdict on ``a = b`` under the assumptions."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a card may use of other processes: the prover, and a runner of short programs.

    ``run`` gives what a program prints; StudyError when it fails or may not run.
    """

    judge: Judge
    run: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether an answer is right, None where only the reader can tell, and one sentence on it."""

    right: bool | None
    says: str
    mistakes: tuple[str, ...] = ()
    """The names of the classical mistakes that are shown to make a wrong answer."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What keeps a card from being answered, and what to do about it."""

    what: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of recomputing a card's answer: a word for it, and what was found."""

    verdict: str
    holds: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(ABC):
    """A card as it stands in an article. Its schedule lives elsewhere, under its id.

    ``line`` is where it stands, ``why`` is shown after the answer (Markdown), ``digest`` is the
    hash of its source, which is kept with each review. A ``probe`` is asked before the article is
    read, to find out what a reader knows already. A search finds it by its ``tags``. A card of the
    reader's own ``cites`` the place it was made of; one that stands in for a card of the same id
    says by ``replaces`` which digest that card had.
    """

    KIND: ClassVar[Kind]

    id: str
    article: str
    line: int = 0
    hint: str = ""
    why: str = ""
    digest: str = ""
    probe: bool = False
    tags: tuple[str, ...] = ()
    cites: Citation | None = None
    replaces: str = ""

    # What each kind answers ------------------------------------------------------------------

    @abstractmethod
    def shown(self) -> Iterator[str]:
        """Its own texts, Markdown, with nothing hidden: the question, options, an answer."""

    @abstractmethod
    def pose(self, scheduled: str, random: Random) -> Question:
        """The question under the id ``scheduled``; what is drawn is drawn from ``random``."""

    @abstractmethod
    def judge(self, question: Question, answer: Answer, tools: Tools) -> Judged:
        """Judge an answer that is not empty to a question that this card posed.

        Raises ExpressionError when typed maths cannot be read: it is not an answer yet.
        """

    # What a kind answers in its own way where this does not fit ------------------------------

    @property
    def scheduled_ids(self) -> tuple[str, ...]:
        """The ids under which it comes back."""
        return (self.id,)

    @property
    def headline(self) -> str:
        """One line that stands for it in a printed article."""
        return next(self.shown(), "").split("\n")[0]

    @property
    def draws_numbers(self) -> bool:
        """Whether its question is another at every review."""
        return False

    @property
    def gapped_text(self) -> str:
        """Its text with gaps ``{{c1::hidden}}``, as Anki writes them; empty where it has none."""
        return ""

    def drawn(self) -> Self:
        """Itself with numbers in its texts, as a reader first meets it."""
        return self

    def words(self) -> Iterator[str]:
        """What a search finds."""
        yield from self.shown()
        if self.why:
            yield self.why

    def texts(self) -> Iterator[str]:
        """All its Markdown, as it will be shown: for the rules of ``studytui check``."""
        yield from self.shown()
        yield self.why
        yield self.hint

    def right_answer(self, question: Question, run: Callable[[str], str]) -> str:
        """The right answer as Markdown; a program is run by ``run``."""
        return question.answer

    def flaws(self) -> Iterator[Flaw]:
        """What is seen to be wrong without proving or running anything."""
        yield from ()

    def verify(self, tools: Tools) -> Iterator[Verified]:
        """Compute its answer anew. Raises StudyError where there is none."""
        yield from ()

    # What is the same for all ----------------------------------------------------------------

    def question(self, scheduled: str, asked: int) -> Question:
        """The question that it poses when it is asked for the ``asked``-th time.

        The same card, id and count give the same question, so that a restart changes nothing and
        every review brings new numbers.
        """
        posed = self.pose(scheduled, Random(f"{scheduled}\0{asked}"))
        return replace(
            posed,
            source=self,
            why=fill(self.why, posed.values),
            hint=fill(self.hint, posed.values),
            digest=self.digest,
        )


@dataclass(frozen=True, slots=True)
class WrittenCard(Card):
    """A card that an author writes as ```` ```{card} ````."""

    @classmethod
    @abstractmethod
    def read(cls, fields: Fields, common: Common) -> Self | None:
        """The card in the fields of its kind; None, with the reason told, when it is not whole."""


def unusable(what: str, error: StudyError) -> Flaw:
    """The flaw of something that cannot be read or computed."""
    place = f" at {error.where}" if error.where.startswith("column") else ""
    return Flaw(f"{what} cannot be used: {error.what}{place}", error.todo)
