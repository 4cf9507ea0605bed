"""The checker on its corpus: right, quick, and within its limit whatever is typed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, at_least, at_most, report
from studytui.derive.expr.nodes import Logic, Relation, SetOf
from studytui.derive.expr.problems import ExpressionError
from studytui.derive.process.node_codec import to_data
from studytui.derive.process.prover import Prover
from studytui.derive.syntax import parse
from studytui.derive.syntax.declarations import declare
from studytui.derive.verdict import Judgement, Verdict
from tests.derive.fuzzing import texts
from tests.derive.hostile import CANARY, hostile
from tests.derive.pairs import Pair, corpus

LIMIT = 2.0
GRACE = 0.25
"""What reading and answering may take, seconds of the processor."""
FUZZED = 100_000
FUZZED_LIMIT = 0.3
THROUGH_PROVER = 200
PEER_EVERY = 2
ROUNDS = 3
ACCEPTED = (Verdict.PROVED, Verdict.AGREES)


class Peer:
    """``sympy.simplify(a - b) == 0`` in its own process, under the same limit."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.derive_peer", str(LIMIT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, pair: Pair) -> tuple[bool, float]:
        """Whether it found zero, and its seconds of the processor for no more than that."""
        assert self._process.stdin is not None and self._process.stdout is not None
        declarations = dict(pair.assumptions)
        symbols = declare(declarations, open_names=True)
        nodes = [to_data(parse(side, symbols, pair.syntax)) for side in (pair.a, pair.b)]
        message = {"declarations": declarations, "nodes": nodes}
        print(json.dumps(message), file=self._process.stdin, flush=True)
        zero, seconds = json.loads(self._process.stdout.readline())
        return zero, seconds

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def measure() -> list[Figure]:
    with Prover(seconds=LIMIT) as prover:
        return [*_corpus(prover), *_speed(), *_hostile(), *_fuzzed()]


def _corpus(prover: Prover) -> Iterator[Figure]:
    prover.equal("x", "x")
    found = [_judged(prover, pair) for pair in corpus()]
    same = [judgement for pair, judgement, _ in found if pair.same]
    other = [judgement for pair, judgement, _ in found if not pair.same]
    times = [spent for _, _, spent in found]
    proved = sum(judgement.verdict is Verdict.PROVED for judgement in same)
    accepted = sum(judgement.verdict in ACCEPTED for judgement in same)
    wrongly = sum(judgement.verdict in ACCEPTED for judgement in other)
    refused = sum(judgement.verdict is Verdict.REFUTED for judgement in same)
    how = f"{len(same)} equal, {len(other)} unequal pairs"
    yield at_most("derive: unequal pairs accepted", wrongly, "", 0, how)
    yield at_most("derive: equal pairs refuted", refused, "", 0, how)
    yield at_least(
        "derive: equal pairs proved or agreeing", 100 * accepted / len(same), "%", 99, how
    )
    yield at_least("derive: equal pairs proved", 100 * proved / len(same), "%", 99, how)
    used = [judgement.seconds for _, judgement, _ in found]
    late = sum(spent > LIMIT + GRACE for spent in used)
    slowest = f"slowest {max(used):.2f} s of the processor, limit {LIMIT:g} s"
    yield at_most("derive: checks over the limit", late, "", 0, slowest)
    yield at_most("derive: median check", 1000 * median(times), "ms", 50, how)


def _speed() -> Iterator[Figure]:
    """Rounds in fresh processes, so that neither remembers a pair; the ratio in the middle counts.

    Topic by topic, first the one and then the other: neither empties the other's caches. Both in
    seconds of the processor, which a busy machine stretches little: of the peer those for building
    and simplifying, here those for reading, sending, checking and answering.
    """
    ratios, count, peer_right = [], 0, 0
    for _ in range(ROUNDS):
        ours, theirs, peer_right = [], [], 0
        with Prover(seconds=LIMIT) as prover, _peer() as peer:
            prover.equal("x", "x")
            for _, group in groupby(corpus(), key=attrgetter("topic")):
                pairs = [pair for pair in group if _is_expression(pair)][::PEER_EVERY]
                ours += [_judged(prover, pair)[2] for pair in pairs]
                for pair in pairs:
                    zero, seconds = peer.ask(pair)
                    theirs.append(seconds)
                    peer_right += zero == pair.same
        ratios.append(median(ours) / median(theirs))
        count = len(ours)
    spread = " ".join(f"{ratio:.3f}" for ratio in sorted(ratios))
    yield at_most(
        "derive: median against sympy.simplify(a - b) == 0",
        median(ratios),
        "x",
        0.12,
        f"{count} pairs, rounds {spread}; simplify right on {100 * peer_right / count:.0f} %",
    )


def _judged(prover: Prover, pair: Pair) -> tuple[Pair, Judgement, float]:
    """The judgement, and its seconds of the processor in both processes."""
    start = time.thread_time()
    judgement = prover.equal(pair.a, pair.b, dict(pair.assumptions), pair.syntax)
    return pair, judgement, judgement.seconds + time.thread_time() - start


@contextmanager
def _peer() -> Iterator[Peer]:
    peer = Peer()
    try:
        yield peer
    finally:
        peer.close()


def _is_expression(pair: Pair) -> bool:
    """Whether ``a - b`` means anything for the pair."""
    symbols = declare(dict(pair.assumptions), open_names=True)
    sides = [parse(side, symbols, pair.syntax) for side in (pair.a, pair.b)]
    return not any(isinstance(side, Relation | Logic | SetOf) for side in sides)


def _hostile() -> Iterator[Figure]:
    inputs = sorted(set(hostile()))
    accepted = 0
    times = []
    with tempfile.TemporaryDirectory() as folder, chdir(folder), Prover(seconds=LIMIT) as prover:
        prover.equal("x", "x")
        for text in inputs:
            start = time.process_time()
            judgement = prover.equal(text, "x + 1")
            accepted += judgement.verdict in ACCEPTED
            times.append(judgement.seconds + time.process_time() - start)
        executed = int(Path(CANARY).exists())
    how = f"{len(inputs)} inputs, slowest {max(times):.2f} s"
    yield at_most("derive: hostile inputs that ran something", executed, "", 0, how)
    yield at_most("derive: hostile inputs accepted", accepted, "", 0, how)
    late = sum(spent > LIMIT + GRACE for spent in times)
    yield at_most("derive: hostile inputs over the limit", late, "", 0, how)


def _fuzzed() -> Iterator[Figure]:
    readable = []
    slowest = failed = 0.0
    for text, syntax in texts(FUZZED, seed=7):
        start = time.perf_counter()
        try:
            parse(text, None, syntax)
            readable.append((text, syntax))
        except ExpressionError:
            pass
        except Exception:  # noqa: BLE001 - this is what is counted
            failed += 1
        slowest = max(slowest, time.perf_counter() - start)
    late = accepted = 0
    with Prover(seconds=FUZZED_LIMIT) as prover:
        prover.equal("x", "x")
        sample = random.Random(7).sample(readable, THROUGH_PROVER)
        for text, syntax in sample:
            start = time.process_time()
            judgement = prover.equal(text, f"({text}) + x^2 + 1", syntax=syntax)
            late += judgement.seconds + time.process_time() - start > FUZZED_LIMIT + GRACE
            accepted += judgement.verdict in ACCEPTED
    how = f"{FUZZED} texts, {len(readable)} readable, slowest {slowest:.2f} s"
    yield at_most("derive: random texts that fail otherwise than told", failed, "", 0, how)
    through = f"{THROUGH_PROVER} of them against themselves + x^2 + 1, {FUZZED_LIMIT:g} s each"
    yield at_most("derive: random texts over the limit", late, "", 0, through)
    yield at_most("derive: random texts wrongly accepted", accepted, "", 0, through)


if __name__ == "__main__":
    report(measure())
