import math

import numpy as np
import pytest

from tests.snippets.scripts import load, run

NAME = "optimisation/robbins_monro"


def test_without_noise_the_iteration_is_that_of_the_formula() -> None:
    snippet = load(NAME)
    line = snippet.Line(slope=0.5, root=0.5, start=2.0, noise=0.0)
    found = snippet.race(line, lambda k: 1 / k, 3, 2, np.random.default_rng(0))
    w, path = 2.0, [2.0]
    for k in (1, 2, 3):
        w -= 0.5 * (w - 0.5) / k
        path.append(w)
    assert found.path == pytest.approx(path)
    assert found.errors == pytest.approx([each - 0.5 for each in path[1:]])


def test_predictions_are_those_of_closed_forms() -> None:
    snippet = load(NAME)
    line = snippet.Line(slope=1.0, root=5.0, start=10.0, noise=2.0)
    assert snippet.predict(line, lambda k: 1 / k, 100)[-1] == pytest.approx(0.2)
    stalled = snippet.predict(snippet.Line(1.0, 0.0, 1.0, 0.0), lambda k: 1 / (k + 1) ** 2, 9)
    assert stalled[-1] == pytest.approx(11 / 20)
    shaking = snippet.predict(line, lambda k: 0.2, 500)[-1]
    assert shaking == pytest.approx(2 * math.sqrt(0.2 / 1.8))


def test_the_mean_of_iterates_is_predicted_too() -> None:
    snippet = load(NAME)
    line = snippet.Line(slope=1.0, root=0.0, start=0.0, noise=1.0)
    # The iterates are running means, whose covariance is 1/max(i, j).
    steps = 50
    square = sum(1 / max(i, j) for i in range(1, steps + 1) for j in range(1, steps + 1))
    found = snippet.predict(line, lambda k: 1 / k, steps, average=True)[-1]
    assert found == pytest.approx(math.sqrt(square) / steps)


@pytest.mark.parametrize("seed", range(4))
def test_measurements_lie_within_their_errors(seed: int) -> None:
    snippet = load(NAME)
    line = snippet.Line(slope=0.5, root=5.0, start=10.0, noise=2.0)
    for average in (False, True):
        generator = np.random.default_rng(seed)
        found = snippet.race(line, lambda k: k**-0.75, 300, 500, generator, average)
        theory = snippet.predict(line, lambda k: k**-0.75, 300, average)
        assert abs(found.errors[-1] - theory[-1]) < found.bar


def test_it_runs_alone() -> None:
    done = run(NAME, "--steps", "500", "--paths", "50")
    assert done.returncode == 0, done.stderr
    assert "variance" in done.stdout and "1/(k+1)^2" in done.stdout


@pytest.mark.parametrize(
    "options",
    [
        ("--noise", "0"),
        ("--noise", "0", "--start", "5"),
        ("--slope", "2", "--constant", "0.9"),
    ],
)
def test_odd_parameters_give_sense(options: tuple[str, ...]) -> None:
    done = run(NAME, "--steps", "10", "--paths", "50", *options)
    assert done.returncode == 0, done.stderr
    assert "nan" not in done.stdout and "inf" not in done.stdout
