"""The golden formulas: readable files of title, TeX and picture, each between dots.

``python -m tests.maths.golden`` writes the pictures anew, for a person to judge in the diff.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studytui.maths.formula import typeset
from studytui.maths.one_line import fold

FOLDER = Path(__file__).parent.parent / "golden" / "maths"


@dataclass(frozen=True, slots=True)
class Golden:
    """One formula and how it must look. A title may end in ``(width 40)`` or ``(inline)``."""

    file: str
    title: str
    tex: str
    picture: str

    @property
    def width(self) -> int | None:
        found = re.search(r"\(width (\d+)\)\Z", self.title)
        return int(found[1]) if found else None

    def drawn(self) -> str:
        """What the typesetting makes of it now."""
        if self.title.endswith("(inline)"):
            return fold(self.tex)
        formula = typeset(self.tex, self.width)
        assert formula.complete, (self.title, formula.problems)
        return "\n".join(line.rstrip() for line in formula.lines)


_ENTRY = re.compile(r"^(?P<title>.+)\n\.\n(?P<tex>.*?)\n\.\n(?P<picture>.*?)\n?^\.$", re.S | re.M)


def read_golden() -> Iterator[Golden]:
    for path in sorted(FOLDER.glob("*.md")):
        body = path.read_text(encoding="utf-8").split("\n", 1)[1]
        for entry in body.split("\n.\n\n\n"):
            found = _ENTRY.match(entry.lstrip("\n") + "\n.")
            if found:
                yield Golden(path.name, *(found[name] for name in ("title", "tex", "picture")))


def rewrite() -> None:
    for path in sorted(FOLDER.glob("*.md")):
        head = path.read_text(encoding="utf-8").split("\n", 1)[0]
        blocks = [
            f"{one.title}\n.\n{one.tex}\n.\n{one.drawn()}\n."
            for one in read_golden()
            if one.file == path.name
        ]
        path.write_text("\n\n\n".join([head, *blocks]) + "\n\n\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite()
