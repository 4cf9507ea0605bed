"""A frozen network with a control branch between two zero convolutions, step by step.

The base maps noise to itself smoothed; the branch is a trainable copy of its encoder that also sees
a condition, a map to be added to the output. At step 0 the output is the base's to the last bit.
Then the parts wake one after another: the zero convolution at the end at the first step, the copy
and the zero convolution before it at the second, the condition's encoder at the third.

References
  L. Zhang, A. Rao, M. Agrawala: Adding Conditional Control to Text-to-Image Diffusion Models, 2023,
  arXiv:2302.05543.
"""

from __future__ import annotations

import copy
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from tqdm import tqdm

SIZE, WIDTH = 8, 8


class Controlled(nn.Module):
    """decoder(encoder(x) + zero convolution of (copy of the encoder)(x + hint)), the base frozen.

    encoder: (n, c, h, w) to (n, width, h, w); decoder: back; hint: (n, c, h, w), the encoded
    condition, added to the input of the copy.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module, width: int) -> None:
        super().__init__()
        # exercise: keep the base frozen, make self.branch a trainable copy, self.zero a zero conv
        # The copy must share nothing with the base. A 1x1 convolution has a weight and a bias.
        # solution
        self.encoder, self.decoder = encoder, decoder
        self.branch = copy.deepcopy(encoder)
        for part in (self.encoder, self.decoder):
            part.requires_grad_(False)
        self.branch.requires_grad_(True)
        self.zero = nn.Conv2d(width, width, 1)
        nn.init.zeros_(self.zero.weight)
        nn.init.zeros_(self.zero.bias)
        # end

    def forward(self, x: Tensor, hint: Tensor) -> Tensor:
        """x: (n, c, h, w). The controlled output, (n, c, h, w)."""
        return self.decoder(self.encoder(x) + self.zero(self.branch(x + hint)))


def check(seed: int = 0) -> None:
    """Judge Controlled: identity at step 0, what moves at which step, and a base that stays."""
    torch.manual_seed(seed)
    encoder = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.Tanh())
    decoder = nn.Conv2d(4, 1, 3, padding=1)
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    last = {name: value.clone() for name, value in decoder.state_dict().items()}
    model = Controlled(encoder, decoder, 4)
    x, hint = torch.randn(2, 1, 5, 5), torch.randn(2, 1, 5, 5)
    case = {"x": x[0, 0], "hint": hint[0, 0], "step": 0}
    came, should = model(x, hint), decoder(encoder(x))
    assert torch.equal(came, should), "at step 0 the output must be the base's, to the last bit"
    trained = {name for name, value in model.named_parameters() if value.requires_grad}
    case = {"trained": sorted(trained)}
    for part in ("branch", "zero"):
        assert any(name.startswith(part) for name in trained), f"self.{part} must be trainable"
    assert not any(name.startswith(("encoder", "decoder")) for name in trained), "freeze the base"
    came = sorted(tuple(value.shape) for value in model.zero.parameters() if value.requires_grad)
    should = [(4,), (4, 4, 1, 1)]
    assert came == should, "self.zero needs a 1x1 weight and a bias, both trainable"
    copied = [value.clone() for value in model.branch.parameters()]
    came, should = len(copied), len(before)
    assert came == should, "the branch must have the encoder's parameters"
    assert all(torch.equal(a, b) for a, b in zip(copied, before.values(), strict=True)), (
        "the branch must start as a copy of the encoder"
    )
    optimiser = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
    moved = []
    for _ in range(3):
        optimiser.zero_grad()
        (model(x, hint) - 1).square().mean().backward()
        zero = float(model.zero.weight.grad.norm()) if model.zero.weight.grad is not None else 0.0
        grads = [p.grad for p in model.branch.parameters() if p.grad is not None]
        moved.append((zero > 0, sum(float(g.norm()) for g in grads) > 0))
        optimiser.step()
    case = {"step": 1}
    came, should = moved[0], (True, False)
    assert came == should, "at step 1 the zero convolution learns and the copy does not"
    case = {"step": 2}
    came, should = moved[1], (True, True)
    assert came == should, "from step 2 on the copy must learn too"
    case = {"steps": 3}
    for name, value in encoder.state_dict().items():
        assert torch.equal(value, before[name]), "the base's encoder has changed"
    for name, value in decoder.state_dict().items():
        assert torch.equal(value, last[name]), "the base's decoder has changed"


class Control(nn.Module):
    """Condition's encoder, zero convolution into the copy, copy, and zero convolution out."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module, zeros: bool) -> None:
        super().__init__()
        self.core = Controlled(encoder, decoder, WIDTH)
        self.hint = nn.Sequential(nn.Conv2d(1, WIDTH, 3, padding=1), nn.SiLU())
        self.into = nn.Conv2d(WIDTH, 1, 1)
        if zeros:
            nn.init.zeros_(self.into.weight)
            nn.init.zeros_(self.into.bias)
        else:
            self.core.zero.reset_parameters()

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """x, condition: (n, 1, h, w). Output (n, 1, h, w)."""
        return self.core(x, self.into(self.hint(condition)))

    def gradients(self) -> dict[str, float]:
        """Norm of the gradient of each part."""
        parts = {"zero out": self.core.zero, "copy": self.core.branch,
                 "zero in": self.into, "hint": self.hint}  # fmt: skip
        return {
            name: float(torch.stack([p.grad.norm() for p in part.parameters()]).norm())
            for name, part in parts.items()
        }


def batch(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Inputs, and conditions: blocks of ones at random places, (count, 1, 8, 8) each."""
    x = torch.randn(count, 1, SIZE, SIZE, generator=generator)
    corner = torch.randint(0, SIZE - 2, (count, 2), generator=generator)
    axis = torch.arange(SIZE)
    inside = (axis >= corner[..., None]) & (axis < corner[..., None] + 3)
    return x, (inside[:, 0, :, None] & inside[:, 1, None, :]).float()[:, None]


def smooth(x: Tensor) -> Tensor:
    """What the base is to do: the mean over 3 x 3 neighbours."""
    return F.avg_pool2d(x, 3, 1, 1)


def base(generator: torch.Generator) -> tuple[nn.Module, nn.Module]:
    """A network trained to smooth, as encoder and decoder."""
    encoder = nn.Sequential(nn.Conv2d(1, WIDTH, 3, padding=1), nn.SiLU())
    decoder = nn.Conv2d(WIDTH, 1, 3, padding=1)
    optimiser = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-2)
    for _ in range(200):
        x, _ = batch(64, generator)
        loss = (decoder(encoder(x)) - smooth(x)).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return encoder, decoder


def train(model: Control, steps: int, seed: int) -> tuple[list[dict[str, float]], list[float]]:
    """Gradient norms and losses over the steps."""
    generator = torch.Generator().manual_seed(seed)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.Adam(trained, lr=3e-3)
    norms, losses = [], []
    for _ in tqdm(range(steps), leave=False):
        x, condition = batch(32, generator)
        loss = (model(x, condition) - smooth(x) - condition).square().mean()
        optimiser.zero_grad()
        loss.backward()
        norms.append(model.gradients())
        losses.append(float(loss.detach()))
        optimiser.step()
    return norms, losses


def main(
    steps: Annotated[int, typer.Option(min=10, max=10_000, help="Steps of training")] = 600,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Attach a branch to a frozen base and watch who learns when."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    encoder, decoder = base(generator)
    x, condition = batch(256, generator)
    with torch.no_grad():
        plain = decoder(encoder(x))
    runs = {}
    for name, zeros in (("zero", True), ("default", False)):
        torch.manual_seed(seed)
        model = Control(copy.deepcopy(encoder), copy.deepcopy(decoder), zeros)
        with torch.no_grad():
            change = float((model(x, condition) - plain).abs().max())
        print(f"{name} start: largest change of the base's output at step 0: {change:.4f}")
        if zeros:
            with torch.no_grad():
                feature = model.core.branch(x + model.into(model.hint(condition)))
            output = model(x, condition)
            loss = (output - smooth(x) - condition).square().mean()
            loss.backward()
            error = 2 * (output.detach() - smooth(x) - condition) / output.numel()
            at_zero = torch.nn.grad.conv2d_input(
                feature.shape, model.core.decoder.weight, error, padding=1
            )
            theory = torch.einsum("nohw,nihw->oi", at_zero, feature)
            gap = float((model.core.zero.weight.grad[:, :, 0, 0] - theory).abs().max())
            print(f"  gradient of the zero weight against error times input: {gap:.1e} apart")
            model.zero_grad()
        norms, losses = train(model, steps, seed)
        runs[name] = (norms, losses)
        if zeros:
            print("  gradient norms   " + "  ".join(f"{part:>9s}" for part in norms[0]))
            for step in range(4):
                row = "  ".join(f"{value:9.1e}" for value in norms[step].values())
                print(f"    step {step + 1}         {row}")
        tail = sum(losses[-20:]) / 20 if steps >= 20 else losses[-1]
        print(f"  loss: first {losses[0]:.4f}, last {tail:.4f}"
              f" (no control: {float(condition.square().mean()):.4f})")  # fmt: skip
    figure, (gradients, curves) = plt.subplots(1, 2, figsize=(11, 4))
    norms = runs["zero"][0][:30]
    for part in norms[0]:
        gradients.semilogy(range(1, len(norms) + 1), [row[part] or float("nan") for row in norms],
                           marker=".", label=part)  # fmt: skip
    gradients.set_xlabel("step")
    gradients.set_title("gradient norms; a missing point is exactly zero")
    gradients.legend()
    for name, (_, losses) in runs.items():
        curves.semilogy(losses, lw=0.8, label=f"{name} start")
    curves.set_xlabel("step")
    curves.set_title("loss")
    curves.legend()
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
