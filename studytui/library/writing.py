"""Blocks of a pack as the text that authors write: cards, annotations, articles; cut out, put in.

The counterpart of :mod:`studytui.library.parse`: what is written here is read there as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from studytui.authoring.problems import Report
from studytui.cards.citation import Citation
from studytui.library.blocks import Annotation, Term
from studytui.library.source import clean

_FENCE = re.compile(r"(`{3,}|~{3,}|:{3,})")


def card_block(id: str, kind: str, fields: Mapping[str, str | Sequence[str]]) -> str:
    """A ``{card}`` with its fields in the order given; empty ones are left out."""
    body = f"kind: {kind}\n" + "".join(_field(key, value) for key, value in fields.items() if value)
    longest = max((len(run) for run in re.findall("`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{card}} {id}\n{body}{fence}\n"


def citing(cites: Citation | None) -> dict[str, str]:
    """The fields of a card that say what place it was made of."""
    return {"of": cites.of, "quote": cites.quote} if cites is not None else {}


def annotation_block(note: Annotation) -> str:
    """An ``{annotation}``."""
    text = _clean(note.text).strip("\n")
    longest = max((len(run) for run in re.findall(r"^\s*(:{3,})", text, re.M)), default=0)
    fence = ":" * max(3, longest + 1)
    quote = f":quote: {' '.join(_clean(note.cites.quote).split())}\n" if note.cites.quote else ""
    head = f"{fence}{{annotation}} {note.id}\n:of: {note.cites.of}\n{quote}"
    return f"{head}\n{text}\n{fence}\n"


def article_head(id: str, title: str, track: str, needs: Sequence[str] = ()) -> str:
    """The front matter of an article."""
    after = f"needs: [{', '.join(needs)}]\n" if needs else ""
    return f"---\nid: {id}\ntitle: {_quoted(title)}\ntrack: {track}\n{after}---\n"


def span_of_fence(lines: Sequence[str], line: int) -> tuple[int, int] | None:
    """The lines (from 0, the last one not in) of the fence that begins on ``line`` (from 1).

    None where none begins there, or where it is never closed.
    """
    first = line - 1
    opening = _FENCE.match(lines[first]) if 0 <= first < len(lines) else None
    if opening is None:
        return None
    mark = opening[1]
    closing = re.compile(rf" {{0,3}}{re.escape(mark[0])}{{{len(mark)},}}[ \t]*")
    for number in range(first + 1, len(lines)):
        if closing.fullmatch(lines[number]):
            return first, number + 1
    return None


def with_field(block: str, key: str, value: str) -> str:
    """A block of ``key: value`` lines with one more at its head."""
    head, _, rest = block.partition("\n")
    return f"{head}\n{key}: {value}\n{rest}"


def _field(key: str, value: str | Sequence[str]) -> str:
    if not isinstance(value, str):
        return f"{key}: [{', '.join(_quoted(_clean(each)) for each in value)}]\n"
    text = _clean(value).strip("\n").rstrip()
    if "\n" not in text and key in ("of", "quote", "replaces"):
        return f"{key}: {_quoted(text)}\n"
    # An explicit indent where the first line begins with blanks itself.
    indent = "2" if text[:1] in (" ", "\n") else ""
    body = "".join(f"  {line}\n" if line.strip() else "\n" for line in text.split("\n"))
    return f"{key}: |{indent}\n{body}"


def _quoted(text: str) -> str:
    """A text as YAML, TOML and JSON all write it."""
    return json.dumps(text, ensure_ascii=False)


def _clean(text: str) -> str:
    """Without anything that a parser would replace or a terminal obey."""
    return clean(text, Report(Path())).expandtabs(4)


def term_rows(term: Term, replaces: str) -> str:
    """The lines of a term in a ``{terms}`` block."""
    fields = {"zh": term.chinese, "en": term.english, "say": term.meaning, "replaces": replaces}
    return f"- id: {term.id}\n" + "".join(f"  {key}: {_quoted(v)}\n" for key, v in fields.items())
