"""A pack: a folder of articles with a ``pack.toml``."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Any

from studytui import paths
from studytui.authoring.problems import Problem, Report, shown, suggest
from studytui.errors import StudyError
from studytui.library.parse.front_matter import check_identifier
from studytui.library.requirements import Requirements, read_requirements
from studytui.library.source import read_source

PACK_FILE = "pack.toml"


class PackError(StudyError):
    """A folder cannot be used as a pack."""


@dataclass(frozen=True, slots=True)
class Track:
    """A folder of a pack, with the title that is shown for it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of articles. ``snippets`` may not exist; ``shipped`` came with studytui.

    ``own`` is the reader's own: its folder may not exist yet, and its cards stand in for those of
    other packs that have the same id.
    """

    id: str
    title: str
    root: Path
    snippets: Path
    tracks: tuple[Track, ...]
    shipped: bool = False
    own: bool = False
    requires: Requirements | None = None

    def snippet(self, name: str) -> Path:
        """The file of a snippet, whether it is there or not."""
        return self.snippets / f"{name}.py"


def article_files(root: Path) -> Iterator[os.DirEntry[str]]:
    """The articles of a pack, ``<track>/<id>.md``, by name. OSError when the folder cannot be read.

    Directory entries, because their ``stat`` costs nothing more on some systems.
    """
    with os.scandir(root) as folders:
        tracks = sorted((entry for entry in folders if _is_track(entry)), key=lambda e: e.name)
    for track in tracks:
        with os.scandir(track.path) as files:
            found = [entry for entry in files if _is_article(entry)]
        yield from sorted(found, key=lambda entry: entry.name)


def _is_track(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir() and not entry.name.startswith((".", "_")) and entry.name != "snippets"


def _is_article(entry: os.DirEntry[str]) -> bool:
    if not entry.name.endswith(".md") or entry.name.startswith("."):
        return False
    try:
        # Folders are none, nor are pipes and devices: to open one could take for ever.
        return S_ISREG(entry.stat().st_mode)
    except OSError:
        # A link to nothing or in a circle: whoever opens it is told.
        return True


def load_pack(root: Path) -> Pack:
    """The pack in the folder ``root``.

    Raises:
        PackError: There is no such folder or no ``pack.toml``, or it is broken; all that is wrong
            is told.
    """
    pack, problems = read_pack(root)
    if problems:
        first, *others = problems
        advice = "\n".join(filter(None, (first.todo, *map(str, others))))
        raise PackError(first.what, where=first.where, todo=advice)
    return pack


def shipped_pack() -> Pack:
    """The pack that comes with studytui."""
    return load_pack(paths.shipped_content())


def load_packs(folders: Sequence[Path] = ()) -> tuple[Pack, ...]:
    """The shipped pack, then those in ``folders``. Raises PackError on the first broken one."""
    return (shipped_pack(), *(load_pack(folder) for folder in folders))


def read_pack(root: Path) -> tuple[Pack, tuple[Problem, ...]]:
    """The pack in a folder as far as it can be read, with everything that is wrong with it."""
    root = root.expanduser().absolute()
    path = root / PACK_FILE
    report = Report(path)
    table = _read_toml(path, report)
    known = ("id", "title", "requires", "tracks")
    for key in table:
        if key not in known:
            report.add(0, f"unknown key {shown(key)}", suggest(key, known))
    # Without a readable file there is one problem, and it has been told.
    strict = path.is_file() and not report.problems()
    identifier = _text(table, "id", root.name, strict, report)
    if strict and "id" in table:
        check_identifier(identifier, "the pack's id", 0, report)
    pack = Pack(
        id=identifier,
        title=_text(table, "title", root.name, strict, report),
        root=root,
        snippets=_snippets(root),
        tracks=_tracks(table.get("tracks", []), report),
        shipped=root == paths.shipped_content().absolute(),
        requires=read_requirements(table["requires"], report) if "requires" in table else None,
    )
    return pack, report.problems()


def _snippets(root: Path) -> Path:
    if root == paths.shipped_content().absolute():
        return paths.shipped_snippets()
    beside = root.parent / "snippets"
    inside = root / "snippets"
    return beside if beside.is_dir() and not inside.is_dir() else inside


def _read_toml(path: Path, report: Report) -> dict[str, Any]:
    todo = f"studytui new pack {path.parent.name}"
    if not path.parent.is_dir():
        report.add(0, "there is no such folder", todo)
        return {}
    if path.exists() and not path.is_file():
        report.add(0, "not a file", todo)
        return {}
    try:
        return tomllib.loads(read_source(path).decode("utf-8"))
    except FileNotFoundError:
        report.add(0, "not a pack: it has no pack.toml", f"Give the folder of a pack, or: {todo}")
    except OSError as error:
        report.add(0, f"cannot be read: {error.strerror}", "Make it readable")
    except UnicodeDecodeError:
        report.add(0, "not UTF-8", "Save it as UTF-8")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        report.add(0, f"not TOML: {error}", 'Write id = "my-pack" and title = "My pack"')
    return {}


def _text(table: dict[str, Any], key: str, default: str, strict: bool, report: Report) -> str:
    value = table.get(key)
    if isinstance(value, str) and value.strip():
        return value.strip()
    if strict:
        report.add(0, f"the pack has no {key}", f'Write {key} = "…"')
    return default


def _tracks(value: object, report: Report) -> tuple[Track, ...]:
    if not isinstance(value, list):
        report.add(0, "tracks is not a list of tables", 'Write [[tracks]], id = "…", title = "…"')
        return ()
    tracks: dict[str, Track] = {}
    for item in value:
        fields = item if isinstance(item, dict) else {}
        identifier, title = fields.get("id"), fields.get("title")
        if not (isinstance(identifier, str) and isinstance(title, str) and title):
            report.add(0, "a track without id and title", 'Write id = "…" and title = "…"')
        elif identifier in tracks:
            report.add(0, f"the track {shown(identifier)} stands twice", "Delete one")
        elif check_identifier(identifier, "the track's id", 0, report):
            tracks[identifier] = Track(identifier, title)
    return tuple(tracks.values())
