import random

import pytest

from tests.snippets.scripts import SNIPPETS, load, run, without_solution

NAME = "engineering/autograd_engine"


@pytest.mark.parametrize("seed", range(20))
def test_random_graphs_agree_with_torch(seed: int) -> None:
    ours, theirs = load(NAME).random_graph(random.Random(seed), leaves=4, nodes=30)
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9)


def test_a_long_chain_does_not_overflow_the_stack() -> None:
    snippet = load(NAME)
    x = snippet.Value(1.0, requires_grad=True)
    y = x
    for _ in range(5000):
        y = y + x
    y.backward()
    assert x.grad == 5001.0


def test_no_grad_ends_with_its_block_even_after_an_error() -> None:
    snippet = load(NAME)
    x = snippet.Value(2.0, requires_grad=True)
    with pytest.raises(ZeroDivisionError), snippet.no_grad():
        1 / 0  # noqa: B018
    assert (x * x).requires_grad


def test_the_engine_fits_in_sixty_lines() -> None:
    source = (SNIPPETS / f"{NAME}.py").read_text(encoding="utf-8")
    engine = source.partition("# The engine")[2].partition("# Forward mode")[0]
    code = [line for line in engine.splitlines()[1:] if line.strip()]
    code = [line for line in code if not line.strip().startswith(("#", '"""'))]
    assert len(code) <= 60


@pytest.mark.parametrize("hidden", [1, 2, 7])
def test_both_modes_find_one_gradient_at_the_price_that_the_page_tells(hidden: int) -> None:
    cost = load(NAME).cost_of_gradient(hidden, random.Random(0))
    assert cost.difference < 1e-12
    assert (cost.operations, cost.reverse) == (5 * hidden + 3, 8 * hidden + 3)


def test_wide_networks_learn_too() -> None:
    losses, _ = load(NAME).train(64, 10, random.Random(0))
    assert losses[-1] < losses[0]


def test_a_constant_has_nothing_to_differentiate() -> None:
    with pytest.raises(ValueError, match="no leaf"):
        load(NAME).Value(1.0).backward()


def test_the_exercise_without_its_solution_fails_and_with_it_passes() -> None:
    with pytest.raises(NotImplementedError):
        without_solution(NAME)["check"]()
    load(NAME).check()


def test_it_runs_alone() -> None:
    done = run(NAME, "--graphs", "20", "--steps", "20")
    assert done.returncode == 0, done.stderr
    assert "[4.5, 4.5, 4.5, 4.5]" in done.stdout
