"""What is said of a learner's next line: right or wrong, closer or not, done or not yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from studytui.derive.expr.nodes import Logic, Relation
from studytui.derive.expr.normal_form import difference, first_difference, same_shape
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.steps.budget import Budget, Checks
from studytui.derive.steps.derivation import earlier, follows
from studytui.derive.steps.lines import Line, Setting, read_line, read_setting
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verdict import Judgement, Verdict

if TYPE_CHECKING:
    from studytui.derive.steps.source import DerivationSource

ACCEPTED = (Verdict.PROVED, Verdict.AGREES)
NEAR = 0.5
"""A line stands for one of the author's that has at least half of its parts in common with it."""
EQUAL_SHARE = 0.6
"""What of a line's time goes into its equality with the line above, where a rule may lead to it."""
PLAIN = ("", "equal", "equivalent", "given", "fact", "expectation", "complete the square")
"""Rules whose line equals the one before: they need not be named by the learner."""


@dataclass(frozen=True, slots=True)
class LineJudgement:
    """What is to be said of a new line.

    ``accepted``: it may stand. ``done``: it is the goal, and every key line was written.
    ``leap``: it is the goal, and some key lines were not. ``helps``: it is closer to the goal than
    the line before. ``step`` counts the author's lines that are behind the learner now;
    ``missing`` are the places of the key steps that nothing written stands for. ``differs`` is, for
    a wrong line, what it has and what the line above has at the first place where the two differ;
    ``message`` says all of it in a sentence or two;
    ``mistakes`` are the names of the classical mistakes that are shown to make a wrong line.
    """

    judgement: Judgement
    accepted: bool
    done: bool
    helps: bool
    message: str
    step: int
    differs: tuple[str, str] | None = None
    missing: tuple[int, ...] = ()
    leap: bool = False
    mistakes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verdict on the line alone."""
        return self.judgement.verdict


@dataclass(frozen=True, slots=True)
class Route:
    """The author's lines, the given one first, with the rule that leads to each."""

    setting: Setting
    lines: tuple[Line, ...]
    rules: tuple[str, ...]


def read_route(source: DerivationSource) -> Route:
    """The author's way.

    :raises ExpressionError: a line of it cannot be read.
    """
    setting = read_setting(source)
    lines = [setting.given]
    for step in source.steps:
        lines.append(read_line(step.to, setting.symbols, lines[-1]))
    return Route(setting, tuple(lines), ("given", *(step.by or "equal" for step in source.steps)))


def judge_line(
    prover: Checks,
    source: DerivationSource,
    typed: Sequence[str],
    new: str,
    syntax: str = "ascii",
) -> LineJudgement:
    """Judge ``new`` after the lines ``typed`` (the given line stands before all of them)."""
    try:
        route = read_route(source)
        lines = read_typed(route, tuple(typed), syntax)
    except ExpressionError as error:
        return _unreadable(error, 0)
    try:
        line = read_next(route, new, lines[-1], syntax)
    except ExpressionError as error:
        return _unreadable(error, progress(route, lines))
    judgement = _judged(route, lines, line, Budget(prover, prover.seconds))
    if source.instance and judgement.verdict is Verdict.PROVED:
        judgement = replace(judgement, why=f"{judgement.why}, for {source.instance} only")
    told = _told(route, lines, line, judgement)
    last = progress(route, lines) >= len(route.lines) - 2 or not _is_equation(route.setting.goal)
    if told.accepted and not told.helps and last and _equals_goal(route, line, prover):
        told = replace(told, message=f"{_sure(judgement)}, and {_as_goal(route)}")
    written = [*lines[1:], line] if told.accepted else lines[1:]
    missing = unwritten(route, key_steps(source, route), written)
    return _leapt(told, missing) if told.done and missing else replace(told, missing=missing)


def _leapt(told: LineJudgement, missing: tuple[int, ...]) -> LineJudgement:
    """The goal was reached without lines that carry the idea: right, and not yet worked."""
    how_many = "one line" if len(missing) == 1 else f"{len(missing)} lines"
    verb = "is" if len(missing) == 1 else "are"
    message = f"{told.message} Show how: {how_many} between {verb} missing."
    return replace(told, done=False, leap=True, missing=missing, message=message)


def key_steps(source: DerivationSource, route: Route | None = None) -> tuple[int, ...]:
    """The places of the steps that carry the idea, which the goal in another spelling never does.

    Where the author marks no other, it is the last step before the goal; empty if there is none.

    :raises ExpressionError: a line of the author's cannot be read.
    """
    route = route or read_route(source)
    ends = (route.setting.given.stated, route.setting.goal.stated)
    between = [
        place
        for place, line in enumerate(route.lines[1:])
        if not any(same_shape(line.stated, end) for end in ends)
    ]
    return tuple(place for place in between if source.steps[place].key) or tuple(between[-1:])


def unwritten(route: Route, keys: tuple[int, ...], lines: list[Line]) -> tuple[int, ...]:
    """The key steps that none of the learner's ``lines`` stands for."""
    return tuple(key for key in keys if not any(_stands_for(route, line, key) for line in lines))


def _stands_for(route: Route, line: Line, key: int) -> bool:
    """Whether a line is the author's line of a step, or is made like it more than like any other.

    All lines of a derivation are equal: it is how they are made that carries the idea.
    """
    place = key + 1
    wanted = route.lines[place]
    for part in _links(line):
        if same_shape(part.stated, wanted.stated):
            return True
        if any(same_shape(part.stated, other.stated) for other in route.lines):
            continue
        apart = [difference(part.stated, other.stated) for other in route.lines]
        others = [*apart[:place], *apart[place + 1 :]]
        if apart[place] < NEAR and apart[place] < min(others):
            return True
    return False


def _links(line: Line) -> list[Line]:
    """Each link of a chain as a line of its own; a line that is no chain is its own only one."""
    if not line.links:
        return [line]
    sides = [line.links[0].operands[0], *(link.operands[1] for link in line.links)]
    signs = [line.leading, *(link.operators[0] for link in line.links)]
    return [Line(line.left, sign, side) for sign, side in zip(signs, sides, strict=True)]


def read_typed(route: Route, typed: tuple[str, ...], syntax: str = "ascii") -> list[Line]:
    """The learner's lines, the given one first.

    :raises ExpressionError: one cannot be read.
    """
    lines = [route.setting.given]
    for text in typed:
        lines.append(read_next(route, text, lines[-1], syntax))
    return lines


def read_next(route: Route, text: str, before: Line, syntax: str = "ascii") -> Line:
    """A line; where expressions are rewritten, ``this = that`` after ``this`` is ``that``.

    :raises ExpressionError: it cannot be read.
    """
    line = read_line(text, route.setting.symbols, before, syntax)
    if line.left is None or before.left is not None or route.setting.goal.left is not None:
        return line
    says_again = line.operator == "=" and same_shape(line.left, before.right)
    return replace(line, left=None) if says_again else line


def progress(route: Route, lines: list[Line]) -> int:
    """How many of the author's steps are behind: the nearest of the author's lines, and never
    before one that was reached already."""
    best = 0
    for line in lines:
        for place in range(len(route.lines) - 1, best, -1):
            if same_shape(line.stated, route.lines[place].stated):
                best = place
                break
    return best


def _judged(route: Route, lines: list[Line], line: Line, budget: Budget) -> Judgement:
    """By the author's rule, where it is the author's own line; by equality with the line above;
    else by a rule that the author uses from here on.

    It is wrong only where each of these is decided: a rule that leaves it open leaves it so.
    """
    before = lines[-1]
    setting = replace(route.setting, earlier=earlier(_proved_lines(route, lines[:-1])))
    if same_shape(line.stated, setting.goal.stated) and len(route.rules) == 1:
        return Judgement(Verdict.PROVED, "this is the goal")
    following = progress(route, lines) + 1
    places = [
        place for place in range(following, len(route.lines)) if route.rules[place] not in PLAIN
    ]
    own = next((place for place in places[:1] if _is_authors(route, line, place)), None)
    best = None if own is None else follows(route.rules[own], before, line, setting, budget)
    if best is None or best.verdict is not Verdict.PROVED:
        share = EQUAL_SHARE if places else 1.0
        equal = follows("equal", before, line, setting, Budget(budget, budget.left * share))
        best = equal if best is None else _better(equal, best)
    for place in places:
        if best.verdict is Verdict.PROVED or place == own:
            break
        rule = route.rules[place]
        best = _better(best, follows(rule, before, line, setting, budget))
        # Values may be put in in any order; another rule has its place.
        if not rule.startswith("at "):
            break
    if best.verdict in ACCEPTED or not places:
        return best
    return _beyond(route, places, (before, line), budget, best)


def _proved_lines(route: Route, lines: list[Line]) -> list[Line]:
    """The author's own lines among those above: what else stands there may only agree."""
    return [
        line for line in lines if any(same_shape(line.stated, own.stated) for own in route.lines)
    ]


def _is_authors(route: Route, line: Line, place: int) -> bool:
    return same_shape(line.stated, route.lines[place].stated)


def _better(first: Judgement, other: Judgement) -> Judgement:
    """What is known of a line that may follow in two ways: it is wrong only if neither is open."""
    if other.verdict is Verdict.PROVED or first.verdict is Verdict.PROVED:
        return other if other.verdict is Verdict.PROVED else first
    if other.verdict is Verdict.AGREES and first.verdict is not Verdict.AGREES:
        return other
    if other.verdict is Verdict.UNDECIDED and first.verdict is Verdict.REFUTED:
        return other
    return first


def _beyond(
    route: Route, places: list[int], pair: tuple[Line, Line], checks: Checks, best: Judgement
) -> Judgement:
    """Whether a line is one of the author's lines after the next rules, while the line above says
    the same as the author's before them; else what is known of it already."""
    before, line = pair
    setting = route.setting
    for place in places:
        judgement = follows("equal", route.lines[place], line, setting, checks)
        if judgement.verdict in ACCEPTED:
            start = route.lines[places[0] - 1]
            ahead = follows("equal", before, start, setting, checks)
            if ahead.verdict in ACCEPTED:
                return judgement
            return _better(best, ahead)
        best = _better(best, judgement)
    return best


def _told(route: Route, lines: list[Line], line: Line, judgement: Judgement) -> LineJudgement:
    step = progress(route, [*lines, line])
    if judgement.verdict is Verdict.REFUTED:
        differs = _differs(lines[-1], line)
        where = (
            f" It first differs at {differs[0]}, where the line above has {differs[1]}."
            if differs
            else ""
        )
        message = f"Not equal: {judgement.why}.{where}"
        return LineJudgement(judgement, False, False, False, message, step, differs)
    if judgement.verdict not in ACCEPTED:
        message = f"Cannot be decided: {judgement.why}."
        return LineJudgement(judgement, False, False, False, message, step)
    sure = _sure(judgement)
    if same_shape(line.stated, route.setting.goal.stated):
        if judgement.verdict is Verdict.AGREES and not _is_equation(route.setting.goal):
            message = f"{sure}: an inequality is the goal once it is proved."
            return LineJudgement(judgement, True, False, True, message, step)
        return LineJudgement(judgement, True, True, True, f"{sure}, and this is the goal.", step)
    if any(same_shape(line.stated, earlier.stated) for earlier in lines):
        message = f"{sure}, but it stands above already: no closer to the goal."
        return LineJudgement(judgement, True, False, False, message, step)
    before = progress(route, lines)
    helps = step > before or _apart(route, line, before) < min(
        _apart(route, earlier, before) for earlier in lines
    )
    message = f"{sure}." if helps else f"{sure}, but no closer to the goal than before."
    return LineJudgement(judgement, True, False, helps, message, step)


def _sure(judgement: Judgement) -> str:
    sure = "Right" if judgement.verdict is Verdict.PROVED else "Agrees numerically, not proved"
    return f"{sure} (for {' and '.join(judgement.conditions)})" if judgement.conditions else sure


def _equals_goal(route: Route, line: Line, prover: Checks) -> bool:
    """Whether a line is the goal but for how it is written."""
    goal = route.setting.goal
    if same_shape(line.stated, goal.stated) or (line.left is None) != (goal.left is None):
        return False
    budget = Budget(prover, prover.seconds)
    return follows("equal", line, goal, route.setting, budget).verdict is Verdict.PROVED


def _as_goal(route: Route) -> str:
    goal = route.setting.goal
    node = goal.right if _is_equation(goal) else goal.node
    return f"equal to the goal; write it as {to_text(node)}."


def _is_equation(goal: Line) -> bool:
    return goal.operator == "=" and not isinstance(goal.right, Logic | Relation)


def _apart(route: Route, line: Line, step: int) -> float:
    """How differently a line is made from the nearest of the author's lines still ahead."""
    ahead = route.lines[step + 1 :] or route.lines[-1:]
    return min(difference(line.stated, other.stated) for other in ahead)


def _differs(before: Line, line: Line) -> tuple[str, str] | None:
    pair = first_difference(line.right, before.right)
    return None if pair is None else (to_text(pair[0]), to_text(pair[1]))


def _unreadable(error: ExpressionError, step: int) -> LineJudgement:
    judgement = Judgement(Verdict.ERROR, str(error))
    return LineJudgement(judgement, False, False, False, f"Cannot be read: {error}", step)
