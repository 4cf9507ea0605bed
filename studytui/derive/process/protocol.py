"""What passes between the prover and its worker: lines of JSON, so nothing in them can run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from studytui.derive.nodes import Node
from studytui.derive.process.wire import to_data
from studytui.derive.verdict import Counterexample, Judgement, Verdict

LONGEST_LINE = 4_000_000


def request(
    number: int,
    kind: str,
    nodes: tuple[Node, ...],
    declarations: Mapping[str, str],
    open_names: bool,
    seconds: float,
    recursions: tuple[Any, ...] = (),
) -> bytes:
    """One line that asks for a check. ``kind`` is equal, holds or value."""
    message = {
        "number": number,
        "kind": kind,
        "nodes": [to_data(node) for node in nodes],
        "declarations": dict(declarations),
        "open": open_names,
        "seconds": seconds,
        "recursions": to_data(recursions),
    }
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def answer(number: int, judgement: Judgement, final: bool) -> bytes:
    """One line with a judgement; more follow unless ``final``."""
    example = judgement.counterexample
    message = {
        "number": number,
        "final": final,
        "verdict": judgement.verdict.value,
        "why": judgement.why,
        "counterexample": None
        if example is None
        else [[list(pair) for pair in example.values], example.left, example.right],
        "conditions": list(judgement.conditions),
        "points": judgement.points,
        "digits": judgement.digits,
        "seconds": judgement.seconds,
    }
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def read_judgement(message: Mapping[str, Any]) -> Judgement:
    """The judgement in an answer."""
    example = message["counterexample"]
    return Judgement(
        Verdict(message["verdict"]),
        str(message["why"]),
        None
        if example is None
        else Counterexample(tuple((str(a), str(b)) for a, b in example[0]), example[1], example[2]),
        tuple(map(str, message["conditions"])),
        int(message["points"]),
        int(message["digits"]),
        float(message["seconds"]),
    )
