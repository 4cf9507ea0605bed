"""The reader's own cards, notes and versions on several devices, through the shared folder of sync.

Every device leaves one file with its blocks (a card, a note, a version ...), each with the digests
of all that it ever was here. So it can be told which of two texts is the older one: the newer one
is taken, whatever the order of syncs. Where both were changed, all devices keep the same one, and
the other is put aside and told. What was taken away is a state like any other; but a pack that is
gone as a whole is an accident. Prose between the blocks stays where it is, and trust in programs
never travels.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Any

from studytui.authoring.problems import shown
from studytui.errors import StudyError
from studytui.library.pack import article_files
from studytui.library.writing import span_of_fence
from studytui.paths import Directories
from studytui.study.own_files import (
    content_of,
    make_pack,
    put_aside_in,
    read_lines,
    write_lines,
)

FOLDER = "studytui-own"
"""The folder inside the shared one."""
_STATE = ".synced.json"
_MOST_BYTES = 32 * 2**20
_MOST_SEEN = 200
_HEAD = re.compile(r"(?:`{3,}|~{3,}|:{3,})\{(card|derivation|exercise|annotation|terms)\}\s*(\S*)")
_FILE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*\.md")
_ID = re.compile(r"[\w./:-]{1,200}", re.ASCII)
_GONE = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its file below the pack, its text (empty when it was taken away), what it was."""

    file: str
    text: str
    seen: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Of its text; empty when it was taken away."""
        return _digest(self.text)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The blocks of a device by id, and the heads of its files."""

    blocks: Mapping[str, Block] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnSynced:
    """How many blocks were taken from other devices, and what is to be said."""

    taken: int = 0
    problems: tuple[str, ...] = ()


def sync_own(where: Directories, folder: Path, device: str, known: Collection[str]) -> OwnSynced:
    """Take what the ``known`` devices have changed of the reader's own, and leave what is here.

    Raises:
        StudyError: The shared folder or the own pack cannot be used.
    """
    shared = folder / FOLDER
    mine = _here(where)
    problems: list[str] = []
    taken = 0
    for other in sorted(set(known) - {device}):
        theirs = _read_shelf(shared / f"{other}.json", problems)
        for id, block in sorted(theirs.blocks.items()):
            kept = _settled(mine.blocks.get(id), block)
            old = mine.blocks.get(id, Block(block.file, _GONE))
            if kept.digest != old.digest:
                put_block(where, id, old, kept, theirs.heads)
                taken += 1
            if _is_conflict(mine.blocks.get(id), block):
                loser = block if kept.digest == old.digest else old
                _set_aside(where, loser.text)
                problems.append(
                    f"{id} was changed on two devices: one text is kept everywhere, the other is in"
                    f" {put_aside_in(where.own)}"
                )
            mine = replace(mine, blocks={**mine.blocks, id: kept})
    if mine.blocks:
        mine = replace(mine, heads=_heads(content_of(where.own)))
        text = json.dumps(_as_json(mine), ensure_ascii=False, indent=0, sort_keys=True)
        write_lines(where.own / _STATE, text.split("\n"))
        write_lines(shared / f"{device}.json", text.split("\n"))
    return OwnSynced(taken, tuple(problems))


# What stands here ----------------------------------------------------------------------------


def _here(where: Directories) -> Shelf:
    """The blocks of this device with their past; what was there and is not was taken away.

    Raises:
        StudyError: Everything is gone: an accident, which must not spread.
    """
    problems: list[str] = []
    before = _read_shelf(where.own / _STATE, problems).blocks
    root = content_of(where.own)
    found: dict[str, Block] = {}
    for file, lines in files_of(root):
        for id, text in blocks_in(lines):
            past = before[id].seen if id in before else ()
            found.setdefault(id, Block(file, text, _with(past, _digest(text))))
    had = sum(bool(block.text) for block in before.values())
    if had and not found:
        raise StudyError(
            f"your own pack is empty, though it had {had} cards and notes at the last sync",
            where=str(root),
            todo=f"Put it back. If you emptied it, delete {where.own / _STATE}: they come again"
            " from your other devices",
        )
    gone = {
        id: replace(block, text=_GONE, seen=_with(block.seen, _GONE))
        for id, block in before.items()
        if id not in found
    }
    return Shelf({**gone, **found}, {})


def files_of(root: Path) -> Iterator[tuple[str, list[str]]]:
    """The articles of a pack: names below it, and lines. Raises StudyError."""
    try:
        paths = [Path(file.path) for file in article_files(root)]
    except FileNotFoundError:
        return
    except OSError as error:
        raise StudyError.of_system(error, "your own pack cannot be read", root) from error
    for path in paths:
        yield path.relative_to(root).as_posix(), read_lines(path)


def blocks_in(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The blocks of a file: id and text."""
    number = 0
    while number < len(lines):
        head = _HEAD.match(lines[number])
        span = span_of_fence(lines, number + 1)
        if span is None:
            number += 1
            continue
        if head is not None:
            name = f"terms:{head[2]}" if head[1] == "terms" else head[2]
            if _ID.fullmatch(name):
                yield name, "\n".join(lines[slice(*span)])
        number = span[1]


def _heads(root: Path) -> dict[str, str]:
    """The front matter of the files."""
    heads = {file: head_in(lines) for file, lines in files_of(root)}
    return {file: head for file, head in heads.items() if head}


def head_in(lines: list[str]) -> str:
    """The front matter of a file; empty where there is none."""
    end = next((n for n, line in enumerate(lines[1:50], 1) if line.strip() == "---"), 0)
    return "\n".join(lines[: end + 1]) if end and lines[0].strip() == "---" else ""


# Two states of one block ---------------------------------------------------------------------


def _settled(mine: Block | None, theirs: Block) -> Block:
    """Which of two states is kept: the newer one; where neither is older, all devices agree."""
    if mine is None:
        return theirs
    seen = tuple(dict.fromkeys((*mine.seen, *theirs.seen)))
    winner = mine if _rank(mine, theirs) >= _rank(theirs, mine) else theirs
    if winner.digest not in seen[-1:]:
        seen = (*(each for each in seen if each != winner.digest), winner.digest)
    return replace(winner, file=mine.file, seen=seen[-_MOST_SEEN:])


def _rank(block: Block, other: Block) -> tuple[bool, int, bool, str]:
    """Not known to the other as something that it was; longer past; there at all; digest."""
    is_old = block.digest in other.seen and block.digest != other.digest
    return not is_old, len(block.seen), bool(block.text), block.digest


def _is_conflict(mine: Block | None, theirs: Block) -> bool:
    """Whether both were changed since they were the same, and both say something."""
    if mine is None or not (mine.text and theirs.text) or mine.digest == theirs.digest:
        return False
    return mine.digest not in theirs.seen and theirs.digest not in mine.seen


def _with(seen: tuple[str, ...], digest: str) -> tuple[str, ...]:
    return seen if seen[-1:] == (digest,) else (*seen, digest)[-_MOST_SEEN:]


def _digest(text: str) -> str:
    data = text.encode("utf-8", errors="surrogateescape")
    return sha256(data).hexdigest()[:16] if text else _GONE


# Changing the files --------------------------------------------------------------------------


def put_block(
    where: Directories, id: str, old: Block, new: Block, heads: Mapping[str, str]
) -> None:
    """Write a block in the place of the one that was there; take it away where it is empty."""
    make_pack(where.own)
    path = content_of(where.own) / old.file
    lines = read_lines(path)
    span = _span_of(lines, old.text) if old.text else None
    if span is not None:
        lines = [*lines[: span[0]], *new.text.split("\n"), *lines[span[1] :]]
        if not new.text:
            _set_aside(where, old.text)
    elif new.text:
        if not any(line.strip() for line in lines):
            lines = _head_of(old.file, heads).split("\n")
        while lines and not lines[-1].strip():
            lines.pop()
        lines = [*lines, "", *new.text.split("\n"), ""]
    else:
        return
    write_lines(path, lines)


def _span_of(lines: list[str], text: str) -> tuple[int, int] | None:
    wanted = text.split("\n")
    for number, line in enumerate(lines):
        if line == wanted[0] and lines[number : number + len(wanted)] == wanted:
            return number, number + len(wanted)
    return None


def _head_of(file: str, heads: Mapping[str, str]) -> str:
    stem, track = Path(file).stem, Path(file).parent.name
    plain = f"---\nid: {stem}\ntitle: {stem}\ntrack: {track}\n---"
    return heads.get(file, plain)


def _set_aside(where: Directories, text: str) -> None:
    aside = put_aside_in(where.own)
    write_lines(aside, [*read_lines(aside), "", *text.split("\n"), ""])


# The file of a device ------------------------------------------------------------------------


def _as_json(shelf: Shelf) -> dict[str, Any]:
    return {
        "blocks": {
            id: {"file": block.file, "text": block.text, "seen": list(block.seen)}
            for id, block in shelf.blocks.items()
        },
        "heads": dict(shelf.heads),
    }


def _read_shelf(path: Path, problems: list[str]) -> Shelf:
    """What a device left; hostile until checked: type, size, names, texts. Empty without a file."""
    try:
        status = os.stat(path)  # noqa: PTH116
        if not S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            problems.append(f"{path} is no file of a reasonable size")
            return Shelf()
        with path.open("rb") as file:
            found = json.loads(file.read(_MOST_BYTES + 1))
    except FileNotFoundError:
        return Shelf()
    except (OSError, ValueError, RecursionError) as error:
        problems.append(f"{path} cannot be read: {shown(str(error))}")
        return Shelf()
    blocks = found.get("blocks") if isinstance(found, dict) else None
    heads = found.get("heads") if isinstance(found, dict) else None
    if not isinstance(blocks, dict) or not isinstance(heads, dict):
        problems.append(f"{path} is not what studytui writes")
        return Shelf()
    sound = {id: block for id, value in blocks.items() if (block := _block(id, value)) is not None}
    if odd := len(blocks) - len(sound):
        problems.append(f"{path}: {odd} entries are not what studytui writes")
    texts = {name: text for name, text in heads.items() if _is_head(name, text)}
    return Shelf(sound, texts)


def _block(id: str, value: object) -> Block | None:
    """A block of a file from elsewhere: one fence of this id and nothing else."""
    if not (_ID.fullmatch(id) and isinstance(value, dict)):
        return None
    file, text, seen = value.get("file"), value.get("text"), value.get("seen")
    if not (isinstance(file, str) and _FILE.fullmatch(file) and isinstance(text, str)):
        return None
    if not (isinstance(seen, list) and all(isinstance(each, str) for each in seen)):
        return None
    if text and [name for name, _ in blocks_in(text.split("\n"))] != [id]:
        return None
    if text and span_of_fence(text.split("\n"), 1) != (0, text.count("\n") + 1):
        return None
    return Block(file, text, tuple(each[:64] for each in seen[-_MOST_SEEN:]))


def _is_head(name: object, text: object) -> bool:
    if not (isinstance(name, str) and _FILE.fullmatch(name) and isinstance(text, str)):
        return False
    lines = text.split("\n")
    ends = [number for number, line in enumerate(lines) if line.strip() == "---"]
    return len(text) < 4_000 and ends == [0, len(lines) - 1] and len(lines) > 1
