"""A snippet used in lines: its values, its run, its output, the reader's own copy."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from studytui.counting import many
from studytui.errors import StudyError
from studytui.library.linear.words import title_words
from studytui.run.parameters import Parameter, check
from studytui.store.errors import StoreError
from studytui.study.plain.events import EventWords
from studytui.study.plain.exercise import say_listing
from studytui.study.plain.terminal import Terminal, choose
from studytui.study.running import Script, Workbench

if TYPE_CHECKING:
    from studytui.run.edits import Copy
    from studytui.study.desk import Desk

LEAST_COLUMNS = 40
"""What a run is told of the width of its output."""


def use(desk: Desk, terminal: Terminal, name: str, values: dict[str, str] | None = None) -> None:
    """Run a snippet, change its values, hear its source or its last output, until one leaves.

    Raises StudyError when there is none of that name, or when it is broken.
    """
    bench = Workbench(desk, terminal.clock)
    script = bench.find(name)
    desk.runner.warm()
    _Use(bench, terminal, script, dict(values or {})).go()


class _Use:
    """One snippet at hand."""

    def __init__(
        self, bench: Workbench, terminal: Terminal, script: Script, values: dict[str, str]
    ) -> None:
        self.bench = bench
        self.terminal = terminal
        self.script = script
        self.values = values
        self.snippet = bench.read(script)

    def go(self) -> None:
        """Offer what can be done, until the reader leaves."""
        self.terminal.say(title_words(self.snippet.summary))
        actions = {
            "run it": self._run,
            "change a value": self._change,
            "hear the source": self._source,
            "hear the last output again": self._last,
        }
        if self.terminal.edit is not None:
            actions["edit a copy of your own in your editor"] = self._edit
        actions["give your own copy up"] = self._original
        while True:
            self.terminal.say(self._state())
            chosen = choose(self.terminal, list(actions), default=0)
            if chosen is None:
                return
            try:
                list(actions.values())[chosen]()
            except StoreError:
                raise
            except StudyError as error:
                self.terminal.say(str(error))

    def _state(self) -> str:
        shown = [f"{each.name} {self._value(each)}" for each in self.snippet.parameters]
        own = "Your own copy of " if self._copy() else ""
        told = f", with {', '.join(shown)}" if shown else ""
        return f"{own}{self.script.name}{told}."

    def _copy(self) -> Copy | None:
        return self.bench.copy(self.script)

    def _value(self, parameter: Parameter) -> str:
        value = self.values.get(parameter.name, parameter.default)
        return "not given" if value is None else value or "empty"

    def _run(self) -> None:
        if not self._may_run():
            return
        run = self.bench.start(
            self.script,
            self.values,
            edited=self._copy() is not None,
            columns=max(LEAST_COLUMNS, self.terminal.width or 0),
        )
        self.terminal.say("It runs. Ctrl+C stops it.")
        words = EventWords()
        with _on_interrupt(run.stop):
            for event in self.bench.follow(run):
                self.terminal.say_all(list(words.lines(event)))

    def _may_run(self) -> bool:
        seen = self.bench.untrusted(self.script)
        if seen is None:
            return True
        say_listing(self.terminal, seen.listing())
        word = self.terminal.ask(
            f"This code did not come with studytui ({many(len(seen.files), 'file')})."
            " 1: trust it, and run it. Enter: do not: "
        )
        if word.strip() != "1":
            return False
        self.bench.trust(self.script, seen)
        return True

    def _change(self) -> None:
        parameters = self.snippet.parameters
        if not parameters:
            self.terminal.say("It takes no values.")
            return
        told = [f"{each.name}, {self._value(each)}. {each.help}" for each in parameters]
        chosen = choose(self.terminal, told)
        if chosen is None:
            return
        parameter = parameters[chosen]
        if parameter.choices:
            value = choose(self.terminal, parameter.choices)
            if value is not None:
                self.values[parameter.name] = parameter.choices[value]
            return
        kind = {"switch": "true or false"}.get(parameter.kind, parameter.kind)
        bounds = f", {parameter.range}" if parameter.range else ""
        typed = self.terminal.ask(f"{parameter.name} ({kind}{bounds}; Enter: as it is): ").strip()
        if typed:
            self.values[parameter.name] = check(parameter, typed)

    def _source(self) -> None:
        copy = self._copy()
        say_listing(self.terminal, (copy.snippet if copy else self.snippet).source)

    def _last(self) -> None:
        past = self.bench.past(self.script)
        if not past:
            raise StudyError("it has not been run")
        words = EventWords()
        self.terminal.say(f"Run at {past[0].started.at}.")
        for event in past[0].events():
            self.terminal.say_all(list(words.lines(event)))

    def _edit(self) -> None:
        assert self.terminal.edit is not None
        self.terminal.edit(self.bench.edits.make(self.snippet))

    def _original(self) -> None:
        aside = self.bench.edits.give_up(self.snippet)
        self.terminal.say(f"Your copy is now {aside}." if aside else "You have no copy of it.")


@contextmanager
def _on_interrupt(act: Callable[[], None]) -> Iterator[None]:
    """Ctrl+C does this instead of ending the conversation."""
    before = signal.signal(signal.SIGINT, lambda *_: act())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
