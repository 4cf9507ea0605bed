from typing import Any

import pytest
import torch

from tests.snippets.scripts import load, run, without_solution

NAME = "optimisation/adam_adamw"


@pytest.mark.parametrize("decoupled", [False, True])
def test_each_step_is_that_of_torch(decoupled: bool) -> None:
    snippet = load(NAME)
    hand = snippet.HandAdam(lr=0.05, weight_decay=0.3, decoupled=decoupled)
    mine = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    theirs = mine.clone().requires_grad_()
    kind = torch.optim.AdamW if decoupled else torch.optim.Adam
    optimizer = kind([theirs], lr=0.05, weight_decay=0.3)
    for step in range(50):
        gradient = torch.tensor([10.0, 0.01, -1.0], dtype=torch.float64) * (1 + step % 3)
        theirs.grad = gradient
        optimizer.step()
        mine = hand.step(mine, gradient)
        assert torch.allclose(mine, theirs.detach(), atol=1e-12)


def test_the_exercise_without_its_solution_fails_and_with_it_passes() -> None:
    with pytest.raises(NotImplementedError):
        without_solution(NAME)["check"]()
    load(NAME).check()


def test_the_exercise_tells_a_decay_that_is_swapped(monkeypatch: pytest.MonkeyPatch) -> None:
    snippet = load(NAME)
    right = snippet.HandAdam.step

    def swapped(self: Any, w: torch.Tensor, g: torch.Tensor) -> torch.Tensor:
        self.decoupled = not self.decoupled
        after: torch.Tensor = right(self, w, g)
        self.decoupled = not self.decoupled
        return after

    monkeypatch.setattr(snippet.HandAdam, "step", swapped)
    with pytest.raises(AssertionError, match="L2"):
        snippet.check()


def test_a_wrong_optimizer_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    snippet = load(NAME)
    monkeypatch.setattr(snippet, "BETA1", 0.9)
    monkeypatch.setattr(snippet.HandAdam, "step", lambda self, w, g: w - self.lr * g.sign())
    with pytest.raises(AssertionError, match=r"differs from torch\.optim"):
        snippet.compare_with_torch(lr=0.01, weight_decay=0.1, steps=20, seed=0)


def test_l2_decays_by_gradient_size_and_adamw_does_not() -> None:
    snippet = load(NAME)
    norms = snippet.decay_under_noise({"large": 10.0, "small": 0.1}, 1e-3, 1.0, 1000, seed=1)
    last = {key: values[-1] for key, values in norms.items()}
    assert last["L2", "large"] > 0.85 and last["L2", "small"] < 0.35
    assert last["AdamW", "large"] == pytest.approx(last["AdamW", "small"], rel=0.02)
    for (name, group), size in ((key, {"large": 10.0, "small": 0.1}[key[1]]) for key in last):
        expected = snippet.predicted_norms(size, 1e-3, 1.0, 1000, name == "AdamW")[-1]
        assert last[name, group] == pytest.approx(expected, rel=0.1)


def test_it_runs_alone() -> None:
    done = run(NAME, "--steps", "100", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert "AdamW" in done.stdout and "largest difference from torch" in done.stdout
