"""What an author names: a pack by its folder, an article by its file or its id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from studytui.authoring.problems import suggest
from studytui.errors import StudyError
from studytui.library.pack import PACK_FILE, article_files


@dataclass(frozen=True, slots=True)
class Target:
    """A pack's folder; of it only the article in ``file``, where there is one."""

    root: Path
    file: Path | None = None


def find_target(name: str, roots: Sequence[Path]) -> Target:
    """What ``name`` stands for, the packs in use lying in ``roots``.

    Raises StudyError when it is neither a folder, nor an article's file in a pack, nor an id.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        return Target(path.absolute())
    if path.suffix == ".md":
        return _of_file(path.absolute())
    known = {file.stem: Target(root, file) for root in reversed(roots) for file in _articles(root)}
    if name in known:
        return known[name]
    near = suggest(name, sorted(known)) if len(known) < 100 else ""
    elsewhere = "An article of a pack that the settings do not list is named by its file"
    raise StudyError(f"there is no article or pack '{name}'", todo=f"{near}\n{elsewhere}".strip())


def is_article_file(name: str) -> bool:
    """Whether a name means a file, not an id."""
    return name.endswith(".md")


def _of_file(path: Path) -> Target:
    if not path.is_file():
        raise StudyError("there is no such file", where=str(path))
    root = path.parent.parent
    if not (root / PACK_FILE).is_file():
        raise StudyError(
            "this article belongs to no pack", where=str(path), todo="Put it into PACK/TRACK/"
        )
    return Target(root, path)


def _articles(root: Path) -> Iterable[Path]:
    try:
        return [Path(file.path) for file in article_files(root)]
    except OSError:
        return ()  # whoever reads the pack is told
