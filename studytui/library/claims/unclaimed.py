"""Numbers and names of APIs in prose that no check claims.

Waived: whole numbers up to twelve, half and its like, widths in bits, years, arXiv numbers,
headings, the sections of references and terms, and what is inside a formula with letters (its
indices, exponents and coefficients), but for a number that stands alone on one side of ``=`` or the
like.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from studytui.library.article import Article
from studytui.library.claims.claimed import literals_of, names_in
from studytui.library.claims.printed import Printed, numbers_in
from studytui.library.claims.prose import Kind, Piece, Run, section_at, sections_of
from studytui.library.claims.standing import spans
from studytui.library.claims.words import PARTS, UNITS

_WAIVED = re.compile(rf"[-−+]?(?:\d|1[0-2])|{'|'.join((*UNITS[:13], *PARTS))}", re.IGNORECASE)
_BITS = re.compile(r"[- ]bits?\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE_YEAR = re.compile(
    r"(?:[(\[–-]|[A-Z][\w.’'-]*,?|\bal\.,?|\b(?:in|since|from|until|of|by|after|before|around|early|"
    r"late|mid|the|and|to|year),?)\s*$"
)
_AFTER_YEAR = re.compile(r"\s*[)\];]")
_COUNTED = re.compile(r"\s+(?!was\b|is\b|has\b|as\b|its\b|this\b|does\b)[a-z-]+s\b")
_ARXIV = re.compile(r"arXiv[:.\s]*\d{4}\.\d{4,5}(?:v\d+)?|\b\d{4}\.\d{5}(?:v\d+)?\b", re.IGNORECASE)
_NAME = re.compile(r"@?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:\(.*\))?")
_RELATION = re.compile(
    r"=|<|>|\\(?:approx|le|ge|leq|geq|lt|gt|ll|gg|sim|simeq|to|in|neq|ne|equiv)(?![A-Za-z])"
)
_COMMAND = re.compile(r"\\[A-Za-z]+|\\.")
_SYMBOL_AFTER = re.compile(r"^\$\s*[-−+]?[\d.,{}]+\s*(?:\\[,;:! ]\s*)+\S.*\$$", re.DOTALL)
_KNOWN = frozenset((*keyword.kwlist, *dir(builtins), "self"))


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """What nothing claims, and the line that it stands in. ``kind`` is number or name."""

    kind: str
    text: str
    line: int


def unclaimed(
    article: Article, scripts: Iterable[str], lines: Sequence[str]
) -> tuple[Unclaimed, ...]:
    """What is not claimed in an article. ``scripts`` are the sources of its snippets, ``lines`` its
    own."""
    literals = literals_of(article.checks)
    names = frozenset().union(*map(names_in, (*scripts, *(c.code for c in article.checks))))
    sections = sections_of(article)
    claims: dict[int, list[str]] = {}
    for line, texts in literals.of_section:
        claims.setdefault(section_at(sections, line).line, []).extend(texts)
    found: list[Unclaimed] = []
    for section in sections:
        if section.is_waived:
            continue
        here = (*claims.get(section.line, ()), *literals.given)
        for piece in section.pieces:
            covered = [span for literal in here for span in spans(literal, piece)]
            for kind, start, end in _demanded(piece, names):
                if not any(first <= start and end <= last for first, last in covered):
                    text = piece.text[start:end].strip()
                    found.append(Unclaimed(kind, text, _line(piece, start, text, lines)))
    return tuple(dict.fromkeys(found))


def _demanded(piece: Piece, names: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of what has to be claimed in a piece."""
    for run in piece.runs:
        text = piece.text[run.start : run.end]
        if run.kind is Kind.CODE and not _is_number(text):
            if _is_unknown_name(text, names):
                yield "name", run.start, run.end
            continue
        for number in _numbers(run, text, piece):
            start, end = run.start + number.start, run.start + number.end
            if not _WAIVED.fullmatch(piece.text[start:end]) and not _BITS.match(piece.text, end):
                yield "number", start, end


def _is_number(text: str) -> bool:
    found = numbers_in(text)
    return (
        len(found) == 1 and text[: found[0].start].strip(" -") == text[found[0].end :].strip() == ""
    )


def _is_unknown_name(text: str, names: frozenset[str]) -> bool:
    match = _NAME.fullmatch(text)
    if match is None:
        return False
    parts = match[1].split(".")
    if len(parts) == 1 and (len(parts[0]) == 1 or parts[0] in _KNOWN):
        return False
    return any(part not in names for part in parts)


def _numbers(run: Run, text: str, piece: Piece) -> Iterator[Printed]:
    match run.kind:
        case Kind.HEADING:
            return
        case Kind.WORDS | Kind.CODE:
            cited = [match.span() for match in _ARXIV.finditer(text)]
            for number in numbers_in(text):
                is_year = _is_year(piece.text, run.start + number.start, run.start + number.end)
                if not is_year and not any(first <= number.start < last for first, last in cited):
                    yield number
        case Kind.FORMULA:
            if _is_numeric(text) or _SYMBOL_AFTER.match(text):
                yield from numbers_in(text)
            else:
                yield from _sides(text)
        case Kind.DISPLAY:
            yield from _sides(text)


def _is_year(text: str, start: int, end: int) -> bool:
    """Whether a number stands where a year does: beside a name, in brackets, after `in`."""
    if not _YEAR.fullmatch(text[start:end]) or _COUNTED.match(text, end):
        return False
    return bool(_BEFORE_YEAR.search(text[:start]) or _AFTER_YEAR.match(text, end))


def _is_numeric(tex: str) -> bool:
    """Whether a formula holds no letters: ``$3.2$``, ``$2.1 \\times 10^{-3}$``."""
    return not re.search(r"[A-Za-z]", _COMMAND.sub("", tex)) and not re.search(
        r"\\(?!times|cdot|approx|pm|sim|[,;:!% ]|d?t?frac|ldots|dots|to|le|ge|lt|gt)[A-Za-z]+", tex
    )


def _sides(tex: str) -> Iterator[Printed]:
    """Decimals that stand alone on one side of a relation: ``\\beta_1 = 0.9``."""
    start = 0
    for end in [*(match.start() for match in _RELATION.finditer(tex)), len(tex)]:
        side = tex[start:end]
        numbers = numbers_in(side)
        if len(numbers) == 1 and _alone(side, numbers[0]) and start:
            number = numbers[0]
            yield Printed(
                start + number.start, start + number.end, number.value, number.low, number.high
            )
        match = _RELATION.match(tex, end)
        start = match.end() if match else end


def _alone(side: str, number: Printed) -> bool:
    around = side[: number.start] + side[number.end :]
    return not re.search(r"[A-Za-z\d]", re.sub(r"\\(?:quad|qquad|[,;:!$% ])", "", around))


def _line(piece: Piece, start: int, text: str, lines: Sequence[str]) -> int:
    """The line of the source that a text of a piece stands in, as far as can be told."""
    before = piece.text[:start].count(text)
    for number in range(piece.line, min(piece.last, len(lines)) + 1):
        count = lines[number - 1].count(text)
        if count > before:
            return number
        before -= count
    return piece.line
