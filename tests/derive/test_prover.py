"""The prover's process: warm, bounded in time and memory, replaced when it is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from studytui.derive.evaluate.arithmetic import UndefinedValueError
from studytui.derive.process.prover import Prover
from studytui.derive.verdict import Judgement, Verdict

ROOT = Path(__file__).resolve().parents[2]
ENDLESS = ("int(f(x)^x*sin(x^x), x, 0, y)", "int(f(x)^x*sin(x^x), x, 0, y) + g(y)")
FUNCTIONS = {"f": "positive function", "g": "function"}


def test_a_check_that_is_late_is_ended_and_told_and_the_next_one_works() -> None:
    with Prover(seconds=0.2) as prover:
        assert prover.equal("x", "x").verdict is Verdict.PROVED
        judgement = prover.equal(*ENDLESS, FUNCTIONS)
        assert judgement.verdict not in (Verdict.PROVED, Verdict.AGREES)
        assert prover.equal("2x", "x + x").verdict is Verdict.PROVED


def test_a_lost_process_is_replaced() -> None:
    with Prover(seconds=5.0) as prover:
        assert prover.equal("x", "x + 0").verdict is Verdict.PROVED
        process = prover.worker.process
        assert process is not None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        prover.equal("x", "x + 0")
        assert prover.equal("2x", "x + x").verdict is Verdict.PROVED


def test_memory_is_bounded() -> None:
    with Prover(seconds=20.0, memory_mb=400) as prover:
        judgement = prover.equal("(a+b+c+d+f+g+h)^200", "(a+b+c+d+f+g+h)^199*(a+b+c+d+f+g+k)")
        assert judgement.verdict not in (Verdict.PROVED, Verdict.AGREES)
        assert prover.equal("2x", "x + x").verdict is Verdict.PROVED


def test_threads_may_share_a_prover(prover: Prover) -> None:
    found: list[Verdict] = []

    def work(number: int) -> None:
        other = f"x + {number}" if number % 2 else "x"
        found.append(prover.equal("x", other).verdict)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [Verdict.PROVED] * 4 + [Verdict.REFUTED] * 4


def test_warming_returns_at_once_and_closing_leaves_nothing() -> None:
    prover = Prover()
    prover.warm()
    assert not prover.worker.child, "it waited for the process to stand ready"
    process = prover.worker.process
    prover.close()
    assert process is not None
    assert process.poll() is not None


def test_a_closed_prover_starts_nothing_for_a_thread_that_still_asks() -> None:
    """A derivation that is shown warms the prover in a thread, which may come after the end: the
    process was then nobody's, and Python 3.13 warned of it in whatever test came next."""
    prover = Prover()
    prover.close()
    prover.warm()
    judgement = prover.equal("x + x", "2x")
    assert prover.worker.process is None
    assert judgement.verdict is Verdict.UNDECIDED
    assert "the prover was closed" in judgement.why


def test_whoever_asks_while_it_is_closed_starts_nothing_anew() -> None:
    prover = Prover(seconds=60.0)
    assert prover.equal("x", "x").verdict is Verdict.PROVED
    found: list[Judgement] = []
    asking = threading.Thread(
        target=lambda: found.extend(prover.equal(*ENDLESS, FUNCTIONS) for _ in range(2))
    )
    asking.start()
    prover.close()
    asking.join()
    assert prover.worker.process is None
    assert all("the prover was closed" in judgement.why for judgement in found)


def test_the_callers_process_imports_neither_sympy_nor_mpmath() -> None:
    code = (
        "import sys\n"
        "from studytui.derive.process.prover import Prover\n"
        "import studytui.derive.steps.feedback, studytui.study.deriving\n"
        "with Prover() as prover:\n"
        "    assert prover.equal('x + x', '2x').verdict == 'proved'\n"
        "    assert prover.value('int(x, x, 0, n)', {'n': 2}) == 2.0\n"
        "print([name for name in ('sympy', 'mpmath', 'numpy', 'torch') if name in sys.modules])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert ran.stdout.strip() == "[]"


def test_values_with_integrals_and_limits(prover: Prover) -> None:
    assert prover.value("int(exp(-x^2), x, -oo, oo)^2", {}) == pytest.approx(3.14159265)
    assert prover.value("lim((1 + a/n)^n, n, oo)", {"a": "1"}, digits=6) == 2.71828
    with pytest.raises(UndefinedValueError):
        prover.value("1/x", {"x": 0})


CONDITIONS = [
    (
        "sum(1/(k^2 + a), k, 1, oo) - sum(1/(k^2 + a), k, 1, oo)",
        "0",
        {"a": "a > -101"},
        ("k^2 + a != 0 for every k",),
    ),
    ("sum(x[i]/y[i], i, 1, 3)", "sum(x[j]/y[j], j, 1, 3)", {"x": "sequence", "y": "sequence"}, ()),
    ("x/x", "1", {}, ("x != 0",)),
    ("(x^2 - 1)/(x - 1)", "x + 1", {}, ("x != 1",)),
    ("(x - 2)/(x - 2)", "1", {"x": "0 < x < 1"}, ()),
    ("(2x - 3) y/((2x - 3) y)", "1", {}, ("x != 3/2", "y != 0")),
    ("n!", "n*(n - 1)!", {"n": "natural"}, ("n >= 1",)),
    ("(n + 1)!", "(n + 1)*n!", {"n": "natural"}, ()),
    ("gamma(x + 1)", "x*gamma(x)", {}, ("x is not 0, -1, -2, ...",)),
    ("tan(x)*cos(x)", "sin(x)", {}, ("cos(x) != 0",)),
    ("tan(x)", "sin(x)/cos(x)", {}, ()),
    ("binomial(n, k)", "n!/(k!*(n - k)!)", {"n": "natural", "k": "natural, k <= n"}, ()),
]


@pytest.mark.parametrize(("a", "b", "assumptions", "conditions"), CONDITIONS)
def test_conditions_are_told(
    a: str, b: str, assumptions: dict[str, str], conditions: tuple[str, ...], prover: Prover
) -> None:
    told = prover.equal(a, b, assumptions)
    assert (told.verdict, told.conditions) == (Verdict.PROVED, conditions)


def test_counterexamples_are_told(prover: Prover) -> None:
    wrong = prover.equal(
        "(1 - beta^t) g", "(1 - beta)^t g", {"beta": "0 < beta < 1", "t": "natural"}
    )
    assert wrong.verdict is Verdict.REFUTED
    assert wrong.counterexample is not None
    assert {name for name, _ in wrong.counterexample.values} == {"beta", "g", "t"}


@pytest.mark.parametrize(
    ("a", "b", "assumptions"),
    [
        ("max(x, 10^-9)", "x", {"x": "positive"}),
        ("relu(x - 10^5)", "0", {}),
        ("relu(7x - 30000)", "0", {}),
        ("piecewise((1, x = 7/3), (0, true))", "0", {}),
        ("sign(x)^2", "1", {}),
        ("0^n", "0", {"n": "natural"}),
        ("delta(n, 7)", "0", {"n": "integer"}),
        ("x + 1/10^9000", "x", {}),
        ("x + exp(-2000)", "x", {}),
        ("x + 1/200!", "x", {}),
        ("int(exp(sin(x)), x, 0, 1)", "int(exp(sin(x)), x, 0, 1) + 10^-12", {}),
        ("int(exp(-x^2), x, 0, 1)", "0.7468241328", {}),
        ("sum(1/k^2, k, 1, oo)", "pi^2/6 + 10^-12", {}),
        ("lim((1 + 1/n)^n, n, oo)", "2.718281828459", {}),
        ("E[(x - E[x])^3]", "0", {"x": "independent"}),
        ("E[(g[1] - E[g[1]])^3]", "0", {"g": "independent sequence"}),
        (
            "diff(f(x, y), x) diff(f(z, w), w)",
            "diff(f(x, y), y) diff(f(z, w), z)",
            {"f": "function"},
        ),
        ("int(1, x)^2", "x^2", {}),
        ("erf(30x)", "1", {"x": "x > 1"}),
        ("x <= y", "x < y", {}),
    ],
)
def test_what_is_nearly_true_is_not_accepted(
    a: str, b: str, assumptions: dict[str, str], prover: Prover
) -> None:
    judgement = prover.equal(a, b, assumptions)
    assert judgement.verdict not in (Verdict.PROVED, Verdict.AGREES), judgement


def test_a_root_and_something_positive_never_vanish_together(prover: Prover) -> None:
    shares = {"h": "0 < h < 1", "beta": "0 < beta < 1", "x": "real"}
    step = prover.equal("(sqrt(1 - beta*h)*x - x)/h", "-beta*x/(sqrt(1 - beta*h) + 1)", shares)
    assert (step.verdict, step.conditions) == (Verdict.PROVED, ())
    two = prover.equal(
        "x/(sqrt(x) + sqrt(y))*(sqrt(x) + sqrt(y))", "x", {"x": "nonnegative", "y": "nonnegative"}
    )
    assert two.verdict is Verdict.UNDECIDED  # nothing at x = y = 0
