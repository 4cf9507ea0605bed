"""Adam and AdamW written out, equal to torch's, and what weight decay does inside each.

Part 1 trains a small regression with three hand-written optimizers (Adam, Adam with an L2 penalty,
AdamW) next to torch.optim and prints the largest difference between the two sets of weights.
Part 2 feeds pure noise to two groups of weights, one with large gradients and one with small, and
plots how fast decay pulls each group to zero: AdamW treats both alike, an L2 penalty does not.

References
  D. P. Kingma, J. Ba: Adam: A Method for Stochastic Optimization, 2014, arXiv:1412.6980 (Alg. 1).
  I. Loshchilov, F. Hutter: Decoupled Weight Decay Regularization, 2017, arXiv:1711.05101 (Alg. 2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor
from tqdm import tqdm

BETA1, BETA2, EPS = 0.9, 0.999, 1e-8


@dataclass
class HandAdam:
    """Adam's five equations. `decoupled` is the whole difference between L2 and AdamW."""

    lr: float
    weight_decay: float = 0.0
    decoupled: bool = False
    t: int = 0
    m: Tensor = field(default_factory=lambda: torch.zeros(()))
    v: Tensor = field(default_factory=lambda: torch.zeros(()))

    def step(self, w: Tensor, g: Tensor) -> Tensor:
        """Return the weights after one step; `w` and `g` have the same shape."""
        self.t += 1
        # exercise: write the step; self.decoupled says which of the two decays is meant
        # There are self.lr, self.weight_decay, and self.m and self.v, which begin at zero.
        # Let decay act first; then equations (1) to (5) in their order.
        # solution
        if self.decoupled:
            w = w * (1 - self.lr * self.weight_decay)  # AdamW: m and v never hear of the decay
        else:
            g = g + self.weight_decay * w  # L2: the penalty's gradient goes through m and v
        self.m = BETA1 * self.m + (1 - BETA1) * g  # (1)
        self.v = BETA2 * self.v + (1 - BETA2) * g * g  # (2)
        m_hat = self.m / (1 - BETA1**self.t)  # (3)
        v_hat = self.v / (1 - BETA2**self.t)  # (4)
        return w - self.lr * m_hat / (v_hat.sqrt() + EPS)  # (5)
        # end


def check() -> None:
    """Three steps with known gradients: first without decay, then with either kind of it."""
    expected = {  # weights after gradients 4, -2, 1 from 1.0, at learning rate 0.1
        "without decay": (HandAdam(0.1), 0.839323),
        "L2": (HandAdam(0.1, weight_decay=0.5), 0.813546),
        "AdamW": (HandAdam(0.1, weight_decay=0.5, decoupled=True), 0.707780),
    }
    for name, (hand, after) in expected.items():
        w = torch.ones((), dtype=torch.float64)
        for g in (4.0, -2.0, 1.0):
            w = hand.step(w, torch.tensor(g, dtype=torch.float64))
        assert abs(w.item() - after) < 1e-5, f"{name}: 1.0 should become {after}, not {w:.6f}"


def compare_with_torch(lr: float, weight_decay: float, steps: int, seed: int) -> None:
    """Train one regression by hand and by torch.optim; fail if the weights ever differ by 1e-6."""
    generator = torch.Generator().manual_seed(seed)
    # Columns of very different size, so that coordinates see gradients of very different size.
    inputs = torch.randn(64, 8, generator=generator, dtype=torch.float64)
    inputs *= torch.logspace(-2, 2, 8, dtype=torch.float64)
    targets = torch.randn(64, generator=generator, dtype=torch.float64)
    start = torch.randn(8, generator=generator, dtype=torch.float64)

    options = {"lr": lr, "betas": (BETA1, BETA2), "eps": EPS}
    theirs = {
        "Adam": lambda w: torch.optim.Adam([w], **options),
        "Adam + L2": lambda w: torch.optim.Adam([w], weight_decay=weight_decay, **options),
        "AdamW": lambda w: torch.optim.AdamW([w], weight_decay=weight_decay, **options),
    }
    ours = {
        "Adam": HandAdam(lr),
        "Adam + L2": HandAdam(lr, weight_decay),
        "AdamW": HandAdam(lr, weight_decay, decoupled=True),
    }
    print(f"{'optimizer':<10} {'largest difference from torch over ' + str(steps) + ' steps'}")
    for name, hand in ours.items():
        mine = start.clone()
        weights = start.clone().requires_grad_()
        optimizer = theirs[name](weights)
        worst = 0.0
        for step in range(steps):
            rows = slice(16 * (step % 4), 16 * (step % 4) + 16)  # minibatches: noisy gradients
            optimizer.zero_grad()
            loss = (inputs[rows] @ weights - targets[rows]).square().mean()
            loss.backward()
            optimizer.step()
            residual = inputs[rows] @ mine - targets[rows]
            mine = hand.step(mine, 2 * inputs[rows].T @ residual / 16)
            worst = max(worst, (mine - weights.detach()).abs().max().item())
        print(f"{name:<10} {worst:.1e}")
        assert worst < 1e-6, f"{name} differs from torch.optim by {worst}"


def first_step(lr: float) -> None:
    """Show that the first step has size lr whatever the gradient's size."""
    gradients = torch.tensor([1000.0, 1.0, -0.001], dtype=torch.float64)
    moved = HandAdam(lr).step(torch.zeros_like(gradients), gradients)
    print("\nthe first step, whatever the size of the gradient")
    for gradient, by in zip(gradients.tolist(), moved.tolist(), strict=True):
        print(f"  gradient {gradient:>8g}: step {by:+.6f}")
    assert torch.allclose(moved, -lr * gradients.sign(), rtol=1e-4)


def predicted_norms(scale: float, lr: float, wd: float, steps: int, decoupled: bool) -> list[float]:
    """Root-mean-square weight after each step, when gradients are noise of size `scale`.

    Noise is a random walk that adds variance lr^2 a step; decay multiplies the weight by `keep`.
    AdamW keeps 1 - lr wd. Under L2 the pull wd*w is divided by sqrt(v), and v is a running mean
    of scale^2 + (wd w)^2: it remembers how large the weight used to be.
    """
    signal, noise, v = 1.0, 0.0, 0.0  # mean of the weights, their variance, second moment
    norms = []
    for t in range(1, steps + 1):
        v = BETA2 * v + (1 - BETA2) * (scale**2 + wd**2 * (signal**2 + noise))
        size = (v / (1 - BETA2**t)) ** 0.5
        keep = 1 - lr * wd if decoupled else max(0.0, 1 - lr * wd / size)
        walk = lr if decoupled else lr * scale / size
        signal, noise = keep * signal, keep**2 * noise + walk**2
        norms.append((signal**2 + noise) ** 0.5)
    return norms


def decay_under_noise(
    scales: dict[str, float], lr: float, wd: float, steps: int, seed: int
) -> dict[tuple[str, str], list[float]]:
    """Root-mean-square of each group's weights over steps; they start at 1, gradients are noise."""
    generator = torch.Generator().manual_seed(seed)
    count = 500  # weights in a group
    sizes = torch.tensor([[s] for s in scales.values()], dtype=torch.float64)
    hands = {"L2": HandAdam(lr, wd), "AdamW": HandAdam(lr, wd, decoupled=True)}
    weights = {name: torch.ones(len(scales), count, dtype=torch.float64) for name in hands}
    norms: dict[tuple[str, str], list[float]] = {(n, s): [] for n in hands for s in scales}
    for _ in tqdm(range(steps), desc="pure noise", leave=False):
        noise = torch.randn(len(scales), count, generator=generator, dtype=torch.float64) * sizes
        for name, hand in hands.items():
            weights[name] = hand.step(weights[name], noise)
            for row, group in enumerate(scales):
                norms[name, group].append(weights[name][row].square().mean().sqrt().item())
    return norms


def main(
    lr: Annotated[float, typer.Option(help="Learning rate.", min=1e-5, max=1e-2)] = 1e-3,
    weight_decay: Annotated[float, typer.Option(help="Decay, part 2.", min=0, max=10)] = 1.0,
    large: Annotated[float, typer.Option(help="Large gradient size.", min=1, max=100)] = 10.0,
    small: Annotated[float, typer.Option(help="Small gradient size.", min=0.01, max=1)] = 0.1,
    steps: Annotated[int, typer.Option(help="Steps of part 2.", min=10, max=20_000)] = 2_000,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Check hand-written Adam and AdamW against torch, then compare their weight decay."""
    compare_with_torch(lr=0.01, weight_decay=0.1, steps=200, seed=seed)
    first_step(lr)

    scales = {"large": large, "small": small}
    norms = decay_under_noise(scales, lr, weight_decay, steps, seed)
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True)
    print(f"\nweights of size 1 after {steps} steps of pure noise, lr {lr:g}, wd {weight_decay:g}")
    print(f"{'decay by':<9} {'gradients':<12} {'measured':>8} {'predicted':>9}")
    for (name, group), measured in norms.items():
        predicted = predicted_norms(scales[group], lr, weight_decay, steps, name == "AdamW")
        label = f"{group} ({scales[group]:g})"
        print(f"{name:<9} {label:<12} {measured[-1]:8.4f} {predicted[-1]:9.4f}")
        axis = axes[0 if name == "L2" else 1]
        # Wide and narrow, for in AdamW the two lie on each other.
        axis.plot(measured, label=f"{label} gradients", linewidth=6 if group == "large" else 2)
        axis.plot(predicted, ":", color="black")
    for axis, title in zip(axes, ("L2 penalty inside Adam", "decoupled: AdamW"), strict=True):
        axis.set(title=title, xlabel="step")
        axis.legend()
    axes[0].set_ylabel("root-mean-square weight")
    figure.suptitle("Weights that see nothing but noise (dotted: predicted)")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
