"""Claims that hold for all values, or wherever others hold, as a person wrote them down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "claims"


@dataclass(frozen=True, slots=True)
class WrittenClaim:
    topic: str
    line: int
    true: bool
    text: str
    given: tuple[str, ...]
    declared: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{self.topic}:{self.line}"


def claims() -> tuple[WrittenClaim, ...]:
    return tuple(claim for file in sorted(FOLDER.glob("*.md")) for claim in _read(file))


def _read(file: Path) -> Iterator[WrittenClaim]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        word, _, rest = line.partition(" ")
        if word not in ("true", "false"):
            continue
        text, *more = (part.strip() for part in rest.split(";"))
        given = tuple(part.removeprefix("given ") for part in more if part.startswith("given "))
        pairs = (part.split(":", 1) for part in more if not part.startswith("given "))
        declared = tuple((name.strip(), domain.strip()) for name, domain in pairs)
        yield WrittenClaim(file.stem, number, word == "true", text, given, declared)
