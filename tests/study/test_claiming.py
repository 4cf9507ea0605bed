"""A wrong number, a wrong behaviour and a wrong reference are each caught where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from studytui.paths import Directories
from studytui.settings import Settings
from studytui.study.check import check, unclaimed
from studytui.study.desk import Desk
from studytui.study.targets import Target
from studytui.study.verifying import Finding, Verifier
from tests.library.writing import article, notes, write_pack

pytestmark = pytest.mark.xdist_group("claiming")

BODY = """## One

It takes $3.2\\,\\eta$ at first, and then 2.1 to 2.4; `print` shows <Mean>, of 0.9.
Flash attention reaches 740 TFLOP/s (Shah et al. 2024).

```{check}
says(r"3.2\\,\\eta", 0.1 / 0.001**0.5)
says("2.1 to 2.4", [2.2, 2.3])
shows("<Mean>", "<Mean>")
given("0.9")
cites("740", "Shah 2024")
assert sum([1, 2]) == 3
```

## References

- Shah and others, FlashAttention-3, 2024.
"""


def findings(root: Path, *, trusted: bool = True) -> list[Finding]:
    home = root.parent / "home"
    where = Directories(home / "data", home / "config", home / "cache")
    with Desk(where, Settings()) as desk:
        return list(Verifier(desk, [root], trusted=trusted).findings(lambda text: None))


WRONG = [
    (r"$3.2\,\eta$", r"$3.4\,\eta$", 12, "does not stand in the section 'One'"),
    ("0.1 / 0.001", "0.2 / 0.001", 12, "stands in the prose: computed 6.32456"),
    ("2.3]", "2.5]", 13, "computed 2.5"),
    ('"<Mean>", "<Mean>"', '"<Mean>", "<Sum>"', 14, "'<Mean>' is not in '<Sum>'"),
    ("of 0.9", "of 0.8", 15, "'0.9' does not stand in the article"),
    ('"Shah 2024"', '"Dao 2023"', 16, "no item of the references has 'Dao 2023'"),
    ("== 3", "== 4", 17, "left 3, right 4"),
    ("given(", "if False: given(", 15, "the call is not reached"),
]
"""What is right, what stands there instead, and the line and the words that tell of it."""
OTHERS = {
    "right": BODY,
    "imports": "It is 42.\n\n```{check}\nfrom answers import answer\nsays('42', answer())\n```\n",
    "leaves": "It is 42.\n\n```{check}\nimport os\nos._exit(3)\n```\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack with an article for each fault, and others; their track has a snippet."""
    bodies = {f"wrong{at}": BODY.replace(*fault[:2]) for at, fault in enumerate(WRONG)}
    root = notes(tmp_path_factory.mktemp("claims") / "mine", **bodies, **OTHERS)
    folder = root / "snippets" / "notes"
    folder.mkdir(parents=True)
    (folder / "answers.py").write_text("def answer():\n    return 42\n")
    return root


@pytest.fixture(scope="module")
def found(root: Path) -> dict[str, list[Finding]]:
    """What one verification of them all finds, by article."""
    by_article: dict[str, list[Finding]] = {}
    for finding in findings(root):
        by_article.setdefault(finding.article, []).append(finding)
    return by_article


def test_claims_that_hold_are_counted(found: dict[str, list[Finding]], tmp_path: Path) -> None:
    (finding,) = found["right"]
    assert (finding.ok, finding.claims, finding.why) == (True, 6, "6 claims hold")
    assert unclaimed([Target(notes(tmp_path / "mine", one=BODY))]) == ()


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_is_wrong_is_told_with_its_line(found: dict[str, list[Finding]], number: int) -> None:
    right, _, line, why = WRONG[number]
    assert BODY.count(right) == 1
    bad, *good = found[f"wrong{number}"]
    assert (bad.ok, bad.line) == (False, line)
    assert why in bad.why
    assert [each.claims for each in good] == [5]


def test_checks_of_others_run_only_when_trusted(tmp_path: Path) -> None:
    (finding,) = findings(notes(tmp_path / "mine", one=BODY), trusted=False)
    assert (finding.ok, finding.verdict) == (False, "untrusted")


def test_checks_may_import_the_snippets_of_their_track(found: dict[str, list[Finding]]) -> None:
    assert [finding.claims for finding in found["imports"]] == [1]


def test_checks_that_end_their_process_are_told(found: dict[str, list[Finding]]) -> None:
    (finding,) = found["leaves"]
    assert (finding.ok, finding.verdict) == (False, "error")
    assert "did not run to their end" in finding.why


def test_a_pack_may_demand_that_all_is_claimed(tmp_path: Path) -> None:
    articles = {"notes/one": article("one", "It is 42.\n")}
    root = write_pack(tmp_path / "mine", articles, "[requires]\nclaims = true\n")
    (problem,) = check([root])
    assert (problem.line, problem.what) == (6, "nothing claims the number '42'")
