"""Which mistake makes a written line of a right one: found by values, shown by the checker.

Runs in the prover's process. Its result depends on work and on the order of the catalogue, and on
no clock: either the first explanation in that order, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from studytui.derive.evaluate.recursion import Definitions
from studytui.derive.expr.domains import Symbols
from studytui.derive.expr.nodes import Add, Logic, Negate, Node, Relation, SetOf
from studytui.derive.expr.normal_form import difference, same_shape, shape
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.field import identical
from studytui.derive.mistakes import relations, slips
from studytui.derive.mistakes.candidates import Candidate, candidates
from studytui.derive.mistakes.catalogue import BY_NAME, MISTAKES
from studytui.derive.mistakes.differentiation import worked_out
from studytui.derive.mistakes.forms import forms
from studytui.derive.mistakes.mistake import Explanation, Named
from studytui.derive.mistakes.numbers import Places
from studytui.derive.mistakes.one_number import is_one_number_off
from studytui.derive.syntax.print_ascii import to_text
from studytui.derive.verdict import Verdict
from studytui.derive.verify.check import equal
from studytui.derive.verify.compare import compared

MOST_SHOWN = 6
"""Variants that have the values of the written line: more of them are not handed to the prover."""
MOST_SOLVED = 12
"""Equations with a term or factor moved wrongly that are looked at for having the solutions of the
written one."""
FIRST = 10
"""Of two mistakes the first is one of those that bring the line nearest to the written one."""
SLIPS = frozenset((*slips.MISTAKES, BY_NAME["fraction-turned-over"]))
SMALL = tuple(mistake for mistake in MISTAKES if mistake.small)


def found(
    written: Node,
    right: tuple[Node, ...],
    symbols: Symbols,
    extra: Definitions | None = None,
    *,
    two: bool = False,
) -> Explanation:
    """The mistake that makes ``written`` of one of the right lines; or the ``two`` that do.

    Empty where none is proved. The first line is right; one of the others that has another value
    than it at a point is left out.
    """
    if isinstance(written, Relation) and not two:
        return _of_equations(written, right, symbols)
    if any(isinstance(node, Relation | Logic | SetOf) for node in (written, *right)):
        return ()
    places = Places(written, right[:1], symbols, extra or {})
    like = (right[0], *(line for line in right[1:] if _is_like(line, right[0], places, symbols)))
    sources: dict[Node, int] = {}
    for place, line in enumerate(like):
        for form in forms(line, symbols):
            sources.setdefault(form, place)
    lines = tuple(line for line in sources if places.differs(line) or not places.are_there)
    single = candidates(lines, symbols)
    search = _Search(written, places, symbols, extra or {}, sources)
    if two:
        return _pair(list(single), search)
    one = _first_shown(single, search)
    return () if one is None else (_named(one),)


def _is_like(line: Node, first: Node, places: Places, symbols: Symbols) -> bool:
    """Whether another line says what the first one does: by its values, or where there are none by
    a law of the field."""
    if places.are_there:
        return not places.differs(line, first)
    return identical(line, first, symbols)


def _of_equations(written: Relation, right: tuple[Node, ...], symbols: Symbols) -> Explanation:
    """The mistake that makes an equation of one of the right ones."""
    known = tuple(line for line in right if isinstance(line, Relation) and _is_equation(line))
    if not _is_equation(written):
        return ()
    like = tuple(line for line in known if line == known[0] or _says(known[0], line, symbols))
    identities = {line for line in like if identical(line.operands[0], line.operands[1], symbols)}
    variants = [
        item
        for item in candidates(like, symbols)
        # Of an identity nothing is moved: what is wrong then has solutions that say nothing.
        if isinstance(item.line, Relation)
        and not (item.right in identities and item.mistake in relations.MISTAKES)
    ]
    moved = [item for item in variants if item.mistake in relations.MISTAKES]
    careless, reasoned = _parted(variants)

    def first(tried: Iterable[Candidate], is_it: Callable[..., bool]) -> Candidate | None:
        for item in tried:
            found = is_it(item.line, written, symbols)
            if found and equal(item.right, written, symbols).verdict is Verdict.REFUTED:
                return item
        return None

    best = first(reasoned, _is_written_as)
    if best is None:
        best, slip = first(reasoned, _is_same_equation), first(careless, _is_written_as)
        if slip is not None and (best is None or best.right == slip.right):
            best = slip
    best = best or first(careless, _is_same_equation) or first(moved[:MOST_SOLVED], _says)
    return () if best is None else (_named(best),)


def _parted(variants: Iterable[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Slips of the pen, and mistakes that have a reason."""
    parted: tuple[list[Candidate], list[Candidate]] = [], []
    for item in variants:
        parted[item.mistake not in SLIPS].append(item)
    return parted


def _is_equation(node: Relation) -> bool:
    return node.operators == ("=",) and len(node.operands) == 2


def _says(first: Node, other: Node, symbols: Symbols) -> bool:
    """Whether two equations are shown to say the same."""
    return equal(first, other, symbols).verdict is Verdict.PROVED


def _is_written_as(line: Node, written: Node, symbols: Symbols) -> bool:
    del symbols
    return same_shape(line, written)


def _is_same_equation(line: Node, written: Node, symbols: Symbols) -> bool:
    """Whether both sides are equal, or the gaps between them are but for their sign."""
    assert isinstance(line, Relation) and isinstance(written, Relation)
    pairs = list(zip(line.operands, written.operands, strict=True))
    if all(same_shape(*pair) or identical(*pair, symbols) for pair in pairs):
        return True
    first, other = (Add((side.operands[0], Negate(side.operands[1]))) for side in (line, written))
    return identical(first, other, symbols) or identical(Negate(first), other, symbols)


def _named(candidate: Candidate) -> Named:
    return Named(candidate.mistake.name, to_text(candidate.part), to_text(candidate.became))


@dataclass(frozen=True, slots=True)
class _Search:
    """One written line, and what is needed to see whether a variant is it."""

    written: Node
    places: Places
    symbols: Symbols
    extra: Definitions
    sources: dict[Node, int]
    """The right lines by how near they are: the line above, then the author's next ones."""

    def as_written(self, tried: list[Candidate]) -> Candidate | None:
        """The first variant that is the written line as it stands: nothing is assumed beside."""
        look = shape(worked_out(self.written))
        alike = (item for item in tried if shape(worked_out(item.line)) == look)
        return next((item for item in alike if self.sees(item) and self.is_wrong(item)), None)

    def by_algebra(self, tried: list[Candidate]) -> Candidate | None:
        """The first variant that a law of the field shows to be equal to the written line."""
        for item in self.with_its_value(tried):
            if self.sees(item) and self.is_wrong(item):
                return item
        return None

    def by_the_checker(self, tried: list[Candidate]) -> Candidate | None:
        """The first variant that the whole checker proves equal to the written line."""
        if self.places.are_dear:
            return None
        for item in islice(self.with_its_value(tried), MOST_SHOWN):
            if self.shows(item) and self.is_wrong(item):
                return item
        return None

    def with_its_value(self, tried: list[Candidate]) -> Iterator[Candidate]:
        """The variants that may be equal: all of them where a value costs more than a proof."""
        for item in tried:
            if self.places.are_dear:
                yield item
            elif self.places.is_spent or not self.places.are_there:
                return
            elif self.places.has_value_of_written(item.line):
                yield item

    def sees(self, item: Candidate) -> bool:
        """Whether a variant is the written line by its form, or by a law of the field."""
        return _is_seen(item.line, self.written, self.symbols)

    def shows(self, item: Candidate) -> bool:
        """Whether a variant is proved equal to the written line in any way."""
        return (
            self.sees(item)
            or _judged(item.line, self.written, self.symbols, self.extra) is Verdict.PROVED
        )

    def is_wrong(self, item: Candidate) -> bool:
        """Whether the ordinary checker refutes that the right line is the written one: a rewrite
        that happens to be right at its place explains nothing."""
        verdict = _judged(item.right, self.written, self.symbols, self.extra)
        return verdict is Verdict.REFUTED


def _first_shown(variants: Iterable[Candidate], search: _Search) -> Candidate | None:
    """The variant that explains the line best: a mistake that has a reason before a slip of the
    pen, and of each kind one that left the line as it stands before one that needs algebra.

    But where a slip left it as it stands, and the mistake with a reason needs algebra to come to
    the same from the same right line, or from one further ahead, the slip is what was done.
    """
    careless, reasoned = _parted(variants)
    plain = search.as_written(reasoned)
    if plain is not None:
        return plain
    found, slip = search.by_algebra(reasoned), search.as_written(careless)
    if found is not None and slip is not None:
        if search.sources[slip.right] < search.sources[found.right]:
            return slip
        again = [
            item for item in reasoned
            if item.mistake is found.mistake and item.right == slip.right
        ]  # fmt: skip
        return slip if search.by_algebra(again) is not None else found
    return (
        found
        or slip
        or search.by_algebra(careless)
        or search.by_the_checker(reasoned)
        or search.by_the_checker(careless)
    )


def _is_seen(line: Node, written: Node, symbols: Symbols) -> bool:
    return same_shape(line, written) or identical(line, written, symbols)


def _judged(line: Node, written: Node, symbols: Symbols, extra: Definitions) -> Verdict:
    try:
        return compared(line, "=", written, symbols, extra=extra).verdict
    except ExpressionError:
        return Verdict.UNDECIDED


def _pair(single: list[Candidate], search: _Search) -> Explanation:
    """Two mistakes, each of which changes the line: the first brings it nearer to the written one,
    and the second is a small one that makes it equal."""
    places, written, symbols = search.places, search.written, search.symbols
    if not places.are_there or places.are_dear or places.is_spent:
        return ()
    if any(is_one_number_off(written, right, symbols) for right in search.sources):
        return ()  # one wrong number is likelier than two mistakes
    ranked = sorted(
        ((difference(item.line, written), place) for place, item in enumerate(single)),
    )
    for _, place in ranked[:FIRST]:
        first = single[place]
        if not places.differs(first.line, first.right):
            continue
        for second in candidates((first.line,), symbols, SMALL):
            if places.is_spent:
                return ()
            if not places.has_value_of_written(second.line):
                continue
            if _is_seen(second.line, written, symbols) and search.is_wrong(first):
                return _named(first), _named(second)
    return ()
