"""How the app knows what the reader spends time on: every key tells what was looked at until then.

One place for all screens: a screen or a live block only says what it shows (``looked_at``). Every
event comes to the app first (``on_event``): therefore a mix-in.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import events

from studytui.errors import StudyError
from studytui.study.attention import Attention, Shares
from studytui.tui.messages import WorkFailed

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import App

    from studytui.store.events import Body
    from studytui.study.desk import Desk
    from studytui.tui.home_model import Shelf

    class _Base(App[None]):
        """What the app has."""

        def now(self) -> datetime: ...
else:
    _Base = object

_SIGNS_OF_LIFE = (events.Key, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)


class Watching(_Base):
    """Mix into the app, which owns the desk and the shelf."""

    desk: Desk
    shelf: Shelf
    attention: Attention

    async def on_event(self, event: events.Event) -> None:
        """Before a key does anything, the time since the last one goes to what was looked at."""
        if isinstance(event, _SIGNS_OF_LIFE) and not event.is_forwarded:
            self.attention.look(self._looked_at(), self.now())
        await super().on_event(event)

    def _looked_at(self) -> Shares:
        shares = getattr(self.screen, "looked_at", None) if self.screen_stack else None
        return shares() if shares is not None else {}

    def keep_rest(self) -> None:
        """Write down what was begun and left, in a worker."""
        rest = self.attention.take_rest()
        if rest and not self.shelf.refusal:
            self.keep_events(*rest)

    def keep_at_once(self, *bodies: Body) -> None:
        """Record events before anything else is done: what comes next follows from them."""
        if self.desk.journal_is_open:
            self._keep_events(bodies, self.now())
        else:
            self.keep_events(*bodies)

    def keep_events(self, *bodies: Body) -> None:
        """Record events, in a worker: their instant is now."""
        work = partial(self._keep_events, bodies, self.now())
        self.run_worker(work, thread=True, group="keep", exit_on_error=False)

    def _keep_events(self, bodies: tuple[Body, ...], now: datetime) -> None:
        try:
            for body in bodies:
                self.desk.ledger.record(body, now)
        except StudyError as error:
            self.post_message(WorkFailed(error))
