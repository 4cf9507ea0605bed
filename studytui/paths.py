"""Every directory that studytui reads or writes, in one place."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "STUDYTUI_HOME"


@dataclass(frozen=True, slots=True)
class Directories:
    """Where things are kept. ``data`` is precious, ``cache`` may be deleted at any time."""

    data: Path
    config: Path
    cache: Path

    @property
    def journal(self) -> Path:
        """The database that holds every review."""
        return self.data / "journal.db"

    @property
    def backups(self) -> Path:
        """Timed copies of the journal."""
        return self.data / "backups"

    @property
    def outputs(self) -> Path:
        """What snippets printed and drew."""
        return self.data / "outputs"

    @property
    def verified(self) -> Path:
        """What `studytui verify` has shown of content, by its hash."""
        return self.data / "verified.jsonl"

    @property
    def own(self) -> Path:
        """The pack of the reader's own cards and notes, with what was put aside beside it."""
        return self.data / "own"

    @property
    def edits(self) -> Path:
        """The reader's edited copies of snippets."""
        return self.data / "edits"

    @property
    def index(self) -> Path:
        """Catalogue and full-text index, rebuilt when content changes."""
        return self.cache / "index.db"

    @property
    def settings(self) -> Path:
        """The settings file, TOML."""
        return self.config / "settings.toml"


def directories() -> Directories:
    """The platform's folders, or all under ``$STUDYTUI_HOME`` when that is set."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        root = Path(home).expanduser().resolve()
        return Directories(data=root / "data", config=root / "config", cache=root / "cache")
    from platformdirs import PlatformDirs

    platform = PlatformDirs("studytui", appauthor=False)
    return Directories(
        data=platform.user_data_path,
        config=platform.user_config_path,
        cache=platform.user_cache_path,
    )


def _shipped(name: str, in_tree: str = "") -> Path:
    package = Path(__file__).parent
    installed = package / "shipped" / name
    return installed if installed.is_dir() else package.parent / (in_tree or name)


def shipped_content() -> Path:
    """The pack of forty articles that comes with studytui."""
    return _shipped("content")


def shipped_guide() -> Path:
    """The chapters of the user's guide."""
    return _shipped("guide", "docs/guide")


def shipped_snippets() -> Path:
    """The snippets of the shipped pack."""
    return _shipped("snippets")
