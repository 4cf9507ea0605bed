"""What code the reader has seen and let run: trust is by hash, and the last word counts.

Only what this device itself recorded counts: an event that came by sync or import says what was
seen elsewhere, if it says the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studytui.store.events import Trusted

if TYPE_CHECKING:
    from studytui.study.desk import Desk


def is_trusted(desk: Desk, subject: str, digest: str) -> bool:
    """Whether exactly this code may run: ``subject`` is ``pack:track/name`` or ``card:ID``.

    Raises StoreError when the journal cannot be read.
    """
    last = desk.ledger.journal.last(Trusted.kind, subject, here=True)
    body = last.body if last is not None else None
    return isinstance(body, Trusted) and body.granted and body.digest == digest


def trusted_digests(desk: Desk) -> dict[str, str]:
    """What is trusted on this device: digests by subject."""
    journal = desk.ledger.journal
    bodies = [each.body for each in journal.latest(Trusted.kind, here=True).values()]
    return {body.path: body.digest for body in bodies if isinstance(body, Trusted) and body.granted}
