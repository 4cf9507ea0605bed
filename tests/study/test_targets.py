from __future__ import annotations

from pathlib import Path

import pytest

from studytui.errors import StudyError
from studytui.paths import shipped_content
from studytui.study.check import check_targets
from studytui.study.targets import Target, find_target
from tests.library.writing import article, notes, write_pack


def test_a_pack_an_article_s_file_and_an_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = notes(tmp_path / "mine", one="Words.\n")
    monkeypatch.chdir(tmp_path)
    whole, file = Target(root), Target(root, root / "notes" / "one.md")
    assert find_target("mine", []) == whole
    assert find_target("mine/notes/one.md", []) == file
    assert find_target("one", [root]) == file


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("onne", "there is no article or pack 'onne'"),
        ("other", "An article of a pack that the settings do not list is named by its file"),
        ("gone.md", "there is no such file"),
        ("alone.md", "this article belongs to no pack"),
    ],
)
def test_what_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, what: str
) -> None:
    root = notes(tmp_path / "mine", one="Words.\n")
    (tmp_path / "alone.md").write_text("Words.\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StudyError, match=what):
        find_target(name, [root])


def test_one_article_is_told_alone_and_may_need_the_shipped_ones(tmp_path: Path) -> None:
    shipped = next(shipped_content().glob("*/adam-and-adamw.md")).stem
    articles = {
        "notes/one": article("one", f"[A]({shipped}.md)\n", more=f"needs: [{shipped}, gone]\n"),
        "notes/two": article("two", more="needs: [gone]\n"),
    }
    root = write_pack(tmp_path / "mine", articles)
    (problem,) = check_targets([Target(root, root / "notes" / "one.md")])
    assert (problem.path.name, problem.what) == (
        "one.md",
        "needs an article that is not there: 'gone'",
    )
    assert len(check_targets([Target(root)])) == 2
