"""The registry of actions: every id is unique, every action can be run, every key is free."""

from importlib import import_module

import pytest
from textual.content import Content
from textual.markup import escape

from studytui.tui.actions import action, actions, bindings, scopes, shown_keys

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
    assert {binding.id for binding in bindings("reader")} == {a.id for a in actions("reader")}


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
