"""The packs that imports make: which pack a note lives in, and writing one whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring_ascii as _in_json
from pathlib import Path

from studytui.errors import StudyError
from studytui.exchange.pack_files import Note, PackUpdate, card_ids, slug, update_pack

PACK_FILE = "pack.toml"
_RECORD = ".imported.json"
"""Beside ``pack.toml``: the digest of every card as it was imported, by id."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the notes of a package went, and what is to be said about it.

    ``folders`` are where the articles of each deck stand.
    """

    root: Path | None
    problems: tuple[str, ...]
    folders: Mapping[str, Path] = field(default_factory=dict)


def place(folder: Path, stem: str, decks: Mapping[str, Sequence[Note]]) -> Placed:
    """Write the notes of a package called ``stem`` into a pack of ``folder``.

    A package that came before, under whatever name, goes to its own pack; a new one never takes
    another's place. Notes that another pack has already stay there.

    Raises:
        StudyError: The pack cannot be written; nothing was changed then.
    """
    packs = {path.parent: _files(path.parent) for path in sorted(folder.glob(f"*/{PACK_FILE}"))}
    owners = {card: root for root, files in packs.items() for card in card_ids(files)}
    wanted = [note.id for notes in decks.values() for note in notes]
    if not wanted:
        return Placed(None, ())
    held = Counter(owners[name] for name in wanted if name in owners)
    root = held.most_common(1)[0][0] if held else folder / _free_name(stem, packs, folder)
    mine = {
        deck: [note for note in notes if owners.get(note.id, root) == root]
        for deck, notes in decks.items()
    }
    update = update_pack(root.name, mine, packs.get(root, {}), _record(root))
    _write(root, update)
    problems = []
    elsewhere = len(wanted) - sum(map(len, mine.values()))
    if elsewhere:
        problems.append(f"{elsewhere} notes that are in another imported pack already")
    if update.kept:
        problems.append(f"{len(update.kept)} cards that you have changed stay as you wrote them")
    folders = {deck: root / track for deck, track in update.tracks.items()}
    return Placed(root, tuple(problems), folders)


def _free_name(stem: str, packs: Mapping[Path, object], folder: Path) -> str:
    number, name = 1, f"anki-{slug(stem)}"
    wanted = name
    while folder / name in packs or (folder / name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name


def _files(root: Path) -> dict[str, str]:
    paths = (root / PACK_FILE, *sorted(root.glob("*/*.md")))
    try:
        return {
            path.relative_to(root).as_posix(): path.read_text("utf-8", errors="surrogateescape")
            for path in paths
        }
    except OSError as error:
        raise StudyError(f"the pack cannot be read: {error.strerror}", where=str(root)) from error


def _record(root: Path) -> dict[str, str]:
    try:
        found = json.loads((root / _RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    digests = found.items() if isinstance(found, dict) else ()
    return {card: digest for card, digest in digests if isinstance(digest, str)}


def _record_text(digests: Mapping[str, str]) -> str:
    """JSON with a line for each card: ``json`` itself would write lines at a tenth of the pace."""
    ids = sorted(digests)
    texts = zip(map(_in_json, ids), map(_in_json, map(digests.__getitem__, ids)), strict=True)
    return "{" + ",\n".join(map(": ".join, texts)) + "}"


def _write(root: Path, update: PackUpdate) -> None:
    """Every file is written beside the pack first; a new pack appears under its name only whole."""
    files = {**update.files, _RECORD: _record_text(update.imported)}
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root.parent, prefix=".import-") as name:
            beside = Path(name) / root.name
            for path, text in files.items():
                target = beside / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8", errors="surrogateescape")
            if not root.exists():
                shutil.move(beside, root)
                return
            for path in files:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (beside / path).replace(root / path)
    except OSError as error:
        raise StudyError(
            f"the pack cannot be written: {error.strerror}", where=str(root)
        ) from error
