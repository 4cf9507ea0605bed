"""What a reader does with the things of an article."""

from __future__ import annotations

from enum import StrEnum


class Activity(StrEnum):
    """What a reader does with a thing of an article."""

    READ = "read"
    RUN = "run"
    ANSWER = "answer"
    DERIVE = "derive"
    CODE = "code"
