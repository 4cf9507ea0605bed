"""The prover's process: the only place where sympy lives. Reads requests, writes judgements.

It forks a child for the checks, and a new one as soon as that child is killed: sympy is imported
once, and a check that had to be stopped costs a few milliseconds.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

WARMING: dict[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]] = {
    (): (
        ("(x+1)^2/y", "(x^2+2x+1)/y"),
        ("(x^3-1)/(x-1)", "x^2+x+1"),
        ("1/(sqrt(3)+1)", "(sqrt(3)-1)/2"),
        ("sqrt(x^2)", "abs(x)"),
        ("sqrt(exp(4x))", "exp(2x)"),
        ("exp(x+1)", "e*exp(x)"),
        ("log(exp(x)*exp(y))", "x+y"),
        ("sigmoid(-x)", "1-sigmoid(x)"),
        ("log(sigmoid(-x))", "-softplus(x)"),
        ("sin(x)^2", "1-cos(x)^2"),
        ("sin(pi/3)", "sqrt(3)/2"),
        ("cos(acos(x)/2)^2", "(1+x)/2"),
        ("tanh(x)", "(exp(x)-exp(-x))/(exp(x)+exp(-x))"),
        ("diff(log(1+exp(x)), x)", "1/(1+exp(-x))"),
        ("diff(x^3*y, x, 2)", "6x*y"),
        ("int(x^2, x, 0, 1)", "1/3"),
        ("int(exp(-x), x, 0, oo)", "1"),
        ("int(3x^2, x)", "x^3"),
        ("lim(sin(x)/x, x, 0)", "1"),
        ("sum(1/3^k, k, 0, oo)", "3/2"),
        ("abs(x)*max(x, 0)", "max(x^2, -x^2)*max(sign(x), 0)"),
        ("floor(x+2)", "floor(x)+2"),
        ("max(x, y)", "(x+y+abs(x-y))/2"),
        ("piecewise((x, x > 0), (0, true))", "max(x, 0)"),
        ("[[1, x], [0, 1]]*[[1, y], [0, 1]]", "[[1, x+y], [0, 1]]"),
        ("det([[x, 1], [1, y]])", "x*y-1"),
        ("x+y", "x-y"),
    ),
    (("n", "positive integer"), ("p", "0 < p < 1"), ("a", "positive"), ("c", "sequence")): (
        ("sum(k, k, 1, n)", "n*(n+1)/2"),
        ("sum(p^k, k, 0, n)", "(1-p^(n+1))/(1-p)"),
        ("sum(c[k+1], k, 1, n)", "sum(c[k], k, 2, n+1)"),
        ("prod(a, k, 1, n)", "a^n"),
        ("(n+1)!/n!", "n+1"),
        ("p^(n-1)*p", "p^n"),
        ("sqrt(a^2*p^2)", "a*p"),
        ("log(a/p)", "log(a)-log(p)"),
        ("(-1)^(2n)", "1"),
        ("mod(n+7, 7)", "mod(n, 7)"),
    ),
    (("X", "random"), ("Y", "independent"), ("Z", "normal(0, 1)"), ("f", "function")): (
        ("E[2*X+Y]", "2*E[X]+E[Y]"),
        ("Var[3*Y]", "9*Var[Y]"),
        ("E[Z^2]", "1"),
        ("diff(f(x)^2, x)", "2*f(x)*f'(x)"),
    ),
    (("A", "matrix 2x2"), ("B", "matrix 2x2"), ("v", "vector 2")): (
        ("(A B)^T", "B^T A^T"),
        ("trace(A B)", "trace(B A)"),
        ("norm(v)^2", "dot(v, v)"),
    ),
}
"""Declarations, and checks under them, that touch most of what checks need."""


def main() -> None:
    """Serve until the input ends. Arguments: the memory limit in MB."""
    memory = int(sys.argv[1])
    source, sink = _own_pipes()
    # Imported here so that children have them.
    from studytui.derive.mistakes import finder  # noqa: F401
    from studytui.derive.verify import check  # noqa: F401

    _warm()
    # What is there now stays: the collector need not look at it again, nor a child copy its pages.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    if not hasattr(os, "fork"):
        _serve(source, sink)
        return
    owner, late = os.getppid(), False
    while os.getppid() == owner:
        child = os.fork()
        if child == 0:
            _limit(memory)
            with contextlib.suppress(BrokenPipeError):
                _serve(source, sink, late)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
            return
        late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF


def _own_pipes() -> tuple[int, int]:
    """The pipes under other numbers, so that nothing that prints can spoil the protocol."""
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return source, sink


def _limit(memory: int) -> None:
    try:
        import resource

        size = memory * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        # Not every system has such limits; the time limit stands on all of them.
        return


def _warm() -> None:
    """One small check, so that the first of the user's finds everything imported and cached."""
    from studytui.derive.syntax import parse
    from studytui.derive.syntax.declarations import declare
    from studytui.derive.verify.check import equal

    for declarations, pairs in WARMING.items():
        names = declare(dict(declarations), open_names=True)
        for first, second in pairs:
            equal(parse(first, names), parse(second, names), names)


def _serve(source: int, sink: int, late: bool = False) -> None:
    """Answer requests; ``late``: the process before this one was ended by its limit."""
    ready = json.dumps({"ready": os.getpid(), "late": late}).encode()
    _write(sink, b"\n" + ready + b"\n")  # what was half written is a line of its own
    waiting = b""
    while True:
        while b"\n" not in waiting:
            more = os.read(source, 1 << 16)
            if not more:
                return
            waiting += more
        line, _, waiting = waiting.partition(b"\n")
        _answer(json.loads(line), sink)


def _write(sink: int, line: bytes) -> None:
    while line:
        line = line[os.write(sink, line) :]


def _answer(message: dict[str, Any], sink: int) -> None:
    from studytui.derive.process.protocol import answer, progress
    from studytui.derive.verdict import Judgement, Provisional, Verdict

    number, known = message["number"], Provisional()

    def report(now: Provisional) -> None:
        nonlocal known
        if now.points > known.points:  # what is known only gets stronger
            known = now
            _write(sink, progress(number, now))

    start = time.thread_time()
    with _limited(float(message["seconds"])):
        try:
            judgement = _judged(message, report)
        except MemoryError:
            judgement = Judgement(Verdict.UNDECIDED, "the check needs more memory than it may have")
        except RecursionError:
            judgement = Judgement(Verdict.UNDECIDED, "the check nests too deep")
        except Exception as error:  # noqa: BLE001 - the process must outlive any failure of a check
            why = f"the check failed: {type(error).__name__}: {error}"
            judgement = Judgement(Verdict.UNDECIDED, why)
    spent = time.thread_time() - start
    _write(sink, answer(number, replace(judgement, seconds=spent)))


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """End this process by SIGPROF, whatever it is at, once it has used so much processor time."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _judged(message: dict[str, Any], report: Any) -> Any:
    from studytui.derive.evaluate.recursion import definitions
    from studytui.derive.field.stop_gradients import without_stops
    from studytui.derive.process.node_codec import from_data
    from studytui.derive.syntax.declarations import declare
    from studytui.derive.verify import check

    nodes = [without_stops(from_data(data)) for data in message["nodes"]]
    symbols = declare(message["declarations"], open_names=bool(message["open"]))
    extra = definitions(from_data(message["recursions"]))
    if message["kind"] == "equal":
        return check.equal(nodes[0], nodes[1], symbols, report, extra)
    if message["kind"] == "only":
        from studytui.derive.verify.unique_solutions import only

        return only(nodes[0], nodes[1], symbols, report)
    if message["kind"] == "follows":
        from studytui.derive.verify.following import judged

        return judged(tuple(nodes), symbols)
    if message["kind"] == "contradicted":
        from studytui.derive.verify.witness import contradicted

        return contradicted(nodes[0], tuple(nodes[1:]), symbols, extra)
    if message["kind"] == "holds":
        return check.holds(nodes[0], symbols, report, extra)
    if message["kind"] in ("mistake", "two mistakes"):
        from studytui.derive.mistakes.finder import found
        from studytui.derive.process.protocol import explained

        two = message["kind"] == "two mistakes"
        return explained(found(nodes[0], tuple(nodes[1:]), symbols, extra, two=two))
    if message["kind"] == "doubt":
        return check.doubted(nodes[0], symbols, extra)
    from studytui.derive.evaluate.values import value

    return value(nodes[0], nodes[1:], symbols)


if __name__ == "__main__":
    main()
