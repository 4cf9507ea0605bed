from __future__ import annotations

from dataclasses import dataclass

from studytui.library.order import circles, depths, next_to_read


@dataclass(frozen=True)
class Item:
    id: str
    needs: tuple[str, ...] = ()


def test_no_circle() -> None:
    assert circles({"a": ("b", "c"), "b": ("c",), "c": ()}) == []


def test_each_circle_is_named_once() -> None:
    found = circles({"a": ("b",), "b": ("c",), "c": ("a",), "d": ("d",), "e": ("a",)})
    assert found == [("a", "b", "c", "a"), ("d", "d")]


def test_a_long_chain_does_not_recurse() -> None:
    chain = {str(number): (str(number + 1),) for number in range(5_000)}
    assert circles(chain | {"5000": ()}) == []
    assert depths(chain | {"5000": ()})["0"] == 5_000


def test_depth_is_the_longest_way() -> None:
    assert depths({"a": (), "b": ("a",), "c": ("a", "b"), "x": ("elsewhere",)}) == {
        "a": 0,
        "b": 1,
        "c": 2,
        "x": 0,
    }


def test_what_builds_on_what_was_read_comes_first() -> None:
    items = [Item("a"), Item("b", ("a",)), Item("c", ("b",)), Item("d"), Item("e", ("gone",))]
    assert [item.id for item in next_to_read(items, ())] == ["a", "d", "e"]
    assert [item.id for item in next_to_read(items, {"a"})] == ["b", "d", "e"]
    assert [item.id for item in next_to_read(items, {"a", "b", "c", "d", "e"})] == []
