"""An exercise worked without an interface: the reader's draft, its check, hints, the solution.

The reader writes one function (or class) alone; for the check it stands in the original's place in
the snippet, so that nothing else of the file can be broken, and a newer original is used at once.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from studytui.errors import StudyError
from studytui.memory.rating import Rating
from studytui.run.drafts import empty_page, watched, with_last_line_open
from studytui.run.edits import EditError
from studytui.run.events import (
    Asked,
    Ended,
    Failed,
    Figure,
    Mismatch,
    Output,
    Progress,
    Started,
    Table,
)
from studytui.run.exercise import SEEDS, Definition, with_draft
from studytui.run.limits import Limits
from studytui.run.outputs import snippet_folder
from studytui.run.signature import Snippet, SnippetError, read_snippet
from studytui.store.events import Exercised
from studytui.store.validator import LONGEST_TEXT
from studytui.study.fading import FEW_TRIES, Rung, rung_of
from studytui.study.running import Script, Workbench

if TYPE_CHECKING:
    from studytui.library.blocks import ExerciseBlock
    from studytui.run.runner import Run
    from studytui.run.trust import Fingerprint
    from studytui.study.desk import Desk

SLOW = 60.0
"""Seconds a line of the solution: who needs longer found it hard."""
CHECK_SECONDS = 60.0
"""Authors' checks take three: a busy machine is no failure, an endless loop is one."""
PRINTED_LINES = 12
_LINE = re.compile(r":(\d+)$")
_OTHER_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the check says of a draft.

    ``says`` is one sentence; ``line`` with its ``text`` is the place in the draft at which an error
    arose, 0 if none did. ``mismatch`` is the first failing case; ``printed`` the last lines that
    the run printed. Not ``counted``: the draft could not be run at all.
    """

    passed: bool
    says: str
    mismatch: Mismatch | None = None
    line: int = 0
    text: str = ""
    printed: tuple[str, ...] = ()
    counted: bool = True


class ExerciseBench:
    """One exercise under way: its draft, and how much help was taken.

    It begins at the reader's own ``rung``. ``fresh`` begins anew, as a card does, and leaves the
    reader's other drafts alone. ``seed`` is where the check draws its random cases from.
    """

    def __init__(
        self,
        desk: Desk,
        block: ExerciseBlock,
        clock: Callable[[], datetime],
        *,
        fresh: bool = False,
        seed: int = 0,
        rung: Rung | None = None,
    ) -> None:
        self.block = block
        self.asked = self.rung = _own_rung(desk, block.id) if rung is None else rung
        self._least = self.rung
        self.passed = False
        self.tries = 0
        self.hints = 0
        self.shown = 0
        self._desk = desk
        self._clock = clock
        self._began = clock()
        self._fresh = fresh
        self._seed = seed % SEEDS
        self._workbench = Workbench(desk, clock)
        self._run: Run | None = None
        self.script: Script = self._workbench.find(block.snippet)
        self.definition = self._original()[1]
        if fresh:
            self.begin_again()

    def _original(self) -> tuple[Snippet, Definition]:
        snippet = self._workbench.read(self.script)
        exercise = snippet.exercise
        found = exercise.definition(self.block.function) if exercise else None
        if found is None:
            raise StudyError(
                f"{self.block.snippet} has no exercise {self.block.function}",
                where=str(self.script.path),
                todo="studytui check says what its snippet lacks",
            )
        return snippet, found

    # The draft -------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """The file of the draft, for an editor."""
        if self._fresh:
            return self._beside("again")
        # What was written with more or less of it on the page is a draft of its own.
        return self._beside("" if self.rung is Rung.SKELETON else self.rung.name.lower())

    def _beside(self, kind: str) -> Path:
        folder = snippet_folder(self._desk.directories.edits, self._name)
        parts = (folder.name, self.block.function, kind, "py")
        return folder.with_name(".".join(filter(None, parts)))

    @property
    def _name(self) -> str:
        return self.script.subject.replace(":", "/")

    @property
    def draft(self) -> str:
        """What the reader has written; before that, as much of the function as the rung gives."""
        try:
            return self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return first_draft(self.definition, self.rung)
        except OSError as error:
            raise EditError.of_system(error, "the draft cannot be read", self.path) from error

    @property
    def is_graded(self) -> bool:
        """Whether the schedule counts this work: before the skeleton it comes again tomorrow."""
        return self.asked.is_scheduled

    def turn(self, by: int) -> bool:
        """Go on with more of it on the page (-1) or less (+1); False at the end of the ladder.

        Help that was taken is not forgotten, and each rung keeps its own draft.
        """
        wanted = self.rung + by
        if not Rung.WATCH <= wanted <= Rung.EMPTY:
            return False
        self.rung = Rung(wanted)
        self._least = min(self._least, self.rung)
        if self.rung is Rung.WATCH and self.asked is not Rung.WATCH and not self.passed:
            self.shown = 1
        if self._fresh:
            self.begin_again()
        return True

    def save(self, text: str) -> Path:
        """Keep the draft; returns its file."""
        _write(self.path, text)
        return self.path

    def keep_unfinished(self, text: str) -> Path:
        """Keep what was being typed when the input ended, beside the draft; returns its file."""
        path = self._beside("unfinished")
        _write(path, text)
        return path

    def begin_again(self) -> str:
        """As it was at first; what was written is put aside, once."""
        if not self._fresh and self.path.is_file():
            self.path.replace(self.path.with_suffix(".py.old"))
        self.save(first_draft(self.definition, self.rung))
        return self.draft

    @property
    def untrusted(self) -> Fingerprint | None:
        """The code that the reader has to see and trust first; None when the check may run."""
        return self._workbench.untrusted(self.script)

    def trust(self, seen: Fingerprint) -> None:
        """Let the code that was seen run from now on."""
        self._workbench.trust(self.script, seen)

    # Judging ---------------------------------------------------------------------------------

    def check(self, text: str) -> Judged:
        """Judge a draft by its properties. Blocks: for a worker; :meth:`stop` ends it.

        Raises TrustError when the pack's code may not run, EditError when it cannot be saved.
        """
        self.save(text)
        self._workbench.cleared(self.script)
        original, self.definition = self._original()
        path = self._beside("checked")
        _write(path, with_draft(original.source, self.definition, text))
        try:
            snippet = read_snippet(path, f"{self._name}.{self.block.function}", original.home)
        except SnippetError as error:
            found = _LINE.search(error.where)
            line = _own_line(self.definition, int(found[1]), text) if found else 0
            return Judged(False, f"{error.what}.", None, line, _nth(text, line), counted=False)
        judged = self._followed(snippet, text)
        if judged.counted:
            self.tries += 1
        self.passed = self.passed or judged.passed
        return judged

    def stop(self) -> None:
        """End the check that runs: what does not heed the interrupt is killed."""
        if self._run is not None:
            self._run.stop()

    def _followed(self, snippet: Snippet, text: str) -> Judged:
        limits = Limits(seconds=min(CHECK_SECONDS, self._workbench.limits().seconds))
        self._run = run = self._desk.runner.start(
            snippet,
            device="cpu",
            limits=limits,
            check=(self.definition.check,),
            seeds=(self._seed,),
        )
        judged = _judged(run, self.definition, text)
        self._run = None
        return judged

    # Help ------------------------------------------------------------------------------------

    def hint(self) -> tuple[int, str]:
        """The next hint and its number; the last one again when there are no more.

        Raises StudyError when the author gives none.
        """
        if not self.block.hints:
            raise StudyError("this exercise has no hints", todo="The task says what is asked")
        self.hints = min(self.hints + 1, len(self.block.hints))
        return self.hints, self.block.hints[self.hints - 1]

    def solution(self) -> str:
        """The author's; asked for before it was found, that is remembered."""
        if not self.passed and self.asked is not Rung.WATCH:
            self.shown = 1
        return self.definition.solved

    @property
    def grade(self) -> Rating:
        """The proposed grade: again after the solution was seen, hard with help or many tries."""
        if not self.passed or self.shown:
            return Rating.AGAIN
        lines = len(self.definition.solved.split("\n"))
        laboured = self.tries > FEW_TRIES or self._seconds > SLOW * lines
        return Rating.HARD if self.hints or laboured or self._least < self.asked else Rating.GOOD

    @property
    def _seconds(self) -> float:
        return max(0.0, (self._clock() - self._began).total_seconds())

    def record(self, seconds: float | None = None) -> None:
        """Keep the work in the journal, with its time less pauses if known. Raises StoreError."""
        seconds = self._seconds if seconds is None else seconds
        code = _OTHER_CONTROLS.sub("", self.draft)[: LONGEST_TEXT // 2]
        body = Exercised(
            self.block.id,
            code,
            self.passed,
            self.tries,
            self.hints,
            self.shown,
            round(min(seconds, 86_400.0), 1),
            int(self._least),
        )
        self._desk.ledger.record(body, self._clock())


def first_draft(definition: Definition, rung: Rung) -> str:
    """What stands there when a function is begun on a rung."""
    match rung:
        case Rung.WATCH:
            return watched(definition) + "\n"
        case Rung.LAST_LINE:
            return with_last_line_open(definition) + "\n"
        case Rung.SKELETON:
            return definition.draft + "\n"
        case Rung.EMPTY:
            return empty_page(definition)
        case _:
            assert_never(rung)


def _judged(run: Run, definition: Definition, text: str) -> Judged:
    """Follow a check to its end."""
    mismatch: Mismatch | None = None
    failed: Failed | None = None
    ended = Ended("crashed", 0.0, 0)
    printed: deque[str] = deque(maxlen=PRINTED_LINES)
    for event in run.events():
        match event:
            case Mismatch():
                mismatch = event
            case Failed():
                failed = event
            case Ended():
                ended = event
            case Output(stream="out"):
                printed += event.text.splitlines()
            case Started() | Output() | Asked() | Progress() | Figure() | Table():
                pass
    if ended.status == "ok":
        # The last line is the runner's own word that the check passed.
        return Judged(True, "Right: every property holds.", printed=tuple(printed)[:-1])
    if failed is None:
        stopped = ended.status == "stopped"
        says = f"The check ended: {ended.why or ended.status}."
        return Judged(False, says, printed=tuple(printed), counted=not stopped)
    lines = [number for number, _ in mismatch.code] if mismatch else [failed.line]
    own = [line for line in (_own_line(definition, number, text) for number in lines) if line]
    line = own[-1] if own else 0
    says = mismatch.message if mismatch else f"{failed.kind}: {failed.message}"
    return Judged(False, says, mismatch, line, _nth(text, line), tuple(printed))


def _own_line(definition: Definition, number: int, text: str) -> int:
    """A line of the checked file as a line of the draft; 0 if it lies outside."""
    own = number - definition.first + 1
    return own if 1 <= own <= len(text.rstrip("\n").split("\n")) else 0


def _own_rung(desk: Desk, exercise: str) -> Rung:
    try:
        return rung_of(desk, exercise)
    except StudyError:
        return Rung.SKELETON  # what was written cannot be read, and nothing can be kept


def _nth(text: str, line: int) -> str:
    lines = text.split("\n")
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, encoding="utf-8", errors="replace")
        fresh.replace(path)
    except OSError as error:
        raise EditError.of_system(error, "the draft cannot be saved", path) from error
