"""Asking the full-text index: what a person typed becomes a query that cannot be malformed.

Latin words are stemmed (Porter, English). Chinese has no blanks between words: every character is a
token of its own and a run of them is asked for as a phrase, which finds any substring, of one
character and two as well, where a trigram index starts at three.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MAX_WORDS = 12
MAX_TYPED = 400
OPEN, CLOSE = "\x02", "\x03"
"""Around each match of an excerpt; neither can stand in content."""

_WIDE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_WIDE_CHARACTER = re.compile(f"([{_WIDE}])")
_SPREAD = re.compile(f"(?<=[{_WIDE}]) (?=[{_WIDE}\x02\x03])|(?<=[{_WIDE}][\x02\x03]) (?=[{_WIDE}])")
_TOKEN = re.compile(rf"[{_WIDE}]+|[^\W_{_WIDE}]+")
_PHRASE = re.compile(r'"([^"]+)"')
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by for from how in is it its of on or that the then this to was "
        "what when where which why with",
    )
)

# A word that stands in thousands of passages tells little: of so many matches no more are ranked,
# in headings first, where it tells most.
RANKED = 1_000
_BEST = """
SELECT rowid, bm25(passage, 6.0, 4.0, 1.0)
FROM passage WHERE passage MATCH ? {condition} LIMIT {ranked}
"""
_WITHIN = "AND rowid IN (SELECT rowid FROM source WHERE root IN ({roots}) {track})"

# Matches are marked in a table that holds nothing but the few passages that are shown: in the large
# one every row would cost a walk through all the words that a begun word could become.
SHOWN_TABLES = """
ATTACH DATABASE ':memory:' AS shown;
CREATE VIRTUAL TABLE shown.excerpt USING fts5 (
    title, heading, body, tokenize = "porter unicode61 remove_diacritics 2"
);
"""
_FILL = """
INSERT INTO shown.excerpt (rowid, title, heading, body)
SELECT rowid, title, heading, body FROM passage WHERE rowid IN ({rows})
"""
_SHOWN = """
SELECT article, source.title, kind, id, anchor, line, track, source.rowid,
    highlight(excerpt, 1, char(2), char(3)), snippet(excerpt, 2, char(2), char(3), '…', 28)
FROM shown.excerpt JOIN source ON source.rowid = excerpt.rowid
WHERE excerpt MATCH ?
"""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A passage that was found. In ``heading`` and ``excerpt`` matches stand in OPEN and CLOSE."""

    article: str
    title: str
    kind: str
    id: str
    anchor: str
    line: int
    track: str
    heading: str
    excerpt: str
    score: float


def spread(text: str) -> str:
    """Text with a blank on both sides of every Chinese character, as the index holds it."""
    return _WIDE_CHARACTER.sub(r" \1 ", text) if not text.isascii() else text


def gather(text: str) -> str:
    """What :func:`spread` did, undone in an excerpt."""
    if text.isascii():
        return text
    return _SPREAD.sub("", re.sub(" {2,}", " ", text)).strip()


def query_of(typed: str) -> str:
    """A query in FTS5's language: all words must be there, the last may be unfinished.

    Words in double quotes are a phrase. Every token is quoted, so no operator can be typed.
    """
    typed = typed[:MAX_TYPED]
    parts: list[str] = []
    for phrase in _PHRASE.findall(typed):
        tokens = _TOKEN.findall(spread(phrase))
        if tokens:
            parts.append(f'"{" ".join(tokens)}"')
    loose = _TOKEN.findall(_PHRASE.sub(" ", typed))
    telling = [word for word in loose if word.lower() not in _COMMON] or loose
    for position, word in enumerate(telling):
        quoted = f'"{" ".join(spread(word).split())}"'
        unfinished = position == len(telling) - 1 and typed.endswith(word)
        # One or two letters begin too many words to be worth the time.
        parts.append(quoted + "*" if unfinished and len(word) > 2 and word.isascii() else quoted)
    return " ".join(parts[:MAX_WORDS])


def search(
    connection: sqlite3.Connection, query: str, roots: Sequence[str], track: str, limit: int
) -> list[FoundRow]:
    """The best ``limit`` passages of the packs in ``roots``."""
    condition = ""
    values: tuple[str, ...] = ()
    if track or not set(roots).issuperset(_roots(connection)):
        marks = ", ".join("?" * len(roots))
        condition = _WITHIN.format(roots=marks, track="AND track = ?" if track else "")
        values = (*roots, track) if track else tuple(roots)
    best = _BEST.format(condition=condition, ranked=RANKED)
    scores: dict[int, float] = dict(connection.execute(best, (query, *values)).fetchall())
    if len(scores) == RANKED:
        headed = f"{{title heading}} : ({query})"
        scores |= dict(connection.execute(best, (headed, *values)).fetchall())
    wanted = sorted(scores, key=lambda rowid: scores[rowid])[: max(1, limit)]
    connection.execute("DELETE FROM shown.excerpt")
    connection.execute(_FILL.format(rows=", ".join("?" * len(wanted))), wanted)
    found = [
        FoundRow(*(*place, gather(heading), gather(excerpt), scores[rowid]))
        for *place, rowid, heading, excerpt in connection.execute(_SHOWN, (query,))
    ]
    return sorted(found, key=lambda row: row.score)


def _roots(connection: sqlite3.Connection) -> Iterator[str]:
    """Every pack in the index: one seek a pack, where DISTINCT would walk through all files."""
    query = "SELECT min(root) FROM file WHERE root > ?"
    root: str | None = ""
    while (root := connection.execute(query, (root,)).fetchone()[0]) is not None:
        yield root
