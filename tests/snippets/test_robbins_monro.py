import math

import numpy as np
import pytest

from tests.snippets.scripts import load, run

NAME = "optimisation/robbins_monro"


def test_without_noise_the_iteration_is_that_of_the_formula() -> None:
    snippet = load(NAME)
    track = snippet.find_root(
        lambda k: 1 / k, 2.0, 0.5, 0.0, 3, 2, np.random.default_rng(0), "test"
    )
    w = 2.0
    for k in (1, 2, 3):
        w -= math.tanh(w - 0.5) / k
    assert track.shape == (4, 2)
    assert track[-1] == pytest.approx(w)


@pytest.mark.parametrize("seed", range(3))
def test_only_one_over_k_arrives_and_settles(seed: int) -> None:
    snippet = load(NAME)
    errors = {}
    for name, schedule in {
        "1/k": lambda k: 1 / k,
        "constant": lambda k: 0.2,
        "1/k^2": lambda k: 1 / k**2,
    }.items():
        generator = np.random.default_rng(seed)
        track = snippet.find_root(schedule, 5.0, 1.0, 1.0, 3000, 100, generator, name)
        errors[name] = math.sqrt(((track[-1] - 1.0) ** 2).mean())
    assert errors["1/k"] < 0.1
    assert errors["constant"] == pytest.approx(math.sqrt(0.2 / 1.8), rel=0.25)
    assert errors["1/k^2"] > 2


def test_it_runs_alone() -> None:
    done = run(NAME, "--steps", "500", "--paths", "50")
    assert done.returncode == 0, done.stderr
    assert "one-pass mean" in done.stdout and "1/k^2" in done.stdout
