"""What was shown once is not shown again, as long as nothing that it depends on has changed.

Only findings that hold are kept: under a hash of the source of what was verified, of the scripts
that it runs and imports, of studytui's own code that judges it, and of every installed package.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, assert_never

import studytui
from studytui.cards.card import Card
from studytui.derive.steps.source import DerivationSource
from studytui.library.blocks import CheckBlock, SnippetBlock
from studytui.run.imports import imported
from studytui.study.verifying.finding import Finding
from studytui.study.verifying.subjects import Subject

MOST = 20_000
"""Lines of the file; when there are more, the older half is dropped."""
MOST_BYTES = 64 * 1024 * 1024

_JUDGES = {
    "derivation": ("derive",),
    "card": ("authoring", "cards", "derive", "study"),
    "claims": ("authoring", "library", "run", "study"),
    "snippet": ("run",),
}
"""Which packages of studytui have a say in what becomes of a kind."""


def key_of(subject: Subject) -> str:
    """The hash of all that a subject's findings depend on. Raises OSError and UnicodeError."""
    parts = [subject.kind, subject.name, judges(subject.kind), *_sources(subject)]
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _sources(subject: Subject) -> Iterator[str]:
    what = subject.what
    match what:
        case DerivationSource():
            yield what.digest
        case SnippetBlock():
            yield repr(what.parameters)
            path = subject.pack.snippet(what.name)
            yield _code(path.read_text(encoding="utf-8"), path.parent)
        case CheckBlock():
            # Claims are held against the prose, and against the references.
            yield subject.article.digest
            blocks = "\n".join(block.code for block in subject.article.checks)
            yield _code(blocks, subject.pack.snippets / subject.article.track)
        case Card():
            yield what.digest
        case _:
            assert_never(what)


def _code(source: str, home: Path) -> str:
    """The digest of a source with all that it imports from the folder ``home``."""
    total = sha256(source.encode("utf-8", "surrogatepass"))
    for path in imported(source, home):
        total.update(path.relative_to(home).as_posix().encode())
        total.update(sha256(path.read_bytes()).digest())
    return total.hexdigest()


@cache
def judges(kind: str) -> str:
    """The hash of the code that judges a kind, and of what it stands on."""
    root = Path(studytui.__file__).parent
    total = sha256(installed().encode())
    for package in _JUDGES[kind]:
        for path in sorted((root / package).rglob("*.py")):
            total.update(path.relative_to(root).as_posix().encode())
            total.update(sha256(path.read_bytes()).digest())
    return total.hexdigest()


@cache
def installed() -> str:
    """Every installed package with its version, Python and the machine."""
    packages = sorted(f"{each.name}=={each.version}" for each in distributions())
    return "\n".join((*packages, sys.version, platform.machine(), sys.platform))


class Kept:
    """Findings that hold, by key, in a file of JSON lines that is only added to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, list[list[Any]]] = dict(_read(path))

    def find(self, key: str, subject: Subject) -> tuple[Finding, ...]:
        """What was found for a key, as if it had been found in ``subject`` now; else nothing."""
        try:
            return tuple(_restored(fields, subject) for fields in self._found.get(key, ()))
        except (TypeError, ValueError):
            return ()

    def keep(self, key: str, findings: Sequence[Finding], subject: Subject) -> None:
        """Keep what holds as a whole; what cannot be written is verified again next time."""
        if not findings or not all(finding.ok for finding in findings):
            return
        self._found[key] = [_fields(finding, subject) for finding in findings]
        line = json.dumps([key, self._found[key]], ensure_ascii=False) + "\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line)
        except OSError:
            return

    def tidy(self) -> None:
        """Drop the older half of a file that has grown too long."""
        if len(self._found) <= MOST:
            return
        newest = list(self._found.items())[-MOST // 2 :]
        text = "".join(json.dumps(list(item), ensure_ascii=False) + "\n" for item in newest)
        beside = self._path.with_suffix(f".{os.getpid()}")
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(self._path)
        except OSError:
            beside.unlink(missing_ok=True)


def _read(path: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    """The lines of the file that are whole; a second run may be writing at the same time."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        try:
            match json.loads(line):
                case [str(key), list(findings)] if findings:
                    yield key, findings
        except (ValueError, RecursionError):
            continue


def _fields(finding: Finding, subject: Subject) -> list[Any]:
    part = finding.name.removeprefix(subject.name).strip()
    line = finding.line - subject.what.line
    return [finding.verdict, part, line, finding.seconds, finding.why, finding.claims]


def _restored(fields: list[Any], subject: Subject) -> Finding:
    verdict, part, line, seconds, why, claims = fields
    found = subject.finding(str(verdict), True, 0.0, str(why), part=str(part))
    return replace(
        found,
        line=subject.what.line + int(line),
        seconds=float(seconds),
        claims=int(claims),
        kept=True,
    )


def key_or_none(subject: Subject) -> str | None:
    """The key of a subject, None where verifying it will say why there is none."""
    try:
        return key_of(subject)
    except (OSError, UnicodeError):
        return None
