"""Cards from elsewhere as the files of a pack, in the format that authors write. Pure.

A pack that is there already is brought up to date card by card: what the reader has changed in it
stays, whatever comes from elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

CARDS_A_FILE = 200
LONGEST_SLUG = 32
"""Letters of a slug: with it ids stay under 80 letters and file names under 255 bytes."""
_DIGEST = 6
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_TICKS = re.compile(r"`+")
_CARD = re.compile(r"^(`{3,})\{card\} (\S+)\n.*?^\1[ \t]*$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class BasicNote:
    """Question and answer, Markdown."""

    id: str
    ask: str
    answer: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClozeNote:
    """A text with gaps, Markdown; ``why`` stands behind the answer."""

    id: str
    text: str
    why: str = ""
    tags: tuple[str, ...] = ()


Note = BasicNote | ClozeNote


@dataclass(frozen=True, slots=True)
class PackUpdate:
    """What to write: files by relative path, and the digest of each card as it was imported.

    ``tracks`` are the folders of the decks; ``kept`` are the cards that the reader has changed:
    they stay as they are.
    """

    files: Mapping[str, str]
    imported: Mapping[str, str]
    tracks: Mapping[str, str]
    kept: tuple[str, ...] = ()


def slug(name: str) -> str:
    """``name`` as lower-case words joined by hyphens, never empty and never long.

    A name that loses letters on the way gets a digest: names that differ never become one.
    """
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", folded))
    # Case, blanks and punctuation are no loss: files of one name but for these are told apart
    # by their contents.
    lost = len(re.findall(r"\w", name)) > len(re.findall(r"[a-z0-9]", words)) + name.count("_")
    if not lost and 0 < len(words) <= LONGEST_SLUG:
        return words
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{words[: LONGEST_SLUG - _DIGEST - 1].strip('-') or 'deck'}-{digest}"


def card_ids(files: Mapping[str, str]) -> Iterator[str]:
    """The ids of the cards in the files of a pack."""
    for text in files.values():
        yield from (match[2] for match in _CARD.finditer(text))


def update_pack(
    name: str,
    decks: Mapping[str, Sequence[Note]],
    files: Mapping[str, str],
    imported: Mapping[str, str],
) -> PackUpdate:
    """Bring the files of the pack ``name`` up to date with ``decks``; both may be empty at first.

    ``imported`` has the digests that the last update gave: a card whose text has another one was
    changed by the reader.
    """
    cards = {note.id: _card(note) for notes in decks.values() for note in notes}
    kept: list[str] = []
    digests = {**imported, **{identity: _digest(text) for identity, text in cards.items()}}

    def renewed(match: re.Match[str]) -> str:
        old, identity = match[0], match[2]
        if identity not in cards or old == cards[identity]:
            return old
        if _digest(old) != imported.get(identity):
            kept.append(identity)
            digests[identity] = imported.get(identity, "")
            return old
        return cards[identity]

    changed = {path: _CARD.sub(renewed, text) for path, text in files.items()}
    there = set(card_ids(files))
    added = _added(
        name,
        {
            deck: [cards[note.id] for note in notes if note.id not in there]
            for deck, notes in decks.items()
        },
        files,
    )
    written = {path: text for path, text in {**changed, **added}.items() if text != files.get(path)}
    tracks = _tracks(added["pack.toml"])
    return PackUpdate(written, digests, tracks, tuple(kept))


def _added(
    name: str, decks: Mapping[str, Sequence[str]], files: Mapping[str, str]
) -> dict[str, str]:
    """New articles for the cards, and ``pack.toml`` with their tracks."""
    head = files.get("pack.toml") or f"id = {_quoted(name)}\ntitle = {_quoted(name)}\n"
    tracks = _tracks(head)
    written: dict[str, str] = {}
    for deck, cards in decks.items():
        if not cards:
            continue
        if deck not in tracks:
            tracks[deck] = _free(slug(deck), set(tracks.values()))
            head += f"\n[[tracks]]\nid = {_quoted(tracks[deck])}\ntitle = {_quoted(deck)}\n"
        track = tracks[deck]
        number = 0
        for start in range(0, len(cards), CARDS_A_FILE):
            number, path, article = _free_article(name, track, number, {*files, *written})
            title = deck + (f" ({number})" if number > 1 else "")
            part = cards[start : start + CARDS_A_FILE]
            written[path] = _article(article, title, track, part)
    return {"pack.toml": head, **written}


def _tracks(head: str) -> dict[str, str]:
    """The ids of a pack's tracks by title."""
    try:
        tracks = tomllib.loads(head).get("tracks", [])
    except tomllib.TOMLDecodeError:
        return {}
    return {
        str(track["title"]): str(track["id"])
        for track in tracks
        if isinstance(track, dict) and "id" in track and "title" in track
    }


def _free(wanted: str, taken: set[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _free_article(name: str, track: str, number: int, taken: set[str]) -> tuple[int, str, str]:
    """The number, path and id of the next article of a track that is not there yet."""
    while True:
        number += 1
        article = f"{name}-{track}" + (f"-{number}" if number > 1 else "")
        path = f"{track}/{article}.md"
        if path not in taken:
            return number, path, article


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _quoted(text: str) -> str:
    escaped = "".join(
        f"\\u{ord(letter):04x}" if ord(letter) < 32 or letter in '"\\\x7f' else letter
        for letter in text
    )
    return f'"{escaped}"'


def _article(identity: str, title: str, track: str, cards: Sequence[str]) -> str:
    head = f"---\nid: {identity}\ntitle: {_quoted(title)}\ntrack: {track}\n---\n"
    return head + "".join(f"\n{card}\n" for card in cards)


def _card(note: Note) -> str:
    match note:
        case BasicNote():
            body = f"kind: basic\n{_field('ask', note.ask)}{_field('answer', note.answer)}"
        case ClozeNote():
            body = f"kind: cloze\n{_field('text', note.text)}{_field('why', note.why)}"
    body += _tags(note.tags)
    # The fence must be longer than any run of backticks inside it.
    longest = max(map(len, _TICKS.findall(body)), default=0) if "`" in body else 0
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{card}} {note.id}\n{body}{fence}"


@lru_cache(maxsize=1000)
def _tags(tags: tuple[str, ...]) -> str:
    # YAML refuses letters that cannot be seen.
    seen = ("".join(filter(str.isprintable, tag)) for tag in tags)
    lines = "".join(f"  - {_quoted(tag)}\n" for tag in seen if tag)
    return f"tags:\n{lines}" if lines else ""


def _field(key: str, text: str) -> str:
    if not text:
        return ""
    # An explicit indent, for a first line may begin with blanks itself.
    head = f"{key}: |2\n"
    if text.isprintable() and not text.isspace():
        return f"{head}  {text}\n"
    kept = _CONTROL.sub("", text).expandtabs(4)
    return head + "".join(f"  {line}\n" if line.strip() else "\n" for line in kept.split("\n"))
