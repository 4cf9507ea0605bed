"""What can go wrong with the journal, each told apart because each asks for something else."""

from __future__ import annotations

from studytui.errors import StudyError


class StoreError(StudyError):
    """The journal cannot be read or written; nothing that was recorded is lost."""


class StoreDamagedError(StoreError):
    """The database file is damaged: ``studytui doctor --repair`` is the way on."""


class NewerSchemaError(StoreError):
    """The journal was written by a newer studytui; an older one must not touch it."""


class StaleCardError(StoreError):
    """The card changed since it was shown: another window or device has graded it."""


class EventError(StoreError):
    """An event from outside is not one that studytui could have written."""
