import pytest
import torch
import typer

from tests.snippets.scripts import load, run

NAME = "generative/gumbel_softmax"


def test_noise_has_the_mean_and_variance_of_a_gumbel() -> None:
    generator = torch.Generator().manual_seed(0)
    noise = load(NAME).gumbel((200_000,), generator)
    assert noise.mean().item() == pytest.approx(0.5772, abs=0.02)
    assert noise.var().item() == pytest.approx(torch.pi**2 / 6, abs=0.04)
    assert noise.isfinite().all()


def test_wrong_noise_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    snippet = load(NAME)
    monkeypatch.setattr(
        snippet, "gumbel", lambda shape, generator: torch.randn(shape, generator=generator)
    )
    _, axis = snippet.plt.subplots()
    with pytest.raises(AssertionError, match="do not follow"):
        snippet.check_gumbel_max(
            torch.tensor([2.0, 0.0, -1.0]), 50_000, torch.Generator().manual_seed(1), axis
        )
    snippet.plt.close("all")


def test_it_runs_alone() -> None:
    done = run(NAME, "--samples", "5000", "--seed", "2", "--logits", "1,0,-1")
    assert done.returncode == 0, done.stderr
    assert "Gumbel-max, 5000 draws" in done.stdout and "pathwise" in done.stdout


@pytest.mark.parametrize("logits", ["1", "1,x", "1,2,3,4,5,6"])
def test_bad_logits_are_refused(logits: str) -> None:
    with pytest.raises(typer.BadParameter, match="logits"):
        load(NAME).main(logits=logits, samples=1000, seed=0)
