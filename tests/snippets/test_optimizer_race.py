from __future__ import annotations

import pytest
import torch

from tests.snippets.scripts import load, run

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


@pytest.mark.parametrize("seed", range(4))
def test_adamw_wins_where_units_differ(seed: int) -> None:
    snippet = load(NAME)
    task = snippet.draw_task(200, 2.0, seed)
    contestants = {
        "sgd": (snippet.sgd, snippet.PENALTIES),
        "l2": (snippet.adam, snippet.PENALTIES),
        "adamw": (snippet.adamw, snippet.DECAYS),
    }
    loss, error = {}, {}
    for name, (step, decays) in contestants.items():
        race = snippet.run_grid(step, decays, task, 500, seed)
        best = race.best()
        loss[name], error[name] = race.test[best].item(), race.error[best].item()
    assert task.floor < loss["adamw"] < loss["l2"] - 3 * error["l2"]
    assert loss["l2"] < loss["sgd"] - 3 * error["sgd"]


def test_the_penalty_does_as_well_where_all_units_are_one() -> None:
    snippet = load(NAME)
    task = snippet.draw_task(200, 0.0, 0)
    l2 = snippet.run_grid(snippet.adam, snippet.PENALTIES, task, 500, 0)
    adamw = snippet.run_grid(snippet.adamw, snippet.DECAYS, task, 500, 0)
    gap = l2.test[l2.best()] - adamw.test[adamw.best()]
    assert abs(gap.item()) < l2.error[l2.best()].item()


def test_sgd_at_its_best_has_the_penalty_that_the_article_takes() -> None:
    snippet = load(NAME)
    race = snippet.run_grid(snippet.sgd, snippet.PENALTIES, snippet.draw_task(200, 2.0, 0), 500, 0)
    assert snippet.PENALTIES[race.best()[1]] == 0.1


@pytest.mark.parametrize("options", [("--spread", "0"), ("--spread", "3", "--examples", "50")])
def test_it_runs_alone(options: tuple[str, ...]) -> None:
    done = run(NAME, "--steps", "25", *options)
    assert done.returncode == 0, done.stderr
    assert "AdamW" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 76
