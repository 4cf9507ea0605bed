"""The checks of an article as a program that the runner starts, and what it wrote down.

They run as a snippet does, in a process of their own under the same limits.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studytui.errors import StudyError

RECORDS_FILE = "claims.jsonl"
MOST_BYTES = 16 * 1024 * 1024

_PROGRAM = '''"""The checks of an article."""

from studytui.run.child.claims import run_blocks


def main() -> None:
    """Run them."""
    run_blocks({path!r}, {blocks!r})


if __name__ == "__main__":
    main()
'''


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that a check did, in a line of the article.

    ``kind`` is says, shows, given, cites, assert, or error for a statement that raised. ``holds``
    is what could be told where it ran; ``computed`` says why it does not.
    """

    kind: str
    line: int
    literals: tuple[str, ...] = ()
    values: tuple[int | float, ...] = ()
    computed: str = ""
    holds: bool = True

    def as_list(self) -> list[object]:
        """What :func:`read_records` reads. Values that JSON has no number for travel as text."""
        values = [value if isinstance(value, int) else repr(value) for value in self.values]
        return [self.kind, self.line, self.literals, values, self.computed, self.holds]


def program(path: Path, blocks: Sequence[tuple[int, str]]) -> str:
    """The source of a script that runs blocks, each with the line that its code begins on."""
    return _PROGRAM.format(path=str(path), blocks=tuple(blocks))


def read_records(folder: Path) -> tuple[Record, ...]:
    """What a run wrote into its folder. StudyError when it cannot be read; none is none."""
    path = folder / RECORDS_FILE
    try:
        if not path.exists():
            return ()
        if path.stat().st_size > MOST_BYTES:
            raise StudyError(f"the checks claim more than {MOST_BYTES:,} bytes")
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise StudyError(f"what the checks claim cannot be read: {error.strerror}") from error
    try:
        return tuple(_record(json.loads(line)) for line in text.splitlines())
    except (ValueError, TypeError) as error:
        raise StudyError("what the checks claim cannot be read") from error


def _record(fields: object) -> Record:
    match fields:
        case [str(kind), int(line), list(literals), list(values), str(computed), bool(holds)]:
            numbers = tuple(value if isinstance(value, int) else float(value) for value in values)
            return Record(kind, line, tuple(map(str, literals)), numbers, computed, holds)
        case _:
            raise ValueError("not a record")
