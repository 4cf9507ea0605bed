"""``studytui maths``, as a person runs it."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from studytui.cli.typesetting import app

RUNNER = CliRunner()


def test_shows_a_formula() -> None:
    shown = RUNNER.invoke(app, [r"\frac{a}{b}"])
    assert shown.exit_code == 0
    assert shown.stdout == " a\n───\n b\n"


def test_shows_it_on_one_line_in_words_and_narrow() -> None:
    assert RUNNER.invoke(app, ["--inline", r"\frac{a}{b}"]).stdout == "a/b\n"
    assert RUNNER.invoke(app, ["--speech", r"\frac{a}{b}"]).stdout == "a over b\n"
    narrow = RUNNER.invoke(app, ["a=b+c+d+e+f", "--width", "12"]).stdout
    assert max(len(line) for line in narrow.splitlines()) <= 12


def test_tells_what_is_wrong() -> None:
    shown = RUNNER.invoke(app, [r"\unheardof"])
    assert shown.exit_code == 1
    assert shown.stdout == "\\unheardof\n"
    assert "unsupported command" in shown.stderr


def test_draws_a_picture(tmp_path: Path) -> None:
    target = tmp_path / "formula.svg"
    assert RUNNER.invoke(app, [r"\frac12", "--svg", str(target)]).exit_code == 0
    assert target.read_text(encoding="utf-8").startswith("<svg")
