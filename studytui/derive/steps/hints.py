"""Help for a learner: hints in three strengths, and the next line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studytui.derive.expr.nodes import children
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.steps.feedback import (
    Route,
    key_steps,
    progress,
    read_route,
    read_typed,
    unwritten,
)
from studytui.derive.syntax.print_ascii import to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studytui.derive.steps.source import DerivationSource, StepSource

STRENGTHS = 3


def hint(source: DerivationSource, lines: Sequence[str], strength: int) -> str:
    """A hint for the step after the learner's ``lines``: 1 a nudge, 2 what to do, 3 nearly it.

    The author's own hints come first; what is missing is made from the step.
    """
    step = next_step(source, lines)
    if step is None:
        return "This is the goal already."
    strength = max(1, min(STRENGTHS, strength))
    written = step.hints
    if len(written) >= strength:
        return written[strength - 1]
    if strength == 1:
        return _nudge(step)
    if strength == 2:
        return step.say or _nudge(step)
    return f"The line looks like {_covered(source, step)}"


def next_step(source: DerivationSource, lines: Sequence[str]) -> StepSource | None:
    """The author's next step, first a key step that was passed over; None at the goal."""
    place = next_place(source, lines)
    return source.steps[place] if place < len(source.steps) else None


def next_place(source: DerivationSource, lines: Sequence[str]) -> int:
    """The place of that step among the author's; their number at the goal."""
    route = read_route(source)
    typed = []
    for text in lines:
        try:
            typed.append(text)
            read_typed(route, tuple(typed))
        except ExpressionError:
            typed.pop()
    written = read_typed(route, tuple(typed))
    reached = progress(route, written)
    passed_over = unwritten(route, key_steps(source, route), written[1:])
    return min([reached, *passed_over])


def _nudge(step: StepSource) -> str:
    names = {
        "substitute": "Change the variable.",
        "differentiate": "Differentiate.",
        "integrate": "Integrate.",
        "limit": "Take the limit.",
        "complete": "Complete the square.",
        "expectation": "The expectation is linear.",
        "induction": "Try induction.",
        "given": "Use what is given.",
        "fact": "Use what is given.",
        "solve": "Solve for it.",
        "at": "Put the value in.",
    }
    return names.get(
        step.by.split(" ")[0], "Rewrite it: what can be pulled out, joined or cancelled?"
    )


def _covered(source: DerivationSource, step: StepSource) -> str:
    """The line with its largest part covered by dots."""
    route: Route = read_route(source)
    line = route.lines[source.steps.index(step) + 1]
    text = to_text(line.node)
    parts = list(children(line.right)) or [line.right]
    largest = max((to_text(part) for part in parts), key=len)
    head, found, tail = text.rpartition(largest)
    return f"{head}...{tail}" if found else "..."
