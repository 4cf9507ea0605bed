"""New packs, articles and snippets that pass ``check`` and run as they are."""

from __future__ import annotations

import re
from pathlib import Path

from studytui.errors import StudyError
from studytui.library.pack import PACK_FILE, load_pack
from studytui.library.parse.front_matter import IDENTIFIER
from studytui.library.templates import ARTICLE, PACK, SNIPPET, TRACK

_SCRIPT = re.compile(r"[a-z_][a-z0-9_]*")


class ScaffoldError(StudyError):
    """Nothing was made: the name cannot be used, or something stands there already."""


def new_pack(folder: Path) -> tuple[Path, ...]:
    """A pack with one article and one snippet in a folder that is new or empty.

    Raises:
        ScaffoldError: The folder holds something, or its name cannot be the id of a pack.
    """
    name = folder.absolute().name
    _refuse_bad_id(name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ScaffoldError("there is something already", where=str(folder), todo="Take a new name")
    pack = folder / PACK_FILE
    _write(pack, PACK.format(id=name, title=_title(name)) + TRACK.format(id="notes", title="Notes"))
    return (pack, *new_article(folder, "notes/first-steps", snippet="notes/first_steps"))


def new_article(root: Path, name: str, snippet: str = "") -> tuple[Path, ...]:
    """An article ``track/id`` in the pack at ``root``, and the snippet that it runs.

    A track that the pack does not have yet is added. Returns the files that were written.

    Raises:
        ScaffoldError: The name cannot be used, or the article is there.
        PackError: ``root`` is not a pack.
    """
    pack = load_pack(root)
    track, id = _parts(name)
    _refuse_bad_id(track)
    _refuse_bad_id(id)
    written: list[Path] = []
    snippet = snippet or f"{track}/{id.replace('-', '_')}"
    if not pack.snippet(snippet).exists():
        written += new_snippet(root, snippet)
    path = root / track / f"{id}.md"
    if pack.tracks and track not in {known.id for known in pack.tracks}:
        entry = TRACK.format(id=track, title=_title(track))
        _write(pack.root / PACK_FILE, _read(pack.root / PACK_FILE) + entry, replace=True)
    words = {"id": id, "title": _title(id), "track": track, "snippet": snippet}
    _write(path, ARTICLE.format(**words))
    return (path, *written)


def new_snippet(root: Path, name: str) -> tuple[Path, ...]:
    """A script ``track/name`` in the pack at ``root``; it runs alone too.

    Raises:
        ScaffoldError: The name cannot be used, or the script is there.
        PackError: ``root`` is not a pack.
    """
    pack = load_pack(root)
    track, stem = _parts(name.removesuffix(".py"))
    _refuse_bad_id(track)
    if not _SCRIPT.fullmatch(stem):
        raise ScaffoldError(
            f"'{stem}' is not the name of a script", todo="Use lower-case words joined by _"
        )
    path = pack.snippet(f"{track}/{stem}")
    _write(path, SNIPPET.format(title=_title(stem)))
    return (path,)


def find_pack(start: Path) -> Path:
    """The pack that holds ``start``: the nearest folder upwards with a ``pack.toml``.

    Raises:
        ScaffoldError: There is none.
    """
    for folder in (start, *start.absolute().parents):
        if (folder / PACK_FILE).is_file():
            return folder
    raise ScaffoldError(
        "not inside a pack", where=str(start), todo="Give --pack FOLDER, or: studytui new pack NAME"
    )


def _parts(name: str) -> tuple[str, str]:
    track, slash, last = name.partition("/")
    if not slash or "/" in last:
        raise ScaffoldError(f"'{name}' is not TRACK/NAME", todo="Write it as in notes/first-steps")
    return track, last


def _refuse_bad_id(name: str) -> None:
    if not IDENTIFIER.fullmatch(name):
        raise ScaffoldError(f"'{name}' is not an id", todo="Use lower-case words joined by hyphens")


def _title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").rstrip() + "\n"


def _write(path: Path, text: str, *, replace: bool = False) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w" if replace else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ScaffoldError(
            "it is there already", where=str(path), todo="Take a new name"
        ) from error
    except OSError as error:
        raise ScaffoldError.of_system(
            error, "it cannot be written", path, todo="Choose another folder"
        ) from error
