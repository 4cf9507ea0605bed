"""Nothing that is typed runs, fills the memory or takes longer than the limit."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from studytui.derive.expr.problems import ExpressionError
from studytui.derive.process.prover import Prover
from studytui.derive.syntax import parse
from studytui.derive.verdict import Verdict
from tests.derive.fuzzing import texts
from tests.derive.hostile import CANARY, hostile
from tests.examples import chance, times

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 1.0

_WATCHED = """
import sys
from studytui.derive.syntax.declarations import declare
from studytui.derive.expr.domains import Symbols
from studytui.derive.syntax import parse
from studytui.derive.expr.problems import ExpressionError
from tests.derive.hostile import hostile
import difflib
from studytui.derive.syntax import special_forms
from studytui.derive.syntax import latex
from studytui.derive.syntax import identifiers

for text in ("1", "x(y+1)", "sum(i,i,1,n)", "foo"):
    try:
        parse(text)
    except ExpressionError:
        pass
seen = []
forbidden = ("exec", "compile", "import", "open", "os.", "subprocess", "socket", "ctypes", "pty")
def hook(event, arguments):
    if event.startswith(forbidden):
        seen.append((event, str(arguments)[:80]))
sys.addaudithook(hook)
for text in hostile():
    for syntax in ("ascii", "unicode", "latex"):
        try:
            parse(text, None, syntax)
        except ExpressionError:
            pass
assert not any(name.split(".")[0] in ("sympy", "mpmath") for name in sys.modules)
print(seen)
"""


def test_there_are_at_least_a_hundred_hostile_inputs() -> None:
    assert len(set(hostile())) >= 100


def test_reading_hostile_inputs_executes_imports_and_opens_nothing() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _WATCHED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("syntax", ["ascii", "latex"])
def test_hostile_inputs_are_read_or_refused_at_once(syntax: str) -> None:
    for text in hostile():
        try:
            parse(text, None, syntax)
        except ExpressionError as error:
            assert error.what


def test_hostile_inputs_end_within_the_limit_in_the_prover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Prover(seconds=LIMIT, memory_mb=1024) as prover:
        assert prover.equal("x", "x").verdict is Verdict.PROVED
        for text in hostile():
            judgement = prover.equal(text, "x + 1")
            assert judgement.verdict is not Verdict.PROVED, text[:60]
            assert judgement.verdict is not Verdict.AGREES, text[:60]
        assert prover.equal("2x", "x + x").verdict is Verdict.PROVED
    assert not (tmp_path / CANARY).exists()
    assert not (ROOT / CANARY).exists()


@pytest.mark.parametrize(
    "assumption",
    [
        "__import__('os')",
        "x.__class__",
        "positive" * 100,
        "0 < x < 9^9^9^9",
        "matrix 1000x1000",
        "vector 99999999",
        "normal(",
        "\x00",
        "",
        "x > 1, x < 0",
    ],
)
def test_hostile_domains_are_refused_or_harmless(assumption: str, prover: Prover) -> None:
    judgement = prover.equal("x", "x + 1", {"x": assumption})
    assert judgement.verdict in (Verdict.ERROR, Verdict.REFUTED, Verdict.UNDECIDED)


@pytest.mark.fuzz
def test_random_texts_are_read_or_refused() -> None:
    """A second of the processor; `python -m benchmarks derive` reads a hundred thousand."""
    for text, syntax in texts(times(10_000), seed=chance(3)):
        try:
            parse(text, None, syntax)
        except ExpressionError as error:
            assert error.what


@pytest.mark.fuzz
def test_random_texts_end_within_the_limit_in_the_prover() -> None:
    generator = random.Random(chance(5))
    readable = []
    for text, syntax in texts(4_000, seed=chance(4)):
        try:
            parse(text, None, syntax)
        except ExpressionError:
            continue
        readable.append((text, syntax))
    with Prover(seconds=0.3, memory_mb=1024) as prover:
        prover.equal("x", "x")
        for text, syntax in generator.sample(readable, min(len(readable), times(40))):
            judgement = prover.equal(text, f"({text}) + x^2 + 1", syntax=syntax)
            assert judgement.verdict not in (Verdict.PROVED, Verdict.AGREES), text
