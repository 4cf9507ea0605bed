"""Small packs on disk, for tests."""

from __future__ import annotations

from pathlib import Path


def article(id: str, body: str = "Words.\n", *, track: str = "notes", more: str = "") -> str:
    return f"---\nid: {id}\ntitle: {id.title()}\ntrack: {track}\n{more}---\n{body}"


def write_pack(root: Path, articles: dict[str, str], toml: str = "") -> Path:
    """A pack with ``articles``, each ``track/id`` and its whole text."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "pack.toml").write_text(f'id = "{root.name}"\ntitle = "A pack"\n{toml}', "utf-8")
    for name, text in articles.items():
        path = root / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def notes(root: Path, **bodies: str) -> Path:
    """A pack with articles in one track, by id (underscores for hyphens) and body."""
    named = {name.replace("_", "-"): body for name, body in bodies.items()}
    return write_pack(root, {f"notes/{id}": article(id, body) for id, body in named.items()})
