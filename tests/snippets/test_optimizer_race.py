from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import torch

from tests.snippets.scripts import call_main, load, run

NAME = "optimisation/optimizer_race"


@pytest.mark.parametrize("name", ["sgd", "adam", "adamw"])
def test_each_step_is_that_of_torch(name: str) -> None:
    snippet = load(NAME)
    theirs = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
    mine = theirs.detach().clone()
    moments = (torch.zeros_like(mine), torch.zeros_like(mine))
    kinds = {
        "sgd": lambda: torch.optim.SGD([theirs], lr=0.01, momentum=0.9, weight_decay=0.3),
        "adam": lambda: torch.optim.Adam([theirs], lr=0.01, weight_decay=0.3),
        "adamw": lambda: torch.optim.AdamW([theirs], lr=0.01, weight_decay=0.3),
    }
    optimizer = kinds[name]()
    lr, wd = (torch.tensor(value, dtype=torch.float64) for value in (0.01, 0.3))
    for t in range(1, 30):
        gradient = torch.tensor([10.0, 0.01, -1.0], dtype=torch.float64) * (1 + t % 3)
        theirs.grad = gradient.clone()
        optimizer.step()
        getattr(snippet, name)(mine, gradient, moments, t, lr, wd)
        assert torch.allclose(mine, theirs.detach(), atol=1e-12)


STEPS = 250
"""Half of what a reader sees: the order is the same, and the grids take half the time."""
ALL_STEPS = 500


@cache
def race(name: str, spread: float, seed: int, steps: int = STEPS) -> Any:
    """One contestant on its whole grid; several tests look at the same races."""
    snippet = load(NAME)
    step, decays = {
        "sgd": (snippet.sgd, snippet.PENALTIES),
        "l2": (snippet.adam, snippet.PENALTIES),
        "adamw": (snippet.adamw, snippet.DECAYS),
    }[name]
    return snippet.run_grid(step, decays, snippet.draw_task(200, spread, seed), steps, seed)


@pytest.mark.parametrize("seed", range(3))
def test_adamw_wins_where_units_differ(seed: int) -> None:
    loss, error = {}, {}
    for name in ("sgd", "l2", "adamw"):
        grid = race(name, 2.0, seed)
        best = grid.best()
        loss[name], error[name] = grid.test[best].item(), grid.error[best].item()
    assert load(NAME).draw_task(200, 2.0, seed).floor < loss["adamw"]
    assert loss["adamw"] < loss["l2"] - 3 * error["l2"]
    assert loss["l2"] < loss["sgd"] - 3 * error["sgd"]


def test_the_penalty_does_as_well_where_all_units_are_one() -> None:
    l2, adamw = race("l2", 0.0, 0, ALL_STEPS), race("adamw", 0.0, 0, ALL_STEPS)
    gap = l2.test[l2.best()] - adamw.test[adamw.best()]
    assert abs(gap.item()) < l2.error[l2.best()].item()


def test_sgd_at_its_best_has_the_penalty_that_the_article_takes() -> None:
    assert load(NAME).PENALTIES[race("sgd", 2.0, 0).best()[1]] == 0.1


def test_it_runs_alone() -> None:
    done = run(NAME, "--steps", "25", "--spread", "0")
    assert done.returncode == 0, done.stderr
    assert "AdamW" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 76


def test_few_examples_in_very_different_units_give_a_table_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_main(NAME, steps=25, spread=3.0, examples=50)
    told = capsys.readouterr().out
    assert "AdamW" in told
    assert max(map(len, told.splitlines())) <= 76
