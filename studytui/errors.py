"""The one error of the house: what happened, where, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path


class StudyError(Exception):
    """An error that is shown to a person as it stands.

    ``what`` happened, in a sentence; ``where``, as ``file:line`` for content; ``todo``, what the
    person can do about it.
    """

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        self.what = what
        self.where = where
        self.todo = todo
        super().__init__(what)

    @classmethod
    def of_system(cls, error: OSError, what: str, where: Path | str, *, todo: str = "") -> Self:
        """What could not be done with a file, and the reason that the system gives."""
        return cls(f"{what}: {error.strerror}", where=str(where), todo=todo)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n{self.todo}" if self.todo else head


class SettingsError(StudyError):
    """The settings file cannot be used as it is."""
