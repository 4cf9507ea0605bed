"""The other side of a conversation in lines, and how something is chosen there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from studytui.library.layout.flow import lay_out
from studytui.library.parse.fragment import parse_fragment, parse_inlines

LEAVE = ("0", "q", "quit")
"""What leads back from anywhere."""
MOST_LISTED = 60


class QuitError(Exception):
    """The reader wants to stop."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Who is talked to. ``ask`` raises EOFError when there is no more input.

    ``linear``: texts are put into words, one after the other, for ears; else they are set as on a
    page. ``width`` is where lines are broken; linear text without one is not broken. ``edit`` opens
    a file in the reader's editor, where there is a terminal for it.
    """

    ask: Callable[[str], str]
    say: Callable[[str], None]
    clock: Callable[[], datetime]
    width: int | None = 80
    linear: bool = False
    edit: Callable[[Path], None] | None = None

    def say_markdown(self, text: str) -> None:
        """Say a piece of Markdown."""
        if not text.strip():
            return
        if self.linear:
            from studytui.library.linear.blocks import markdown_lines

            for said in markdown_lines(text, self.width):
                self.say(said)
            return
        blocks, _, _ = parse_fragment(text)
        for line in lay_out(blocks, self.width or 80).lines:
            self.say(line.text.rstrip())

    def words(self, markdown: str) -> str:
        """An author's words on one line, with their formulas."""
        from studytui.library.layout.spans import plain
        from studytui.library.linear.words import fragment_words

        return fragment_words(markdown) if self.linear else plain(parse_inlines(markdown))

    def say_all(self, lines: Sequence[str]) -> None:
        """Say one line after the other."""
        for line in lines:
            self.say(line)


def choose(
    terminal: Terminal, choices: Sequence[str], *, back: str = "go back", default: int | None = None
) -> int | None:
    """Let the reader choose by number, or by words that only one choice has; None goes back.

    Enter alone takes ``default``, a place in ``choices``; without one it says the choices again.
    """
    _list(terminal, choices, range(len(choices)), back)
    while True:
        aside = f" (Enter: {default + 1})" if default is not None else ""
        typed = terminal.ask(f"Number{aside}: ").strip()
        if typed in LEAVE:
            return None
        if not typed:
            if default is not None:
                return default
            _list(terminal, choices, range(len(choices)), back)
            continue
        if typed.isdecimal() and 1 <= int(typed[:9]) <= len(choices):
            return int(typed) - 1
        found = _named(choices, typed)
        if len(found) == 1:
            return found[0]
        if found:
            _list(terminal, choices, found, back)
        else:
            terminal.say(
                f"There is no '{typed}'. Type a number from 1 to {len(choices)}, or 0 to {back}."
            )


def _list(terminal: Terminal, choices: Sequence[str], places: Sequence[int], back: str) -> None:
    for place in places[:MOST_LISTED]:
        terminal.say(f"{place + 1}. {choices[place]}")
    if len(places) > MOST_LISTED:
        terminal.say(f"And {len(places) - MOST_LISTED} more: type a word of what you look for.")
    terminal.say(f"0. {back[:1].upper()}{back[1:]}")


def _named(choices: Sequence[str], typed: str) -> list[int]:
    wanted = typed.lower().split()
    return [
        place
        for place, choice in enumerate(choices)
        if not typed.isdecimal() and all(word in choice.lower() for word in wanted)
    ]
