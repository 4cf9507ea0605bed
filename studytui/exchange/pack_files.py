"""Cards from elsewhere as the files of a pack, in the format that authors write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CARDS_A_FILE = 200


@dataclass(frozen=True, slots=True)
class BasicNote:
    """Question and answer, Markdown."""

    id: str
    ask: str
    answer: str


@dataclass(frozen=True, slots=True)
class ClozeNote:
    """A text with gaps, Markdown; ``why`` stands behind the answer."""

    id: str
    text: str
    why: str = ""


Note = BasicNote | ClozeNote


def slug(name: str) -> str:
    """``name`` as lower-case words joined by hyphens, never empty."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", folded)) or "deck"


def pack_files(name: str, decks: Mapping[str, Sequence[Note]]) -> dict[str, str]:
    """The files of a pack: a track, and an article for every ``CARDS_A_FILE`` cards, a deck."""
    tracks = {deck: f"{slug(deck)}" for deck in decks}
    taken: set[str] = set()
    files = {}
    lines = [f"id = {_quoted(name)}", f"title = {_quoted(name)}"]
    for deck, notes in decks.items():
        track = tracks[deck]
        while track in taken:
            track += "-x"
        taken.add(track)
        lines += ["", "[[tracks]]", f"id = {_quoted(track)}", f"title = {_quoted(deck)}"]
        for start in range(0, len(notes), CARDS_A_FILE):
            number = start // CARDS_A_FILE + 1
            article = f"{name}-{track}" + (f"-{number}" if number > 1 else "")
            title = deck + (f" ({number})" if number > 1 else "")
            part = notes[start : start + CARDS_A_FILE]
            files[f"{track}/{article}.md"] = _article(article, title, track, part)
    return {"pack.toml": "\n".join(lines) + "\n", **files}


def _quoted(text: str) -> str:
    escaped = "".join(
        f"\\u{ord(letter):04x}" if ord(letter) < 32 or letter in '"\\\x7f' else letter
        for letter in text
    )
    return f'"{escaped}"'


def _article(identity: str, title: str, track: str, notes: Sequence[Note]) -> str:
    head = f"---\nid: {identity}\ntitle: {_quoted(title)}\ntrack: {track}\n---\n"
    return head + "".join(f"\n{_card(note)}\n" for note in notes)


def _card(note: Note) -> str:
    match note:
        case BasicNote():
            body = f"kind: basic\n{_field('ask', note.ask)}{_field('answer', note.answer)}"
        case ClozeNote():
            body = f"kind: cloze\n{_field('text', note.text)}{_field('why', note.why)}"
    # The fence must be longer than any run of backticks inside it.
    longest = max((len(run) for run in re.findall(r"`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{card}} {note.id}\n{body}{fence}"


def _field(key: str, text: str) -> str:
    if not text:
        return ""
    kept = "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc"
    )
    body = "".join(
        f"  {line}\n" if line.strip() else "\n" for line in kept.expandtabs(4).split("\n")
    )
    # An explicit indent, for a first line may begin with blanks itself.
    return f"{key}: |2\n{body}"
