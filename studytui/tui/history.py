"""Back and forward, as a browser has them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Visit:
    """A place that was looked at: an article and a line of its source."""

    article: str
    line: int = 0


@dataclass(slots=True)
class History:
    """The visits before and after the present one."""

    before: list[Visit] = field(default_factory=list)
    after: list[Visit] = field(default_factory=list)

    def leave(self, here: Visit) -> None:
        """Something else is opened from ``here``."""
        self.before.append(here)
        self.after.clear()

    def back(self, here: Visit) -> Visit | None:
        """Where one came from."""
        if not self.before:
            return None
        self.after.append(here)
        return self.before.pop()

    def forward(self, here: Visit) -> Visit | None:
        """Undo going back."""
        if not self.after:
            return None
        self.before.append(here)
        return self.after.pop()
