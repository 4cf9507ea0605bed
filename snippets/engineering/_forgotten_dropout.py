"""A network with dropout that may forget its mode, and what that costs a trained classifier."""

from __future__ import annotations

import math
from collections.abc import Callable

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F  # noqa: N812 - the field's name for it
from torch import Tensor, nn


class Net(nn.Module):
    """Features, dropout, read-out; `kind` says how dropout is written."""

    def __init__(self, features: nn.Module, read_out: nn.Module, kind: str, p: float) -> None:
        super().__init__()
        self.features, self.read_out = features, read_out
        self.kind, self.p = kind, p
        self.dropout = nn.Dropout(p)

    def forward(self, x: Tensor) -> Tensor:
        """One number for each picture or row."""
        h = self.features(x)
        if self.kind == "module":
            h = self.dropout(h)
        elif self.kind == "told":
            h = F.dropout(h, self.p, training=self.training)
        else:
            h = F.dropout(h, self.p)  # the mistake: training is True by default
        return self.read_out(h).squeeze(-1)


def three_errors(values: Tensor) -> float:
    """Three standard errors of the mean of independent values."""
    return 3 * values.std().item() / math.sqrt(len(values))


def signs(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Rows of twenty numbers, and whether the first two have the same sign."""
    x = torch.randn(count, 20, generator=generator)
    return x, (x[:, 0] * x[:, 1] > 0).float()


def train(
    linear: Callable[[int, int], nn.Module], hidden: int, p: float, steps: int, seed: int
) -> Net:
    """A classifier with one hidden layer, of layers that `linear` makes, trained with dropout."""
    generator = torch.Generator().manual_seed(seed)
    x, y = signs(1000, generator)
    torch.manual_seed(seed)
    features = nn.Sequential(linear(20, hidden), nn.ReLU())
    net = Net(features, linear(hidden, 1), "told", p)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(net(x), y).backward()
        optimizer.step()
    return net


def evaluate(net: Net, seed: int, repeats: int = 100) -> dict[str, Tensor]:
    """Logits of test rows: the right one, those of passes with the flag forgotten, their law."""
    x, y = signs(2000, torch.Generator().manual_seed(seed + 10_000))
    with torch.no_grad():
        right = net.eval()(x)
        h = net.features(x)
        share = net.p / (1 - net.p)
        deviation = (share * (h * net.read_out.weight).square().sum(1)).sqrt()
        net.kind = "forgotten"
        passes = torch.stack([net(x) for _ in range(repeats)])
    return {"side": 2 * y - 1, "right": right, "deviation": deviation, "passes": passes}


def accuracy(logits: Tensor, side: Tensor) -> Tensor:
    """The share of rows on the right side of zero, over the last axis."""
    return (logits * side > 0).double().mean(-1)


def averaged(passes: Tensor, side: Tensor, count: int) -> float:
    """Accuracy when the probabilities of `count` passes are averaged, over all groups of them."""
    groups = passes[: len(passes) // count * count].sigmoid().reshape(-1, count, len(side))
    return accuracy(groups.mean(1) - 0.5, side).mean().item()


def report_classifier(found: dict[str, Tensor]) -> dict[int, float]:
    """Print accuracies; give those of averaged passes, by the number of passes."""
    side, right, passes = found["side"], found["right"], found["passes"]
    each = accuracy(passes, side)
    ratio = side * right / found["deviation"].clamp_min(1e-12)
    normal = torch.special.ndtr(ratio.double()).mean().item()
    differ = ((passes[0] > 0) != (passes[1] > 0)).double().mean().item()
    print(f"\na classifier on {len(side)} test rows, eval() called")
    print(f"  accuracy, flag passed on                       {accuracy(right, side):.4f}")
    print(f"  accuracy, flag forgotten, mean of {len(each)} passes   {each.mean():.4f}")
    print(f"    3 standard errors                            {three_errors(each):.4f}")
    print(f"    predicted by a normal law for each row       {normal:.4f}")
    print(f"    lowest and highest pass               {each.min():.4f}  {each.max():.4f}")
    print(f"  rows on which the first two passes differ      {differ:.1%}")
    means = {count: averaged(passes, side, count) for count in (1, 2, 5, 10, 20, 50, 100)}
    print(f"  accuracy of 100 passes averaged                {means[100]:.4f}")
    return means


def draw(net: Net, found: dict[str, Tensor], means: dict[int, float], seed: int) -> None:
    """The law of one row's logit with the flag forgotten; accuracy of averaged passes."""
    right, deviation = found["right"], found["deviation"]
    row = int((right.abs() / deviation.clamp_min(1e-12) - 1).abs().argmin())
    x = signs(2000, torch.Generator().manual_seed(seed + 10_000))[0][row]
    with torch.no_grad():
        logits = net(x.expand(2000, -1))
    middle, width = right[row].item(), deviation[row].item()
    figure, (left, righthand) = plt.subplots(1, 2, figsize=(9, 3.6))
    left.hist(logits.numpy(), bins=40, density=True, color="lightgrey", label="2000 passes")
    if width > 0:
        at = torch.linspace(middle - 4 * width, middle + 4 * width, 200)
        law = (-((at - middle) ** 2) / (2 * width**2)).exp() / (width * math.sqrt(2 * math.pi))
        left.plot(at, law, color="black", label="predicted")
    left.axvline(middle, color="tab:green", label="flag passed on")
    left.axvline(0, color="tab:red", ls=":", label="border of the classes")
    left.set(title="one row, flag forgotten", xlabel="logit")
    left.set_ylim(top=1.7 * left.get_ylim()[1])  # room for the legend
    left.legend(fontsize=8, loc="upper left", ncols=2)
    righthand.semilogx(list(means), list(means.values()), "o-", label="flag forgotten")
    best = accuracy(right, found["side"]).item()
    righthand.axhline(best, color="tab:green", label="flag passed on, 1 pass")
    righthand.set(title="accuracy on the test rows", xlabel="passes averaged")
    righthand.legend(fontsize=8)
    figure.suptitle("eval() was called; F.dropout(h, p) did not hear of it")
    figure.tight_layout()
    plt.show()
