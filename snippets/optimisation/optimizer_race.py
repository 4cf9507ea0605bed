"""SGD, Adam, Adam with an L2 penalty and AdamW race on one loss, each at its best setting.

A small network learns a yes-or-no question from 200 noisy examples. Its features come in different
units, so that some weights see gradients a hundred times larger than others. Every optimiser is run
at every learning rate and decay of a grid, all of them at once as one batch of networks; the best
run by a validation set is then judged on a test set. With spread 0 all features share one unit.

References
  I. Loshchilov, F. Hutter: Decoupled Weight Decay Regularization, 2017, arXiv:1711.05101.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm import tqdm

BETA1, BETA2, EPS = 0.9, 0.999, 1e-8
FEATURES, HIDDEN, BATCH = 40, 32, 32
RATES = [10 ** (-3.5 + 0.5 * k) for k in range(6)]
PENALTIES = [0.0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1]  # added to the loss
DECAYS = [0.0, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0]  # of AdamW, PyTorch's form

Examples = tuple[Tensor, Tensor]
Moments = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Task:
    """Examples to learn from, to choose the setting by, and to judge the choice by."""

    train: Examples
    validation: Examples
    test: Examples
    floor: float  # loss of the one who knows the true probabilities


@dataclass(frozen=True)
class Race:
    """The runs of one optimiser over the grid: a row for each rate, a column for each decay."""

    train: Tensor
    validation: Tensor
    test: Tensor
    error: Tensor  # standard error of `test`
    curves: Tensor  # validation loss every few steps, then rates and decays

    def best(self) -> tuple[int, int]:
        """Row and column of the run with the least validation loss."""
        return divmod(int(self.validation.argmin()), self.validation.shape[1])


def draw_task(examples: int, spread: float, seed: int) -> Task:
    """Labels are noisy; the truth is linear and all features matter alike, whatever their unit."""
    generator = torch.Generator().manual_seed(seed)
    unit = torch.logspace(-spread / 2, spread / 2, FEATURES)
    truth = 4 * torch.randn(FEATURES, generator=generator) / FEATURES**0.5

    def draw(count: int) -> tuple[Tensor, Tensor, Tensor]:
        features = torch.randn(count, FEATURES, generator=generator)
        chance = torch.sigmoid(features @ truth)
        return features * unit, torch.bernoulli(chance, generator=generator), chance

    train, validation, test = draw(examples), draw(5_000), draw(10_000)
    floor = torch.nn.functional.binary_cross_entropy(test[2], test[1]).item()
    return Task(train[:2], validation[:2], test[:2], floor)


def networks(runs: int, seed: int) -> list[Tensor]:
    """Weights of `runs` equal networks with one hidden layer: a stack along the first axis."""
    generator = torch.Generator().manual_seed(seed)
    first = 0.05 * torch.randn(1, FEATURES, HIDDEN, generator=generator)
    last = torch.randn(1, HIDDEN, 1, generator=generator) / HIDDEN**0.5
    starts = (first, torch.zeros(1, 1, HIDDEN), last)
    return [start.repeat(runs, 1, 1).requires_grad_() for start in starts]


def losses(weights: list[Tensor], examples: Examples) -> Tensor:
    """Cross-entropy of each network on each example: runs by examples."""
    inputs, labels = examples
    first, bias, last = weights
    logits = (torch.tanh(inputs @ first + bias) @ last).squeeze(2)
    return binary_cross_entropy_with_logits(logits, labels.expand_as(logits), reduction="none")


def sgd(w: Tensor, g: Tensor, moments: Moments, t: int, lr: Tensor, wd: Tensor) -> None:
    """One step of SGD with momentum; here an L2 penalty and weight decay are one and the same."""
    moments[0].mul_(BETA1).add_(g + wd * w)
    w -= lr * moments[0]


def adam(w: Tensor, g: Tensor, moments: Moments, t: int, lr: Tensor, wd: Tensor) -> None:
    """One step of Adam, whose gradient holds that of an L2 penalty."""
    g = g + wd * w
    m, v = moments
    m.mul_(BETA1).add_(g, alpha=1 - BETA1)
    v.mul_(BETA2).addcmul_(g, g, value=1 - BETA2)
    w -= lr * (m / (1 - BETA1**t)) / ((v / (1 - BETA2**t)).sqrt() + EPS)


def adamw(w: Tensor, g: Tensor, moments: Moments, t: int, lr: Tensor, wd: Tensor) -> None:
    """One step of AdamW: shrink, then a step of Adam that has not heard of it."""
    w *= 1 - lr * wd
    adam(w, g, moments, t, lr, torch.zeros_like(wd))


Step = Callable[[Tensor, Tensor, Moments, int, Tensor, Tensor], None]


def run_grid(step: Step, decays: list[float], task: Task, steps: int, seed: int) -> Race:
    """Train a network for each rate and each decay side by side; the rate falls to 0 linearly."""
    shape = (len(RATES), len(decays))
    peak = torch.tensor(RATES).repeat_interleave(len(decays)).view(-1, 1, 1)
    decay = torch.tensor(decays).repeat(len(RATES)).view(-1, 1, 1)
    weights = networks(len(peak), seed)
    moments = [(torch.zeros_like(w), torch.zeros_like(w)) for w in weights]
    generator = torch.Generator().manual_seed(seed)
    inputs, labels = task.train
    curves = []
    for t in tqdm(range(1, steps + 1), desc=step.__name__, leave=False):
        rows = torch.randint(len(inputs), (BATCH,), generator=generator)
        loss = losses(weights, (inputs[rows], labels[rows])).mean(1).sum()
        gradients = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            for w, g, pair in zip(weights, gradients, moments, strict=True):
                step(w, g, pair, t, peak * (1 - (t - 1) / steps), decay)
            if t % max(1, steps // 25) == 0:
                some = (task.validation[0][:1000], task.validation[1][:1000])
                curves.append(losses(weights, some).mean(1).view(shape))
    with torch.no_grad():
        train, validation, test = (
            losses(weights, each) for each in (task.train, task.validation, task.test)
        )
    return Race(
        train.mean(1).view(shape),
        validation.mean(1).nan_to_num(torch.inf).view(shape),
        test.mean(1).view(shape),
        (test.std(1) / test.shape[1] ** 0.5).view(shape),
        torch.stack(curves),
    )


def draw(races: dict[str, Race], decays: dict[str, list[float]], steps: int) -> None:
    """Validation loss over steps at each one's best setting, and over the grid for two of them."""
    figure, axes = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
    for name, race in races.items():
        row, column = race.best()
        shown = race.curves[:, row, column]
        width = 5 if name == "Adam" else 2  # with L2 may lie on it
        times = torch.linspace(steps / len(shown), steps, len(shown))
        axes[0].plot(times, shown, label=name, linewidth=width)
    axes[0].set(title="each at its best", xlabel="step", ylabel="validation loss")
    axes[0].legend()
    low = min(race.validation.min().item() for race in races.values())
    for axis, name in zip(axes[1:], ("Adam + L2", "AdamW"), strict=True):
        shown = races[name].validation.numpy()
        image = axis.imshow(shown, vmin=low, vmax=low + 0.2, cmap="viridis_r", aspect="auto")
        axis.set_xticks(range(len(decays[name])), [f"{decay:g}" for decay in decays[name]])
        axis.tick_params(axis="x", rotation=45)
        axis.set_yticks(range(len(RATES)), [f"{rate:.0e}" for rate in RATES])
        row, column = races[name].best()
        axis.plot(column, row, "*", color="red", markersize=14)
        axis.set(title=name, xlabel="decay", ylabel="learning rate")
    figure.colorbar(image, ax=axes[1:], label="validation loss")
    plt.show()


def main(
    spread: Annotated[float, typer.Option(help="Decades between units.", min=0, max=3)] = 2.0,
    examples: Annotated[int, typer.Option(help="To learn from.", min=50, max=5_000)] = 200,
    steps: Annotated[int, typer.Option(help="Steps of each run.", min=25, max=5_000)] = 500,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Race four optimisers on one loss and show which settings of decay and rate are good."""
    torch.set_num_threads(1)  # many small products: a second thread only costs
    task = draw_task(examples, spread, seed)
    contestants: dict[str, tuple[Step, list[float]]] = {
        "SGD": (sgd, PENALTIES),
        "Adam": (adam, [0.0]),
        "Adam + L2": (adam, PENALTIES),
        "AdamW": (adamw, DECAYS),
    }
    races = {
        name: run_grid(step, decays, task, steps, seed)
        for name, (step, decays) in contestants.items()
    }
    decays = {name: decays for name, (_, decays) in contestants.items()}
    print(f"{examples} examples, units over {spread:g} decades, {steps} steps, seed {seed}")
    print(f"{'optimiser':<10} {'rate':>8} {'decay':>7} {'training':>9} {'test loss':>18}")
    for name, race in races.items():
        best = row, column = race.best()
        result = f"{race.test[best].item():.4f} +- {race.error[best].item():.4f}"
        setting = f"{RATES[row]:8.0e} {decays[name][column]:7g}"
        print(f"{name:<10} {setting} {race.train[best].item():9.4f} {result:>18}")
    print(f"no network can be expected to fall below {task.floor:.4f}, the labels' own noise")
    print("\nthe decay that does best at each learning rate, and its validation loss")
    print(f"{'rate':>8}   {'Adam + L2':>16}   {'AdamW':>16}")
    for row, rate in enumerate(RATES):
        cells = []
        for name in ("Adam + L2", "AdamW"):
            column = int(races[name].validation[row].argmin())
            cells.append(f"{decays[name][column]:g}: {races[name].validation[row, column]:.4f}")
        print(f"{rate:8.0e}   {cells[0]:>16}   {cells[1]:>16}")
    draw(races, decays, steps)


if __name__ == "__main__":
    typer.run(main)
