"""Claims from the shell: assumptions, and batches of JSON lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studytui.derive.mistakes.catalogue import BY_NAME
from studytui.derive.mistakes.explain import explain_equal, words
from studytui.derive.mistakes.mistake import Explanation
from studytui.derive.verdict import Judgement, Verdict
from studytui.errors import StudyError

if TYPE_CHECKING:
    from studytui.derive.process.prover import Prover

SYNTAXES = ("ascii", "unicode", "latex")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a batch."""

    id: Any
    judgement: Judgement

    def as_json(self) -> dict[str, Any]:
        """The keys that a program reads."""
        example = self.judgement.counterexample
        return {
            "id": self.id,
            "verdict": self.judgement.verdict.value,
            "why": self.judgement.why,
            "counterexample": None
            if example is None
            else {"values": dict(example.values), "a": example.left, "b": example.right},
            "conditions": list(self.judgement.conditions),
            "points": self.judgement.points,
            "digits": self.judgement.digits,
            "seconds": round(self.judgement.seconds, 4),
        }


def batch(lines: Iterable[str], prover: Prover) -> Iterator[Answer]:
    """Judge JSON lines ``{"id", "a", "b", "syntax", "assumptions"}`` one by one, in their order.

    A line that cannot be read gets an error as its answer and ends nothing.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        identity: Any = None
        try:
            message = _parsed(line)
            if not isinstance(message, dict):
                raise ValueError("the line is not a JSON object")
            identity = message.get("id")
            yield Answer(identity, _judged(message, prover))
        except (ValueError, RecursionError) as error:
            yield Answer(identity, Judgement(Verdict.ERROR, f"line {number}: {error}"))
        except StudyError as error:
            yield Answer(identity, Judgement(Verdict.ERROR, f"line {number}: {error}"))


def _parsed(line: str) -> Any:
    import json

    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from error


def _judged(message: Mapping[str, Any], prover: Prover) -> Judgement:
    for key in ("a", "b"):
        if not isinstance(message.get(key), str):
            raise ValueError(f"'{key}' is not a text")
    syntax = message.get("syntax") or "ascii"
    assumptions = message.get("assumptions") or {}
    if syntax not in SYNTAXES:
        raise ValueError(f"the syntax is none of {', '.join(SYNTAXES)}")
    if not isinstance(assumptions, dict) or not all(
        isinstance(name, str) and isinstance(text, str) for name, text in assumptions.items()
    ):
        raise ValueError("'assumptions' does not map names to texts")
    return prover.equal(message["a"], message["b"], assumptions, syntax)


def read_assumptions(texts: Iterable[str]) -> dict[str, str]:
    """``x=positive`` and ``p=0<p<1`` as a mapping.

    :raises StudyError: one has no name.
    """
    assumptions: dict[str, str] = {}
    for text in texts:
        name, sign, domain = text.partition("=")
        if not sign or not name.strip().replace("_", "a").isalnum():
            raise StudyError(
                f"the assumption {text!r} is not understood",
                todo="Write --assume 'x=positive' or --assume 'p=0<p<1'.",
            )
        name = name.strip()
        before = assumptions.get(name)
        assumptions[name] = f"{before}, {domain}" if before else domain
    return assumptions


def explained(
    prover: Prover,
    judgement: Judgement,
    right: str,
    written: str,
    assumptions: Mapping[str, str],
    syntax: str = "ascii",
) -> Explanation:
    """The mistakes that make a written expression of the right one; none where it is not refuted.

    A name that is none of the catalogue's is impossible; nothing is named that is not proved.
    """
    if judgement.verdict is not Verdict.REFUTED:
        return ()
    return explain_equal(prover, right, written, assumptions, syntax)


def explanation_page(explanation: Explanation, judgement: Judgement) -> Iterator[str]:
    """What the shell says of a refuted expression: the mistake by its title, and the law."""
    if judgement.verdict is not Verdict.REFUTED:
        return
    if not explanation:
        yield "mistake: none of the catalogue is shown to lead there"
        return
    yield f"mistake: {'; then: '.join(BY_NAME[named.name].title for named in explanation)}"
    yield words(explanation)


def as_json(explanation: Explanation) -> list[dict[str, str]]:
    """The keys that a program reads of an explanation."""
    return [
        {
            "name": named.name,
            "title": BY_NAME[named.name].title,
            "says": BY_NAME[named.name].says,
            "part": named.part,
            "became": named.became,
        }
        for named in explanation
    ]
