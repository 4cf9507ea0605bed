"""What is asked of a run: everything its processes need to know, as one line of JSON."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field

from studytui.run.limits import Limits


@dataclass(frozen=True, slots=True)
class Request:
    """One run. ``command`` starts it in place of the script itself (torchrun); ``check`` names
    functions of an exercise that are called instead of ``main``, with each of the ``seeds`` if they
    take one; ``at`` is an ISO instant in UTC; ``digest`` is of the script, ``code`` of its helpers
    too. ``keyboard``: somebody is there who can type a line that the snippet asks for.
    """

    run_id: str
    snippet: str
    path: str
    home: str
    digest: str
    code: str
    folder: str
    at: str
    token: str
    arguments: tuple[str, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    device: str = "cpu"
    device_name: str = ""
    limits: Limits = field(default_factory=Limits)
    columns: int = 100
    check: tuple[str, ...] = ()
    seeds: tuple[int, ...] = (0,)
    command: tuple[str, ...] = ()
    keyboard: bool = False


def to_line(request: Request) -> bytes:
    """The request as one line of JSON."""
    return json.dumps(dataclasses.asdict(request)).encode() + b"\n"


def from_line(line: bytes) -> Request:
    """The request of a line. It comes from ourselves: anything else is a ValueError."""
    fields = json.loads(line)
    try:
        fields["limits"] = Limits(**fields["limits"])
        fields["arguments"] = tuple(fields["arguments"])
        for name in ("command", "check", "seeds"):
            fields[name] = tuple(fields[name])
        return Request(**fields)
    except (TypeError, KeyError) as error:
        raise ValueError(f"not a request: {error}") from error
