"""What the catalogue of articles asks for is proved, and the page that says so tells the truth."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from studytui.derive.process.prover import Prover
from studytui.derive.steps.derivation import verify_derivation
from studytui.derive.steps.source import DerivationSource
from studytui.derive.verdict import Verdict
from studytui.library.parse import parse_article

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "derivations.md"
KEPT = ROOT / "tests" / "derive" / "catalogue.md"
SOURCES = parse_article(KEPT.read_text(encoding="utf-8"), KEPT).article.derivations


def named() -> set[str]:
    """The derivations that the page names."""
    rows = re.findall(r"^\|(?!---)(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([a-z][a-z0-9]*(?:-[a-z0-9]+)+)`", row)}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_a_derivation_of_the_catalogue_is_proved(source: DerivationSource, prover: Prover) -> None:
    for judgement in verify_derivation(prover, source):
        assert judgement.verdict is Verdict.PROVED, judgement


def test_every_derivation_that_the_page_names_exists() -> None:
    shipped = {
        source.id
        for path in (ROOT / "content").glob("*/*.md")
        for source in parse_article(path.read_text(encoding="utf-8"), path).article.derivations
    }
    kept = {source.id for source in SOURCES}
    assert named() - shipped - kept - {"hinge", "hutchinson"} == set()
    assert kept <= named() | {"hinge", "hutchinson", "contraction"}
    assert len(named()) >= 40


WRONG = {
    "vp-mean": "m(t) = x*exp(-c*t)",
    "edm-in": "c = 1/(d + s)",
}  # fmt: skip


def test_a_wrong_goal_of_the_catalogue_is_not_proved(prover: Prover) -> None:
    """One of each kind: an equation, an inequality, a solution of a system."""
    for name, wrong in WRONG.items():
        source = next(source for source in SOURCES if source.id == name)
        steps = (*source.steps[:-1], replace(source.steps[-1], to=wrong))
        judged = verify_derivation(prover, replace(source, steps=steps))
        assert judged[len(steps) - 1].verdict in (Verdict.REFUTED, Verdict.UNDECIDED)
