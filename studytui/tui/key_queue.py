"""Keys that come faster than they are answered, as slow lines send them: several in one write.

Textual hands a key to what has the focus when it arrives. What the key before it opens (a field, a
screen) has the focus only some messages later, so keys sent together went to the wrong place: text
for a field scrolled the page. Here each key waits until what was sent before it has been handled,
laid out and focused; then the keys of one write do what they would do slowly.

What they must not do is write about what nobody has seen: a key that was sent before a card was on
the screen may open it and type into it, and does not answer or grade it.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual import events
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

from studytui.tui.guard import NOTHING, UNSEEN, Things, acted_on, things_in_sight, written_about

if TYPE_CHECKING:
    from studytui.tui.actions import Action
    from studytui.tui.shell import StudyApp

FRAME = 1 / 60
TURNS = 4
"""Looks of which all but one come after a turn of the queues, and that one after a frame."""
MOST_LOOKS = 120 * TURNS
"""Looks after which a key goes on although a run floods the screen: nothing else is endless."""
AWAITED = frozenset(("journal", "search", "assess", "--textual-command-palette-gather-commands"))
"""Groups of workers whose end is what the reader waits for before the next key."""
FLOODING = frozenset(("snippet", "exercise"))
AT_ONCE = ("ctrl+q", "ctrl+c")
"""Keys that leave: they never wait."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A key or a paste, and what could be acted on when it came."""

    event: events.Key | events.Paste
    in_sight: Things


def is_idle(pump: MessagePump) -> bool:
    """Whether it waits for its next message: none is queued, and none is being handled.

    An empty queue does not say that: the message that was taken from it may be in hand, and what
    its handler has yet to do is what the next key must find done.
    """
    queue: Any = pump._message_queue
    waits = bool(queue.ready_event._waiters)  # asyncio keeps there who waits for the event
    return pump._closed or (waits and queue.empty() and not pump._next_callbacks)


class KeyQueue:
    """The app asks :meth:`admits` of each key; those that must wait are answered from here."""

    def __init__(self, app: StudyApp) -> None:
        self.app = app
        self._arrived: dict[int, Sent] = {}
        """What is in the app's own queue, by the identity of the event."""
        self._waiting: deque[Sent] = deque()
        self._looks = 0
        self._last: Sent | None = None
        """What was answered last."""
        self._text_for: Widget | None = None
        """The field to which the last thing was sent, if that was text."""
        self._told: tuple[DOMNode, ...] = ()
        """What was told the last key, and what is around it: what it sends on comes by these."""

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def note_arrival(self, event: events.Key | events.Paste) -> None:
        """Keep what is in sight as an event comes: once the app takes it up, more may be there."""
        self._arrived[id(event)] = Sent(event, things_in_sight(self.app))

    def admits(self, event: events.Key | events.Paste) -> bool:
        """Whether an event may be answered now; else it is kept, and answered in its turn."""
        sent = self._arrived.pop(id(event), None) or Sent(event, things_in_sight(self.app))
        if isinstance(event, events.Key):
            if event.key in AT_ONCE:
                return True
            if event.key == "escape" and self._is_judged():
                self._waiting.clear()  # who escapes wants no more of what was typed ahead
                return True
        if self._waiting:
            self._waiting.append(sent)
            return False
        if self._follows_text(event) or self._is_done():
            return self._allows(sent)
        self._waiting.append(sent)
        self.app.call_later(self._look)
        return False

    async def _look(self) -> None:
        """Answer the first that waits, if all before it is done; else look again soon."""
        if not self._waiting or not self.app.screen_stack:
            return
        is_flood = self._looks >= MOST_LOOKS and self._is_busy(FLOODING)
        if not is_flood and not self._follows_text(self._waiting[0].event) and not self._is_done():
            self._looks += 1
            if self._looks % TURNS:
                self.app.call_later(self._look)  # what waits in queues has its turn before
            else:
                # Not Textual's timer: where the machine is busy, a short one may never go off.
                get_running_loop().call_later(FRAME, self.app.call_later, self._look)
            return
        self._looks = 0
        sent = self._waiting.popleft()
        if self._allows(sent):
            await self.app.answer(sent.event)
        if self._waiting:
            self.app.call_later(self._look)

    # Whether it is its turn ------------------------------------------------------------------

    def _follows_text(self, event: events.Key | events.Paste) -> bool:
        """Text after text in one field: the field takes both in their order."""
        focused = self.app.focused
        if focused is None or focused is not self._text_for:
            return False
        if isinstance(event, events.Paste):
            return True
        return focused.check_consume_key(event.key, event.character)

    def _is_judged(self) -> bool:
        """Whether what was typed is being worked at, so that more is typed ahead of the answer."""
        if self._is_busy(AWAITED):
            return not self.app.is_replaying
        return any(getattr(node, "is_judging", False) for node in self.nodes())

    def _is_being_answered(self) -> bool:
        """Whether something with the focus still works: reads, or judges what it was told."""
        if self._is_busy(AWAITED):
            return not self.app.is_replaying
        return any(getattr(node, "is_answering", False) for node in self.nodes())

    def _is_busy(self, groups: frozenset[str]) -> bool:
        return any(w.group in groups and not w.is_finished for w in self.app.workers)

    def is_at_rest(self) -> bool:
        """Whether all that was sent has been handled and is seen, for who looks from outside."""
        return not self._waiting and is_idle(self.app) and self._is_done()

    def _is_done(self) -> bool:
        """Whether what was sent before the key that the app has in hand has been handled."""
        screen = self.app.screen
        if screen._layout_required or screen._callbacks or not screen.is_mounted:
            return False
        app = self.app
        # Textual looks at the message behind the one in hand: then that is in the queue no more.
        if app.message_queue_size or app._pending_message is not None or app._next_callbacks:
            return False
        if not all(is_idle(node) for node in (*self.nodes(), *self._told)):
            return False
        focused = screen.focused
        if focused is not None and not focused.is_mounted:
            return False
        return not self._is_being_answered()

    def nodes(self) -> Iterator[DOMNode]:
        """The screen, what has the focus, and what stands between them and in a live block."""
        screen: Screen[object] = self.app.screen
        yield screen
        node: DOMNode | None = screen.focused
        while node is not None and node is not screen:
            yield node
            if hasattr(node, "acts_on"):
                yield from node.walk_children()
            node = node.parent

    # Whether it may be done ------------------------------------------------------------------

    def _allows(self, sent: Sent) -> bool:
        """Whether what a key would do is about something that was seen when it was sent."""
        event, focused = sent.event, self.app.focused
        self._last = sent
        self._told = tuple((focused or self.app.screen).ancestors_with_self[:-1])
        is_text = isinstance(event, events.Paste) or (
            focused is not None and focused.check_consume_key(event.key, event.character)
        )
        self._text_for = focused if is_text else None
        if is_text or not isinstance(event, events.Key):
            return True
        return self._is_seen(self._meant(event.key), sent)

    def may_run(self, node: DOMNode, item: Action) -> bool:
        """Whether the palette may run an action: what it is about was there at the last key."""
        return self._last is None or self._is_seen(acted_on(node, item), self._last)

    def forget_last(self) -> None:
        """The pointer was used: who points sees what is pointed at."""
        self._last = None

    def _is_seen(self, things: Things, sent: Sent) -> bool:
        if things <= sent.in_sight:
            return True
        self.app.notify(UNSEEN, timeout=3, markup=False)
        return False

    def _meant(self, key: str) -> Things:
        """What a key would write about."""
        for namespace, table in self.app.screen._modal_binding_chain:
            for binding in table.key_to_bindings.get(key, ()):
                return written_about(namespace, binding)
        return NOTHING
