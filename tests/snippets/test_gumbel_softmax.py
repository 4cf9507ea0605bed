import re

import pytest
import torch
import typer

from tests.snippets.scripts import load, run

NAME = "generative/gumbel_softmax"


def uniform(*shape: int) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_noise_has_the_mean_and_variance_of_a_gumbel() -> None:
    noise = load(NAME).gumbel(uniform(200_000))
    assert noise.mean().item() == pytest.approx(0.5772, abs=0.02)
    assert noise.var().item() == pytest.approx(torch.pi**2 / 6, abs=0.04)


def test_a_draw_of_zero_is_finite() -> None:
    assert load(NAME).gumbel(torch.zeros(2, dtype=torch.float64)).isfinite().all()


def test_wrong_noise_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    snippet = load(NAME)
    monkeypatch.setattr(snippet, "gumbel", lambda u: -torch.log(u))
    _, axis = snippet.plt.subplots()
    weights = torch.tensor([7.0, 1.0, 0.4], dtype=torch.float64)
    with pytest.raises(AssertionError, match="do not follow"):
        snippet.draw_classes(weights, 50_000, torch.Generator().manual_seed(1), axis)
    snippet.plt.close("all")


def test_estimators_without_bias_have_none_and_the_relaxation_has() -> None:
    weights = torch.tensor([1.0, 2.0, 5.0], dtype=torch.float64)
    found = load(NAME).gradients(weights, 100_000, torch.Generator().manual_seed(0))
    exact = found["sum"][0]
    for name in ("score", "score, baseline", "tau 1"):
        error = found[name].std(0) / 100_000**0.5
        within = bool(((found[name].mean(0) - exact).abs() < 5 * error).all())
        assert within == (name != "tau 1")


def test_it_runs_alone() -> None:
    done = run(NAME, "--samples", "10000", "--seed", "2", "--weights", "3,1,0.5")
    assert done.returncode == 0, done.stderr
    assert "Gumbel-max, 10000 draws" in done.stdout and "score, baseline" in done.stdout
    # Variances fall to 1e-5 at a high temperature: none is rounded away.
    variances = re.findall(r"tau [0-9.]+ .* (\S+)$", done.stdout, re.MULTILINE)
    assert len(variances) == 8
    assert all(float(each) > 0 for each in variances)


def test_a_weight_that_never_wins_does_no_harm() -> None:
    done = run(NAME, "--samples", "10000", "--weights", "1e17,1")
    assert done.returncode == 0, done.stderr
    assert "nan" not in done.stdout


@pytest.mark.parametrize("weights", ["1", "1,x", "1,0", "1,-2", "1,inf", "1,2,3,4,5,6,7,8,9"])
def test_bad_weights_are_refused(weights: str) -> None:
    with pytest.raises(typer.BadParameter, match="weights"):
        load(NAME).main(weights=weights, mu=3.0, samples=10_000, seed=0)
