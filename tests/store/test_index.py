from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from studytui.store.index import FileRow, Index, PassageRow
from studytui.store.index_search import gather, query_of, spread
from tests.left_open import closed_behind


def passage(body: str, *, article: str = "one", track: str = "notes") -> PassageRow:
    return PassageRow(article, track, article.title(), "text", article, "", 1, "", body, True)


def put(index: Index, name: str, *bodies: str, root: str = "/pack") -> None:
    file = FileRow(f"{name}.md", 1, 2, "digest", json.dumps([name]))
    index.put(root, [(file, [passage(body, article=name) for body in bodies])])


def test_entries_come_back_with_their_paths(tmp_path: Path) -> None:
    index = closed_behind(Index.open(tmp_path / "index.db", 1))
    put(index, 'na"me', "words")
    put(index, "two", "words")
    put(index, "other", "words", root="/elsewhere")
    assert index.entries("/pack") == [('na"me.md', '["na\\"me"]'), ("two.md", '["two"]')]
    assert index.entries("/nowhere") == []


def test_a_file_is_replaced_with_its_passages() -> None:
    index = closed_behind(Index.open(None, 1))
    put(index, "one", "entropy", "divergence")
    put(index, "two", "entropy")
    put(index, "one", "momentum")
    assert [row.article for row in index.search("entropy", ["/pack"])] == ["two"]
    assert [row.article for row in index.search("momentum", ["/pack"])] == ["one"]
    index.remove("/pack", ["one.md", "two.md"])
    assert index.files("/pack") == {}
    assert index.search("momentum", ["/pack"]) == []


def test_another_version_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    first = closed_behind(Index.open(path, 1))
    put(first, "one", "words")
    first.close()
    assert closed_behind(Index.open(path, 1)).files("/pack")
    assert not closed_behind(Index.open(path, 2)).files("/pack")


def test_two_at_once(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    indexes = [closed_behind(Index.open(path, 1)) for _ in range(2)]
    threads = [
        threading.Thread(target=put, args=(index, f"{number}-{turn}", "words"))
        for number, index in enumerate(indexes)
        for turn in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(indexes[0].files("/pack")) == 20
    assert len(indexes[0].search("words", ["/pack"], limit=50)) == 20


def test_a_failed_write_leaves_nothing_behind() -> None:
    index = closed_behind(Index.open(None, 1))
    put(index, "one", "words")
    broken = FileRow("two.md", None, 2, "digest", "[]")  # type: ignore[arg-type]
    with pytest.raises(Exception, match="NOT NULL"):
        index.put("/pack", [(broken, [passage("momentum")])])
    assert index.search("momentum", ["/pack"]) == []
    put(index, "two", "momentum")
    assert index.search("momentum", ["/pack"])


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("gradient", '"gradient"*'),
        ("gradient ", '"gradient"'),
        ("the gradient of", '"gradient"'),
        ("the of", '"the" "of"'),
        ('"running mean" step', '"running mean" "step"*'),
        ("偏差 adam", '"偏 差" "adam"*'),
        ("AND OR", '"AND" "OR"'),
        ('"', ""),
        ("a*b", '"b"'),
    ],
)
def test_what_is_typed_becomes_a_query(typed: str, query: str) -> None:
    assert query_of(typed) == query


@pytest.mark.parametrize("text", ["偏差修正", "Adam 的偏差", "plain words", "混合 words 文字"])
def test_spreading_chinese_can_be_undone(text: str) -> None:
    assert gather(spread(text)).replace(" ", "") == text.replace(" ", "")
    assert "偏 差" not in gather(spread(text))
