"""The registry of actions: every id is unique, every action can be run, every key is free."""

from importlib import import_module

import pytest
from textual.content import Content
from textual.fuzzy import Matcher
from textual.markup import escape

from studytui.tui.actions import Action, action, actions, bindings, scopes, shown_keys
from studytui.tui.commands import Command

OWNERS = {
    "everywhere": ("studytui.tui.shell", "StudyApp"),
    "home": ("studytui.tui.screens.home", "HomeScreen"),
    "reader": ("studytui.tui.screens.reader", "ReaderScreen"),
    "find": ("studytui.tui.widgets.filter", "FindBar"),
    "contents": ("studytui.tui.widgets.contents", "Contents"),
    "search": ("studytui.tui.screens.search", "SearchScreen"),
    "help": ("studytui.tui.screens.help", "HelpScreen"),
    "problems": ("studytui.tui.screens.problems", "ProblemsScreen"),
    "welcome": ("studytui.tui.screens.welcome", "WelcomeScreen"),
}


@pytest.mark.parametrize("scope", scopes())
def test_ids_and_keys_are_unique_in_their_scope(scope: str) -> None:
    found = actions(scope)
    assert len({item.id for item in found}) == len(found)
    keys = [key.strip() for item in found for key in item.keys.split(",")]
    assert len(set(keys)) == len(keys)
    assert all(item.help and item.label for item in found)


@pytest.mark.parametrize("scope", OWNERS)
def test_every_action_has_its_method(scope: str) -> None:
    module, name = OWNERS[scope]
    owner = getattr(import_module(module), name)
    for item in actions(scope):
        assert hasattr(owner, f"action_{item.call.partition('(')[0]}"), item.id


def test_bindings_carry_the_ids_of_the_key_map() -> None:
    ids = {getattr(binding, "id", None) for binding in bindings("reader")}
    assert ids == {a.id for a in actions("reader")}


def test_keys_as_a_person_reads_them() -> None:
    assert shown_keys(action("reader.find"), {}) == ["/"]
    assert shown_keys(action("reader.find"), {"reader.find": "ctrl+s"}) == ["^s"]
    assert shown_keys(action("reader.next_section"), {}) == ["]"]
    with pytest.raises(KeyError):
        action("reader.no_such_thing")


@pytest.mark.parametrize("scope", scopes())
def test_the_palette_shows_what_is_told_as_it_is(scope: str) -> None:
    for item in actions(scope):
        told = f"{item.help} {shown_keys(item, {})}"
        assert Content.from_markup(escape(told)).plain == told


def test_keys_are_shown_as_a_person_reads_them() -> None:
    every = {key for scope in scopes() for item in actions(scope) for key in shown_keys(item, {})}
    assert not [key for key in every if "_" in key or key in ("slash", "apostrophe", "comma")]
    assert {"$", ")", "'", "/", "<", "^j", "⏎"} <= every


WITHIN = {
    "snippet": ("reader",),
    "form": ("snippet", "reader"),
    "number": ("form", "snippet", "reader"),
    "typed": ("snippet", "reader"),
    "derivation": ("reader", "review"),
    "step": ("derivation", "reader", "review"),
    "exercise": ("reader", "review"),
    "code": ("exercise", "reader", "review"),
    "card": ("reader",),
    "question": ("card", "reader", "review", "place"),
    "choices": ("question", "card", "reader", "review", "place"),
    "ordering": ("question", "card", "reader", "review", "place"),
    "line": ("question", "card", "reader", "review", "place"),
    "text": ("question", "card", "reader", "review", "place"),
    "find": ("reader",),
    "contents": ("reader",),
    "pick": ("reader",),
}
"""Which scopes answer the keys that a scope leaves."""

TAKE_AND_MOVE = "enter space escape q up down left right j k tab shift+tab 1 2 3 4"
ON_WHAT_HAS_THE_FOCUS = frozenset(TAKE_AND_MOVE.split())
"""Keys that act on what has the focus, whatever that is: take, choose, leave, move."""

ELSEWHERE = {
    ("t", "contents.close"): "it is what opens the table too",
    ("question_mark", "help.close"): "it is what opens help too",
    ("e", "exercise.edit"): "$EDITOR, as everywhere",
    ("u", "derivation.take_back"): "a line is what there is to undo",
    ("ctrl+z", "derivation.take_back"): "a line is what there is to undo",
    ("ctrl+d", "typed.end"): "the end of the input in every terminal; there a line is typed",
}


def keys_of(scope: str) -> list[tuple[str, Action]]:
    return [(key.strip(), item) for item in actions(scope) for key in item.keys.split(",")]


@pytest.mark.parametrize("scope", scopes())
def test_a_key_means_within_a_thing_what_it_means_around_it(scope: str) -> None:
    around = [outer for outer in (*WITHIN.get(scope, ()), "everywhere") if outer != scope]
    outside = [(key, item) for outer in around for key, item in keys_of(outer)]
    two_meanings = [
        f"{key}: {item.id} within {other.id}"
        for key, item in keys_of(scope)
        for same, other in outside
        if key == same
        and item.label != other.label
        and key not in ON_WHAT_HAS_THE_FOCUS
        and (key, item.id) not in ELSEWHERE
    ]
    assert two_meanings == []


@pytest.mark.parametrize(
    ("key", "labels"),
    [
        ("u", {"Undo", "Take back"}),
        ("ctrl+z", {"Undo", "Take back"}),
        ("n", {"Next match", "No"}),
        ("c", {"Go on", "Begin"}),
        ("v", {"Source", "Next line", "Solution"}),
        ("f", {"Search all…"}),
        ("ctrl+t", {"Light/dark"}),
        ("plus", {"More", "Minutes", "Ten minutes"}),
    ],
)
def test_a_key_has_one_meaning_on_all_screens(key: str, labels: set[str]) -> None:
    assert {item.label for scope in scopes() for each, item in keys_of(scope) if each == key} == (
        labels
    )


def test_what_is_told_of_keys_in_help_is_what_one_presses() -> None:
    every = {key for scope in scopes() for item in actions(scope) for key in shown_keys(item, {})}
    named = {"space", "tab", "esc", "home", "end", "pgdn", "pgup", "delete"}
    last = {key.lstrip("^⌥⇧") or key for key in every}
    assert {key for key in last if len(key) > 1 and key not in named} == {
        *(f"f{number}" for number in (1, 2, 3, 4, 6, 7, 9, 10, 12))
    }


def test_the_palette_puts_a_title_that_begins_so_before_one_that_has_it_inside() -> None:
    looked_for = Matcher("export")
    inside = Command("The tf_export decorator", "Open the article", lambda: None)
    begins = Command("Export cards and notebooks…", "In the shell", lambda: None)
    assert begins.score(looked_for) > inside.score(looked_for) > 0
