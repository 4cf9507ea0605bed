"""What the command palette offers: the registry's actions, each where it belongs, and articles."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.fuzzy import Matcher
from textual.markup import escape
from textual.screen import Screen

from studytui.derive.steps.source import DerivationSource
from studytui.errors import StudyError
from studytui.library.blocks import ExerciseBlock
from studytui.library.contents import Source
from studytui.library.layout.title import titled
from studytui.tui.actions import Action, actions, bindings_over, shown_keys
from studytui.tui.copying import copy_out
from studytui.tui.scopes import scopes_of, target_of
from studytui.tui.typed_app import shell_of

FIRST, TITLE, WORD, PART = 5000.0, 3000.0, 1000.0, 500.0
"""Scores: the words begin the title; stand in it; begin words of help or synonyms; are in them."""
ASKED = ("card", "derivation", "exercise")
LOOKED_AT, MOST_CARDS = 40, 8


class CommandSheet(CommandPalette):
    """The palette: undo and leaving work from here too."""

    BINDINGS = bindings_over()


@dataclass(frozen=True, slots=True)
class Command:
    """Something that the palette can do. ``words`` are other names that it is found by."""

    title: str
    help: str
    run: Callable[[], None]
    words: str = ""

    def score(self, matcher: Matcher) -> float:
        """How well it is what one looks for; 0 where it is not."""
        query, title = matcher.query.casefold(), self.title.casefold()
        if title.startswith(query):
            return FIRST - len(title)
        if query in title:
            return TITLE - len(title)
        told = f"{title} {self.help} {self.words}".casefold()
        if all(f" {word}" in f" {told}" for word in query.split()):
            return WORD + matcher.match(self.title)
        if all(word in told for word in query.split()):
            return PART
        return matcher.match(self.title)  # letters scattered over the title: a guess


class Commands(Provider):
    """Finds actions, articles, settings and cards by their names and what is told of them."""

    async def discover(self) -> Hits:
        """All that can be done here."""
        for command in sorted(commands_of(self.screen), key=lambda item: item.title):
            shown = Content(command.title)
            yield DiscoveryHit(shown, command.run, text=command.title, help=escape(command.help))

    async def search(self, query: str) -> Hits:
        """What is like the words."""
        matcher = self.matcher(query)
        found = (commands_of, verbs_of, articles_of, settings_of)
        for command in (each for of in found for each in of(self.screen)):
            score = command.score(matcher)
            if score > 0:
                shown = Content(command.title)  # a title of a pack is no markup
                yield Hit(score, shown, command.run, text=command.title, help=escape(command.help))
        # Last, and in a thread: the index is asked while what stands above is on the screen.
        for place, card in enumerate(await to_thread(cards_like, self.screen, query)):
            shown, told = Content(card.title), escape(card.help)
            yield Hit(PART - 1 - place, shown, card.run, text=card.title, help=told)


def commands_of(screen: Screen[Any]) -> Iterator[Command]:
    """The actions of every scope of ``screen``, run on the widget that has them."""
    keymap = shell_of(screen).settings.keys
    seen: set[tuple[str, str]] = set()
    for scope in scopes_of(screen):
        for item in actions(scope):
            if (item.label, item.help) in seen:
                continue  # the nearest one is what its key does
            seen.add((item.label, item.help))
            run = partial(_run, screen, item, target_of(screen, scope))
            yield Command(item.label, _help(item, keymap), run, item.words)


def articles_of(screen: Screen[Any]) -> Iterator[Command]:
    """Every article, by its title. What is told of it is ours alone: Textual reads markup there."""
    shell = shell_of(screen)
    for entry in shell.shelf.entries:
        open_it = partial(shell.open_article, entry.id)
        yield Command(titled(entry.title), "Open the article", open_it)


def cards_like(screen: Screen[Any], query: str) -> list[Command]:
    """Cards, derivations and exercises in whose question the words stand: they lead there."""
    shell = shell_of(screen)
    try:
        hits = shell.desk.library.search(query, limit=LOOKED_AT)
    except StudyError:
        return []  # what is wrong with the index is told by the search
    found = []
    for hit in hits:
        asked = _asked_by(shell.desk.library.original(hit.id)) if hit.kind in ASKED else ""
        if asked and all(word in asked.casefold() for word in query.casefold().split()):
            title = f"{hit.kind.capitalize()}: {titled(asked)}"
            told = f"Of {titled(hit.title)}. Open the article there"
            run = partial(shell.open_article, hit.article, "", hit.line)
            found.append(Command(title, told, run))
    return found[:MOST_CARDS]


def _asked_by(source: Source | None) -> str:
    """What something asks, on one line: no answer is given away by being looked for."""
    match source:
        case None:
            return ""
        case DerivationSource() | ExerciseBlock():
            return source.title
        case _:
            return " ".join(next(iter(source.shown()), "").split())


SHELL = (
    ("Export cards and notebooks…", "studytui export FILE.apkg", "export anki jsonl notebook save"),
    ("Import a deck or a history…", "studytui import FILE", "import anki apkg jsonl notebook"),
    ("Sync with another machine…", "studytui sync FOLDER", "sync merge synchronise cloud devices"),
    ("Look after the journal…", "studytui doctor", "doctor repair restore check"),
)
"""What is done in the shell, for a file or a folder is to be named: title, command, other words."""


def verbs_of(screen: Screen[Any]) -> Iterator[Command]:
    """A backup, at once; and what the shell does, whose command is copied."""
    shell = shell_of(screen)
    told = "Copy the journal beside its other backups, now"
    yield Command("Back up", told, shell.back_up_now, "backup save copy safety")
    for title, command, words in SHELL:
        run = partial(copy_out, screen, command, "The command for the shell")
        yield Command(title, f"In the shell: {command}. Copies that", run, words)


def settings_of(screen: Screen[Any]) -> Iterator[Command]:
    """Every setting, by its name and what it is for."""
    from studytui.study.preferences import TITLES, preferences

    shell = shell_of(screen)
    for each in preferences(shell.settings):
        title = f"{TITLES[each.table]}: {each.key.replace('_', ' ')}"
        shown = f"Setting, now {each.shown or 'nothing'}. {each.says}"
        words = f"setting {each.name} {each.words}"
        yield Command(title, shown, partial(shell.action_settings, each.name), words)


def _help(item: Action, keymap: Mapping[str, str]) -> str:
    """What it does, and by which keys."""
    return f"{item.help} · {'  '.join(shown_keys(item, keymap, 2))}"


def _run(screen: Screen[Any], item: Action, target: DOMNode) -> None:
    """Run an action, unless it would write about what came after the command was chosen."""
    app = shell_of(screen)
    if app.key_queue.may_run(target, item):
        app.call_later(app.run_action, item.call, target)
