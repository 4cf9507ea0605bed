import pytest
import torch

from tests.snippets.scripts import load, run

NAME = "generative/categorical_vae"


def test_the_bound_is_the_evidence_for_the_exact_posterior(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    snippet = load(NAME)
    generator = torch.Generator().manual_seed(0)
    model = snippet.DiscreteVAE(generator)
    noise = 0.7
    x = snippet.draw_data(50, noise, generator)
    with torch.no_grad():
        model.centres.copy_(snippet.CENTRES)
        model.prior.copy_(snippet.SHARES.log())
        model.log_variance.fill_(2 * torch.tensor(noise).log())
        truth = snippet.true_density(x, noise)
        assert (snippet.summed(model, x, generator) < truth).all()
        joint = model.likelihood(x[:, None], torch.eye(4)) + snippet.SHARES.log()
        monkeypatch.setattr(model.encoder, "forward", lambda points: joint)  # softmax: posterior
        assert torch.allclose(snippet.summed(model, x, generator), truth, atol=1e-5)


def test_the_gradient_of_the_score_function_is_that_of_the_sum_on_average() -> None:
    snippet = load(NAME)
    generator = torch.Generator().manual_seed(0)
    model = snippet.DiscreteVAE(generator)
    x = snippet.draw_data(3, 0.7, generator)
    last = model.encoder[2].bias
    (exact,) = torch.autograd.grad(snippet.summed(model, x, generator).mean(), last)
    many = x.repeat(20_000, 1)
    (estimate,) = torch.autograd.grad(snippet.by_score(model, many, generator).mean(), last)
    assert torch.allclose(estimate, exact, atol=0.03)


def test_it_runs_alone() -> None:
    done = run(NAME, "--steps", "20", "--seed", "1")
    assert done.returncode == 0, done.stderr
    assert "sum over classes" in done.stdout and "straight, tau 1" in done.stdout
