"""Claims of an article, judged: what its checks computed against what stands in its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from studytui.authoring.problems import shown
from studytui.errors import StudyError
from studytui.library.article import Article
from studytui.library.blocks import ListBlock
from studytui.library.claims.claimed import called_literals
from studytui.library.claims.prose import Section, section_at, sections_of
from studytui.library.claims.reading import disagreement
from studytui.library.claims.standing import pieces_of, stands_in
from studytui.library.plain import text_of
from studytui.library.walker import walk
from studytui.run.claims import Record, program, read_records
from studytui.run.events import Failed
from studytui.run.limits import Limits
from studytui.run.signature import read_snippet

if TYPE_CHECKING:
    from studytui.library.pack import Pack
    from studytui.run.runner import Runner

SECONDS = 300.0
"""Generous: a busy machine is no failure; the checks of an article should take seconds."""

_CONNECTING = frozenset(("et", "al", "and"))


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim in a line of the article; ``why`` it does not hold is empty when it does."""

    line: int
    why: str = ""


def judge(article: Article, records: Sequence[Record]) -> tuple[Claim, ...]:
    """Every claim of the checks of an article, after they were run."""
    judged = _Judge(article)
    return (*map(judged.claim, records), *_never_made(article, records))


def run_checks(runner: Runner, article: Article, pack: Pack) -> tuple[Record, ...]:
    """Run the checks of an article in one process. StudyError when that does not end well."""
    blocks = [(block.line + 1, block.code) for block in article.checks]
    with TemporaryDirectory(prefix="studytui-") as folder:
        path = Path(folder) / "checks.py"
        path.write_text(program(article.path, blocks), encoding="utf-8")
        # Checks may import the snippets of their track, as those import each other.
        home = pack.snippets / article.track
        snippet = read_snippet(path, f"{article.track}/{article.id}-checks", home)
        run = runner.start(snippet, device="cpu", limits=Limits(seconds=SECONDS))
        failures = [event for event in run.events() if isinstance(event, Failed)]
    status, why = (run.ended.status, run.ended.why) if run.ended else ("crashed", "")
    if status != "ok":
        failure = f"{failures[-1].kind}: {failures[-1].message}" if failures else ""
        raise StudyError(f"the checks did not run to their end: {failure or why or status}")
    return read_records(run.folder)


class _Judge:
    """The prose of one article, looked at claim by claim."""

    def __init__(self, article: Article) -> None:
        self._sections = sections_of(article)
        self._pieces = tuple(pieces_of(self._sections))
        self._references = _references(article)

    def claim(self, record: Record) -> Claim:
        return Claim(record.line, self._why(record))

    def _why(self, record: Record) -> str:
        match record.kind:
            case "assert":
                return ""
            case "error":
                return record.computed
            case "given":
                lost = [text for text in record.literals if not stands_in(text, self._pieces)]
                return f"{_quoted(lost)} does not stand in the article" if lost else ""
            case _:
                return self._not_in_prose(record)

    def _not_in_prose(self, record: Record) -> str:
        literal = record.literals[0]
        section = section_at(self._sections, record.line)
        if not stands_in(literal, section.pieces):
            return f"{shown(literal)} does not stand in {_name(section)}"
        if not record.holds:
            told = "is not in" if record.kind == "shows" else "stands in the prose, but"
            return f"{shown(literal)} {told} {record.computed}"
        if record.kind == "cites":
            return self._uncited(record.literals[1])
        if record.kind == "says":
            wrong = disagreement(literal, record.values)
            return f"{shown(literal)} stands in the prose: {wrong}" if wrong else ""
        return ""

    def _uncited(self, source: str) -> str:
        words = [word.lower() for word in re.findall(r"[\w’'-]+", source)]
        wanted = {word for word in words if word not in _CONNECTING}
        if any(wanted <= item for item in self._references):
            return ""
        return f"no item of the references has {shown(source)}"


def _never_made(article: Article, records: Sequence[Record]) -> Iterator[Claim]:
    """Claims that stand in a block, but whose call was never reached; a failure says why alone."""
    if any(record.kind == "error" for record in records):
        return
    made = {text for record in records for text in record.literals}
    for line, literal in called_literals(article.checks):
        if literal not in made:
            yield Claim(line, f"{shown(literal)} was never claimed: the call is not reached")


def _references(article: Article) -> tuple[frozenset[str], ...]:
    """The words of each item of the references."""
    line = next(
        (
            each.line
            for each in sections_of(article)
            if each.heading.strip().lower() == "references"
        ),
        0,
    )
    if not line:
        return ()
    return tuple(
        frozenset(
            word.lower() for block in walk(item) for word in re.findall(r"[\w’'-]+", text_of(block))
        )
        for listed in article.blocks
        if isinstance(listed, ListBlock) and listed.line > line
        for item in listed.items
    )


def _name(section: Section) -> str:
    return f"the section {shown(section.heading)}" if section.heading else "the words on top"


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(map(shown, texts))
