"""Every action says whether it writes, and what would be written about was seen before."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from textual.containers import ScrollableContainer
from textual.dom import DOMNode
from textual.widgets import Input, TextArea

import studytui
from studytui.store.events import Bookmark
from studytui.study.desk import Desk
from studytui.tui.actions import Effect, actions, scopes
from studytui.tui.screens.reader import ReaderScreen
from studytui.tui.shell import StudyApp
from tests.tui.reading import make_app, opened
from tests.tui.studio import make_desk
from tests.tui.test_key_queue import send
from tests.tui.waiting import all_answered, on_screen, until

ROOT = Path(studytui.__file__).parent
PASSIVE = {"keep_rest", "keep_place", "keep_sections", "read_shelf", "follow", "take_rest"}
"""What is written by reading on, whatever the key was: places, time, sections that were read."""
ROUNDS = 2
"""How far from the journal the study layer's own functions are that write to it."""


# What writes -------------------------------------------------------------------------------------


def functions_in(*rooms: str) -> Iterator[tuple[str, set[str]]]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    calls = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
                    yield node.name, {getattr(c, "attr", getattr(c, "id", "")) for c in calls}


@cache
def writers() -> frozenset[str]:
    """The names of the functions below the interface that record something in the journal."""
    defined = list(functions_in("study", "memory"))
    found = {"record", "_record"}
    for _ in range(ROUNDS):
        found |= {name for name, calls in defined if calls & found}
    return frozenset(found - PASSIVE)


@cache
def owners(scope: str) -> tuple[type[DOMNode], ...]:
    """The classes that answer the keys of a scope."""
    for path in sorted((ROOT / "tui").rglob("*.py")):
        if "BINDINGS" in path.read_text("utf-8") and path.name != "shell.py":
            import_module(".".join(path.relative_to(ROOT.parent).with_suffix("").parts))
    if scope == "everywhere":
        return (StudyApp,)
    return tuple(each for each in subclasses(DOMNode) if each.__dict__.get("SCOPE") == scope)


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def above(function: FunctionType, owner: type) -> object:
    """What ``super()`` is in a method."""
    (home,) = (each for each in owner.__mro__ if function in vars(each).values())
    return super(home, owner)


def writing_call(function: FunctionType, owner: type, seen: set[FunctionType]) -> str:
    """The way from an action to what records something: empty where there is none."""
    if function in seen or function.__name__ in PASSIVE:
        return ""
    seen.add(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    local = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            inner = node.value
            if isinstance(inner, ast.Name) and inner.id == "self":
                target, kind = getattr(owner, node.attr, None), owner
            elif isinstance(inner, ast.Call) and getattr(inner.func, "id", "") == "shell_of":
                target, kind = getattr(StudyApp, node.attr, None), StudyApp
            elif isinstance(inner, ast.Call) and getattr(inner.func, "id", "") == "super":
                target, kind = getattr(above(function, owner), node.attr, None), owner
            elif node.attr in writers() and (node.attr != "record" or node in called):
                return node.attr
            else:
                continue
        elif isinstance(node, ast.Name):
            module, name = local.get(node.id, ("", ""))
            known = getattr(import_module(module), name, None) if module else None
            target, kind = known or function.__globals__.get(node.id), owner
        else:
            continue
        target = target.fget if isinstance(target, property) else target
        if isinstance(target, FunctionType) and target.__module__.startswith("studytui."):
            if not target.__module__.startswith("studytui.tui."):
                if target.__name__ in writers():
                    return target.__name__
                continue
            way = writing_call(target, kind, seen)
            if way:
                return f"{target.__name__} > {way}"
    return ""


@pytest.mark.parametrize("scope", scopes())
def test_an_action_that_says_it_only_looks_writes_nothing(scope: str) -> None:
    wrong = {}
    for item in actions(scope):
        name = f"action_{item.call.partition('(')[0]}"
        for owner in owners(scope):
            method = getattr(owner, name)
            if item.effect is Effect.LOOKS and isinstance(method, FunctionType):
                way = writing_call(method, owner, set())
                if way:
                    wrong[item.id] = way
    assert owners(scope)
    assert not wrong


def test_what_writes_is_found_by_the_test_above() -> None:
    """The bookmark, which escaped the guard once; a grade; a change of many cards."""
    for scope, name, way in (
        ("reader", "action_mark", "toggle"),
        ("review", "action_grade", "grade"),
        ("cards", "action_suspend", "change"),
        ("home", "action_more", "more_today"),
        ("card", "action_grade", "grade_in_text"),
        ("plan", "action_keep", "set_plan"),
    ):
        (owner,) = owners(scope)
        assert writing_call(getattr(owner, name), owner, set()).endswith(way), name


SPOKEN_FOR = ("number", "form", "typed", "step", "code", "choices", "ordering", "line", "text")
"""Scopes of widgets that stand in a block or in a review, which says what they act on."""


@pytest.mark.parametrize("scope", scopes())
def test_whoever_answers_a_writing_key_says_what_it_is_about(scope: str) -> None:
    if any(item.effect is Effect.WRITES for item in actions(scope)):
        for owner in owners(scope):
            assert hasattr(owner, "acts_on") or scope in (*SPOKEN_FOR, "question"), owner


# What keys do ------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with make_desk(tmp_path) as desk:
        yield desk


def bookmarks_in(app: StudyApp) -> list[int]:
    events = app.desk.ledger.journal.events()
    return [event.body.line for event in events if isinstance(event.body, Bookmark)]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_place_that_was_not_seen_is_not_marked(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    """`G` and `m` in one write marked the end of an article that had not been on the screen."""
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        reader = await opened(pilot, "long")
        await all_answered(pilot, app)
        send(app, "G", "m")
        await all_answered(pilot, app)
        assert reader.page.scroll_y > 0
        assert bookmarks_in(app) == []
        send(app, "m")
        await all_answered(pilot, app)
        assert bookmarks_in(app) == [reader.visit.line], "it is there now"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_place_that_is_not_laid_out_yet_is_not_marked(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    """`m` right behind the opening of an article took the mark away of where it had been left."""
    app = make_app(tmp_path)
    async with app.run_test(size=size) as pilot:
        reader = await opened(pilot, "long")
        send(app, "G")
        await all_answered(pilot, app)
        send(app, "m")
        await all_answered(pilot, app)
        left = reader.visit.line
        assert left
        assert bookmarks_in(app) == [left]
        await app.pop_screen()
        await all_answered(pilot, app)
        app.open_article("long", "", left)
        send(app, "3", "m")
        await all_answered(pilot, app)
        assert on_screen(app, ReaderScreen).visit.line == left
        assert bookmarks_in(app) == [left], "nobody had seen it"
        send(app, "m")
        await all_answered(pilot, app)
        assert bookmarks_in(app) == [left, left], "taken away now that it is there"


async def test_cards_that_were_not_on_the_screen_are_not_put_aside(desk: Desk) -> None:
    from studytui.tui.screens.cards import CardsScreen

    app = StudyApp(desk=desk)
    async with app.run_test(size=(80, 10)) as pilot:
        await until(pilot, lambda: app.shelf.entries and app.has_looked)
        app.show_cards()
        await until(pilot, lambda: isinstance(app.screen, CardsScreen))
        screen = app.screen
        assert isinstance(screen, CardsScreen)
        await all_answered(pilot, app)
        written = desk.ledger.journal.count()
        assert len(screen.list.rows) > 2 * len(screen.list.shown) > 0
        send(app, *["pagedown"] * 2, "s")
        await all_answered(pilot, app)
        assert desk.ledger.journal.count() == written
        send(app, "s")
        await all_answered(pilot, app)
        assert desk.ledger.journal.count() == written + 1


async def test_the_palette_does_nothing_to_what_came_after_it_was_asked_for(
    tmp_path: Path,
) -> None:
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "long")
        await all_answered(pilot, app)
        send(app, "G", "colon", *"bookmark", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReaderScreen))
        await all_answered(pilot, app)
        assert bookmarks_in(app) == []
        send(app, "colon", *"bookmark", "enter")
        await until(pilot, lambda: bookmarks_in(app))


def test_what_has_the_focus_and_scrolls_has_no_keys_besides_the_registry() -> None:
    """Textual's own scroll keys moved the list away from its cursor: then keys were for a card
    that was out of sight."""
    owners("home")  # all are loaded
    found = [
        each.__name__
        for each in subclasses(ScrollableContainer)
        if each.__module__.startswith("studytui.") and each.can_focus
        if each._inherit_bindings  # noqa: SLF001 - nothing public tells what a class takes over
        if not issubclass(each, Input | TextArea)
    ]
    assert not found


async def test_another_article_ends_the_choosing_of_words(tmp_path: Path) -> None:
    """The sentences of the one before were looked for in it, which ended the program."""
    app = make_app(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        reader = await opened(pilot, "long")
        await all_answered(pilot, app)
        send(app, "G", "b", "a")
        await all_answered(pilot, app)
        assert reader.picking is not None
        app.open_article("averages")
        await all_answered(pilot, app)
        send(app, "j", "j")
        await all_answered(pilot, app)
        assert reader.picking is None
        assert not reader.query("PickBar")
