import sys
from types import ModuleType

import pytest
import torch

from tests.snippets.scripts import SNIPPETS, call_main, load, run, without_solution

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
    for seed in range(4):
        load(NAME).check(seed)


# What a learner may write in place of the solution, and what the check says of it.
WRONG = {
    "no decay": ("adam + weight_decay * w", "adam", "the weights differ"),
    "decay inside": ("m = BETA1", "g = g + weight_decay * w; m = BETA1", "the first moment"),
    "decay after the step": (
        "w - lr * (adam + weight_decay * w)",
        "(w - lr * adam) * (1 - lr * weight_decay)",
        "the weights differ",
    ),
    "decay without the rate": (
        "w - lr * (adam + weight_decay * w)",
        "w * (1 - weight_decay) - lr * adam",
        "the weights differ",
    ),
    "epsilon under the root": (
        "(v_hat.sqrt() + EPS)",
        "(v_hat + EPS).sqrt()",
        "the weights differ",
    ),
    "no correction of m": ("m / (1 - BETA1**t)", "m", "the weights differ"),
    "no correction of v": ("v / (1 - BETA2**t)", "v", "the weights differ"),
    "one step too late": ("BETA1**t", "BETA1 ** (t + 1)", "the weights differ"),
    "uphill": ("w - lr", "w + lr", "the weights differ"),
    "not squared": ("* g * g", "* g.abs()", "the second moment"),
    "betas swapped": ("BETA1 * m + (1 - BETA1)", "BETA2 * m + (1 - BETA2)", "the first moment"),
    "corrected moment handed on": (
        "return w - lr * (adam + weight_decay * w), m, v",
        "return w - lr * (adam + weight_decay * w), m_hat, v",
        "the first moment",
    ),
    "in place": ("m = BETA1 * m +", "m *= BETA1; m +=", "m was changed"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_the_exercise_tells_a_mistake(mistake: str) -> None:
    right, wrong, said = WRONG[mistake]
    source = (SNIPPETS / f"{NAME}.py").read_text(encoding="utf-8")
    assert right in source
    module = ModuleType("mistaken")
    sys.modules["mistaken"] = module
    exec(compile(source.replace(right, wrong, 1), NAME, "exec"), module.__dict__)  # noqa: S102
    with pytest.raises(AssertionError, match=said):
        module.__dict__["check"]()


def test_a_wrong_optimizer_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    snippet = load(NAME)
    monkeypatch.setattr(snippet, "BETA1", 0.9)
    monkeypatch.setattr(snippet.HandAdam, "step", lambda self, w, g: w - self.lr * g.sign())
    with pytest.raises(AssertionError, match=r"differs from torch\.optim"):
        snippet.compare_with_torch(lr=0.01, weight_decay=0.1, steps=20, seed=0)


@pytest.mark.parametrize(("lr", "decay", "steps"), [(0.01, 10.0, 300), (0.1, 0.1, 100)])
def test_means_are_predicted_where_decay_is_as_quick_as_the_moments(
    lr: float, decay: float, steps: int
) -> None:
    """Under L2 the pull runs through m: where lr wd is about 1 - beta1, its memory is seen."""
    snippet = load(NAME)
    scales = {"large": 10.0, "small": 0.1}
    for (name, group), (mean, error) in snippet.decay_under_noise(
        scales, lr, decay, steps, 0
    ).items():
        expected = snippet.predicted_means(scales[group], lr, decay, steps, name == "AdamW")
        for step in range(steps // 5, steps, steps // 5):
            slack = 4 * error[step] + 0.01 * abs(expected[step]) + 1e-3
            assert abs(mean[step] - expected[step]) < slack, (name, group, step)


@pytest.mark.parametrize("seed", range(4))
def test_l2_decays_by_gradient_size_and_adamw_does_not(seed: int) -> None:
    snippet = load(NAME)
    scales = {"large": 10.0, "small": 0.1}
    means = snippet.decay_under_noise(scales, 0.01, 0.1, 200, seed)
    last = {key: (mean[-1], error[-1]) for key, (mean, error) in means.items()}
    assert last["L2", "large"][0] > 0.95 and last["L2", "small"][0] < 0.2
    for (name, group), (mean, error) in last.items():
        expected = snippet.predicted_means(scales[group], 0.01, 0.1, 200, name == "AdamW")[-1]
        assert abs(mean - expected) < 3 * error


@pytest.mark.parametrize("decay", [0.0, 10.0])
def test_odd_settings_give_numbers(decay: float, capsys: pytest.CaptureFixture[str]) -> None:
    call_main(NAME, lr=0.1, weight_decay=decay, small=0.01, steps=30)
    told = capsys.readouterr().out
    assert "AdamW" in told
    assert "nan" not in told and "inf" not in told


def test_it_runs_alone() -> None:
    done = run(NAME, "--steps", "100", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert "AdamW" in done.stdout and "largest difference from torch" in done.stdout
