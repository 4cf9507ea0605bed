"""Whether a widget is on its way out: what was asked for before may still come, and is too late.

A block whose article is left is told so only when what is around it has gone; till then it gets
messages. Its parts may be gone by then, or may never have been made where it was left at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.events import Event
from textual.message import Message
from textual.screen import Screen
from textual.widget import MountError, Widget

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from typing import Any

    Handler = tuple[type, Callable[[Message], Awaitable[Any]]]

    class _Hearing(Widget):
        """What hears messages."""
else:
    # Textual takes the style sheet of the first base that is a widget: a mix-in may not be one.
    _Hearing = object


def is_gone(node: DOMNode) -> bool:
    """Whether a widget or its screen is being taken away, or the app ends."""
    root = node
    for each in node.ancestors_with_self:
        if each._pruning or getattr(each, "_closing", False) or getattr(each, "_closed", False):
            return True
        root = each
    return root is not node.app or not _is_shown(node)


def _is_shown(node: DOMNode) -> bool:
    screens = [each for each in node.ancestors_with_self if isinstance(each, Screen)]
    return all(screen in node.app.screen_stack for screen in screens)


class UntilGone(_Hearing):
    """Mix into what workers report to: once it is being taken away, it hears no more of them.

    What it has handlers of its own for ends here then, unheard. Where it went while a handler
    waited for something, the parts that the handler misses are no error.
    """

    async def _on_message(self, message: Message) -> None:
        try:
            await super()._on_message(message)
        except (NoMatches, MountError):
            if not is_gone(self):
                raise

    def _get_dispatch_methods(self, method_name: str, message: Message) -> Iterable[Handler]:
        handlers = super()._get_dispatch_methods(method_name, message)
        if isinstance(message, Event) or not is_gone(self):
            return handlers
        every = tuple(handlers)
        of_textual = tuple(each for each in every if issubclass(Widget, each[0]))
        if len(of_textual) < len(every):
            message.stop()
        return of_textual  # by some of these it is taken away
