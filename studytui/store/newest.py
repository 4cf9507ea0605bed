"""The journal read backwards: what this device did last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studytui.store import codec

if TYPE_CHECKING:
    from studytui.store.events import Event
    from studytui.store.journal import Journal

_PAGE = 50
_QUERY = f"""
SELECT {", ".join(codec.COLUMNS)} FROM journal
WHERE kind = ? AND device = ? AND (order_ms, id) < (?, ?)
ORDER BY order_ms DESC, id DESC LIMIT {_PAGE}
"""


def newest_first(journal: Journal, kind: str) -> Iterator[Event]:
    """This device's own events of a kind, the last one first; read a page at a time."""
    device = bytes.fromhex(journal.device)
    last: tuple[int, bytes] = (2**63 - 1, b"")
    while rows := journal.query(_QUERY, (kind, device, *last)):
        yield from map(codec.from_row, rows)
        last = (rows[-1][7], rows[-1][0])
