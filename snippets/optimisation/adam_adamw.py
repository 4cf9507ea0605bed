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
GROUP = 2_000  # weights in each group of part 2


def adamw_step(
    w: Tensor, g: Tensor, m: Tensor, v: Tensor, t: int, lr: float, weight_decay: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Weights, first and second moment after step `t`, which counts from 1; nothing in place."""
    # exercise: write one step of AdamW and return w, m, v as they are after it
    # BETA1, BETA2 and EPS are given. Decay acts on the weights as they were before the step.
    # solution
    m = BETA1 * m + (1 - BETA1) * g  # (1)
    v = BETA2 * v + (1 - BETA2) * g * g  # (2)
    m_hat = m / (1 - BETA1**t)  # (3)
    v_hat = v / (1 - BETA2**t)  # (4)
    adam = m_hat / (v_hat.sqrt() + EPS)
    return w - lr * (adam + weight_decay * w), m, v
    # end


def check(seed: int = 0) -> None:
    """Compare with torch.optim.AdamW, small cases first; then decay without gradients."""
    generator = torch.Generator().manual_seed(seed)
    for n in (1, 2, 3, 5, 8):
        sizes = 10.0 ** torch.randint(-3, 4, (n,), generator=generator)
        w = torch.randint(-3, 4, (n,), generator=generator).double()
        m = v = torch.zeros_like(w)
        theirs = w.clone().requires_grad_()
        optimizer = torch.optim.AdamW([theirs], 0.1, (BETA1, BETA2), EPS, weight_decay=0.5)
        for t in range(1, 51):
            g = sizes * torch.randint(-3, 4, (n,), generator=generator).double()
            case = {"w": w, "g": g, "m": m, "v": v, "t": t, "lr": 0.1, "weight_decay": 0.5}
            kept = {name: torch.as_tensor(value).clone() for name, value in case.items()}
            theirs.grad = g.clone()
            optimizer.step()
            state = optimizer.state[theirs]
            w, m, v = adamw_step(**case)
            for name, before in kept.items():
                assert torch.equal(torch.as_tensor(case[name]), before), f"{name} was changed"
            came, should = m, state["exp_avg"]
            assert torch.allclose(came, should, rtol=1e-9), "the first moment differs"
            came, should = v, state["exp_avg_sq"]
            assert torch.allclose(came, should, rtol=1e-9), "the second moment differs"
            came, should = w, theirs.detach()
            assert torch.allclose(came, should, rtol=1e-9), "the weights differ from torch's"
    w = torch.tensor([1.0, -2.0], dtype=torch.float64)
    m = v = torch.zeros_like(w)
    for t in range(1, 4):
        case = {"w": w, "g": torch.zeros_like(w), "m": m, "v": v, "t": t}
        came, m, v = adamw_step(**case, lr=0.1, weight_decay=0.5)
        should = w * (1 - 0.1 * 0.5)
        assert torch.allclose(came, should), "a weight without gradients decays all the same"
        w = came


@dataclass
class HandAdam:
    """AdamW, or Adam with an L2 penalty. `decoupled` is the whole difference between the two."""

    lr: float
    weight_decay: float = 0.0
    decoupled: bool = False
    t: int = 0
    m: Tensor = field(default_factory=lambda: torch.zeros(()))
    v: Tensor = field(default_factory=lambda: torch.zeros(()))

    def step(self, w: Tensor, g: Tensor) -> Tensor:
        """Return the weights after one step; `w` and `g` have the same shape."""
        self.t += 1
        decay = self.weight_decay
        if not self.decoupled:
            g, decay = g + decay * w, 0.0  # the penalty's gradient goes through m and v
        w, self.m, self.v = adamw_step(w, g, self.m, self.v, self.t, self.lr, decay)
        return w


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


def follow(gradients: list[float], lr: float, weight_decay: float) -> None:
    """Print Adam's numbers for one weight that begins at 1, then where either decay takes it."""
    hands = (HandAdam(lr), HandAdam(lr, weight_decay), HandAdam(lr, weight_decay, decoupled=True))
    weights = [torch.ones((), dtype=torch.float64)] * len(hands)
    print(f"\na weight of 1, rate {lr:g}, decay {weight_decay:g}")
    print(f"{'t':>2} {'gradient':>9} {'m_hat':>8} {'sqrt v_hat':>11} {'step':>8} ", end="")
    print(f"{'Adam':>8} {'with L2':>8} {'AdamW':>8}")
    for t, g in enumerate(gradients, 1):
        gradient = torch.tensor(g, dtype=torch.float64)
        before = weights[0]
        weights = [hand.step(w, gradient) for hand, w in zip(hands, weights, strict=True)]
        m_hat = hands[0].m.item() / (1 - BETA1**t)
        size = (hands[0].v.item() / (1 - BETA2**t)) ** 0.5
        row = f"{t:2} {g:9g} {m_hat:8.4f} {size:11.4f} {(weights[0] - before).item():+8.4f} "
        print(row + " ".join(f"{w.item():8.4f}" for w in weights))


def predicted_means(scale: float, lr: float, wd: float, steps: int, decoupled: bool) -> list[float]:
    """Mean weight after each step, when gradients are noise of size `scale`.

    AdamW keeps 1 - lr wd of the mean. Under L2 the pull wd*w runs through m like any gradient and
    is divided by sqrt(v), where v is a running mean of scale^2 + (wd w)^2. The mean of m / sqrt(v)
    is taken to be the mean of m over the root of the mean of v.
    """
    mean, variance, m, v = 1.0, 0.0, 0.0, 0.0  # of the weights; moments
    means = []
    for t in range(1, steps + 1):
        m = BETA1 * m + (1 - BETA1) * wd * mean
        v = BETA2 * v + (1 - BETA2) * (scale**2 + wd**2 * (mean**2 + variance))
        size = (v / (1 - BETA2**t)) ** 0.5
        divisor = 1.0 if decoupled else size
        keep = max(0.0, 1 - lr * wd / divisor)
        variance = keep**2 * variance + (lr if decoupled else lr * scale / size) ** 2
        mean = keep * mean if decoupled else mean - lr * m / (1 - BETA1**t) / size
        means.append(mean)
    return means


def decay_under_noise(
    scales: dict[str, float], lr: float, wd: float, steps: int, seed: int
) -> dict[tuple[str, str], tuple[list[float], list[float]]]:
    """Mean of each group's weights over steps, and its standard error; all weights start at 1."""
    generator = torch.Generator().manual_seed(seed)
    sizes = torch.tensor([[s] for s in scales.values()], dtype=torch.float64)
    hands = {"L2": HandAdam(lr, wd), "AdamW": HandAdam(lr, wd, decoupled=True)}
    weights = {name: torch.ones(len(scales), GROUP, dtype=torch.float64) for name in hands}
    means: dict[tuple[str, str], tuple[list[float], list[float]]] = {
        (name, group): ([], []) for name in hands for group in scales
    }
    for _ in tqdm(range(steps), desc="pure noise", leave=False):
        noise = torch.randn(len(scales), GROUP, generator=generator, dtype=torch.float64) * sizes
        for name, hand in hands.items():
            weights[name] = hand.step(weights[name], noise)
            for row, group in enumerate(scales):
                mean, error = means[name, group]
                mean.append(weights[name][row].mean().item())
                error.append(weights[name][row].std().item() / GROUP**0.5)
    return means


def main(
    lr: Annotated[float, typer.Option(help="Learning rate.", min=1e-5, max=0.1)] = 0.01,
    weight_decay: Annotated[float, typer.Option(help="Decay, part 2.", min=0, max=10)] = 0.1,
    large: Annotated[float, typer.Option(help="Large gradient size.", min=1, max=100)] = 10.0,
    small: Annotated[float, typer.Option(help="Small gradient size.", min=0.01, max=1)] = 0.1,
    steps: Annotated[int, typer.Option(help="Steps of part 2.", min=10, max=20_000)] = 200,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Check hand-written Adam and AdamW against torch, then compare their weight decay."""
    compare_with_torch(lr=0.01, weight_decay=0.1, steps=200, seed=seed)
    follow([4.0, -2.0, 1.0], lr=0.1, weight_decay=0.5)

    scales = {"large": large, "small": small}
    means = decay_under_noise(scales, lr, weight_decay, steps, seed)
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True)
    print(f"\nweights of 1 after {steps} steps of pure noise, rate {lr:g}, decay {weight_decay:g}")
    print(f"{'decay by':<9} {'gradients':<12} {'mean weight':>19} {'predicted':>10}")
    for (name, group), (measured, error) in means.items():
        predicted = predicted_means(scales[group], lr, weight_decay, steps, name == "AdamW")
        label = f"{group} ({scales[group]:g})"
        result = f"{measured[-1]:.4f} +- {error[-1]:.4f}"
        print(f"{name:<9} {label:<12} {result:>19} {predicted[-1]:10.4f}")
        axis = axes[0 if name == "L2" else 1]
        # Wide and narrow, for in AdamW the two lie on each other.
        axis.plot(measured, label=f"{label} gradients", linewidth=6 if group == "large" else 2)
        axis.plot(predicted, ":", color="black")
    for axis, title in zip(axes, ("L2 penalty inside Adam", "decoupled: AdamW"), strict=True):
        axis.set(title=title, xlabel="step")
        axis.legend()
    axes[0].set_ylabel("mean weight")
    figure.suptitle("Weights that see nothing but noise (dotted: predicted)")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
