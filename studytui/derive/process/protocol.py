"""What passes between the prover and its worker: lines of JSON, so nothing in them can run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from studytui.derive.expr.nodes import Node
from studytui.derive.mistakes.mistake import Explanation
from studytui.derive.process.node_codec import to_data
from studytui.derive.verdict import Counterexample, Judgement, Provisional, Verdict


def request(
    number: int,
    kind: str,
    nodes: tuple[Node, ...],
    declarations: Mapping[str, str],
    open_names: bool,
    seconds: float,
    recursions: tuple[Any, ...] = (),
) -> bytes:
    """One line that asks for a check, of so many seconds of processor time at most. ``kind`` is
    equal, holds, only, follows, doubt, mistake, two mistakes or value."""
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


def explained(explanation: Explanation) -> Judgement:
    """The finder's answer as a judgement: the mistakes stand in ``why``, as JSON."""
    if not explanation:
        return Judgement(Verdict.UNDECIDED, "no mistake is shown to make this line")
    rows = [[named.name, named.part, named.became] for named in explanation]
    return Judgement(Verdict.PROVED, json.dumps(rows))


def progress(number: int, known: Provisional) -> bytes:
    """One line with what is known so far; more follow."""
    message = {"number": number, "final": False, "points": known.points, "digits": known.digits}
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def read_progress(message: Mapping[str, Any]) -> Provisional:
    """What is known so far."""
    return Provisional(int(message["points"]), int(message["digits"]))


def answer(number: int, judgement: Judgement) -> bytes:
    """The last line of an answer."""
    example = judgement.counterexample
    message = {
        "number": number,
        "final": True,
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
