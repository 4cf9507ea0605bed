"""Adapters: bottlenecks that start as the identity, in a frozen transformer that learns a new task.

Part 1 counts parameters beside the formula, and measures how far a small random start is from the
identity. Part 2 pre-trains a small transformer on progressions modulo 12, freezes it, and teaches
it progressions whose step grows by one each time: by full fine-tuning, by its head alone, by
adapters of three widths after both sublayers, and by adapters of one width beside them. Of six
transitions only the first is undecided, between four steps, so that no mean loss can be below
log 4 / 6. Taken out, the adapters leave the old model as it was, bit for bit.

References
  N. Houlsby et al.: Parameter-Efficient Transfer Learning for NLP, 2019, arXiv:1902.00751.
  J. He et al.: Towards a Unified View of Parameter-Efficient Transfer Learning, 2021,
    arXiv:2110.04366.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from _progressions import STYLES, WIDTH, Transformer, losses, pretrained, sentences, train
from torch import Tensor, nn

GROWTH = 1
FLOOR = math.log(len(STYLES)) / 6


class Adapter(nn.Module):
    """A bottleneck with a skip: x + up(f(down(x))), where f is not linear. (..., d) to (..., d).

    d: width of the model; m: width of the bottleneck. It starts as the identity, exactly.
    """

    # exercise: __init__(self, d, m) and forward(self, x)
    # Both layers have biases. Which weights may start at zero, and which may not as well?
    # solution
    def __init__(self, d: int, m: int) -> None:
        super().__init__()
        self.down = nn.Linear(d, m)
        self.up = nn.Linear(m, d)
        nn.init.zeros_(self.up.weight)
        nn.init.zeros_(self.up.bias)

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., d). The same shape."""
        return x + self.up(self.down(x).relu())

    # end


def check(seed: int = 0) -> None:
    """Judge Adapter: its start, its size, the gradient through it, that it learns and bends."""
    torch.manual_seed(seed)
    for d, m in ((1, 1), (2, 1), (3, 2), (4, 8), (16, 4)):
        for shape, size in (((d,), 1.0), ((5, d), 1.0), ((2, 3, d), 1e4)):
            case = {"d": d, "m": m, "shape": torch.tensor(shape), "size": size}
            layer = Adapter(d, m)
            x = (size * torch.randn(shape)).requires_grad_()
            came, should = layer(x), x
            assert came.shape == should.shape, "the output has the shape of the input"
            assert torch.equal(came, should), "at the start it must be the identity, exactly"
            came.sum().backward()
            came, should = x.grad, torch.ones(shape)
            assert came is not None, "the gradient must reach the input"
            assert torch.equal(came, should), "at the start the gradient passes unchanged"
        came = sum(part.numel() for part in layer.parameters() if part.requires_grad)
        should = 2 * m * d + d + m
        assert came == should, "two matrices and two biases are trained"
    d, m = 4, 8
    case = {"d": d, "m": m}
    layer = Adapter(d, m)
    x = torch.randn(256, d)
    target = x + 2 * (x @ torch.randn(d)).relu()[:, None] * torch.randn(d)
    before = float((x - target).square().mean())
    optimiser = torch.optim.Adam(layer.parameters(), lr=0.02)
    for _ in range(300):
        optimiser.zero_grad()
        (layer(x) - target).square().mean().backward()
        optimiser.step()
    came, should = float((layer(x) - target).square().mean().detach()) / before, "below 0.3"
    assert came < 0.3, "it does not learn a change that depends on the input"
    a, b = 3 * torch.randn(2, 64, d)
    with torch.no_grad():
        zero = layer(torch.zeros(d))
        came = float((layer(a) + layer(b) - layer(a + b) - zero).abs().max())
    should = "not 0"
    assert came > 1e-3, "after training it is linear: no activation stands between its layers"


def parameters_of(d: int, m: int) -> int:
    """Of one adapter: two matrices and two biases."""
    return 2 * m * d + d + m


def small_start(d: int, m: int, deviation: float, generator: torch.Generator) -> None:
    """Relative size of the change if *both* matrices are small and random, beside its mean."""
    ratios = []
    for _ in range(100):
        down, up = (deviation * torch.randn(shape, generator=generator)
                    for shape in ((m, d), (d, m)))  # fmt: skip
        h = torch.randn(50, d, generator=generator)
        change = (h @ down.T).relu() @ up.T
        ratios.append((change.square().sum(-1) / h.square().sum(-1)).mean())
    squares = torch.stack(ratios)
    theory = deviation**4 * d * m / 2
    mean, error = float(squares.mean()), 3 * float(squares.std()) / len(ratios) ** 0.5
    print(f"both matrices random, deviation {deviation}, d = {d}, m = {m}:")
    print(f"  square of the relative change {mean:.3e} +- {error:.1e} (3 standard errors),"
          f" theory {theory:.3e}")  # fmt: skip
    assert abs(mean - theory) < 2 * error


def insert(model: Transformer, m: int, beside: bool = False) -> list[nn.Parameter]:
    """Put adapters at both sublayers of each block; their parameters."""
    found: list[nn.Parameter] = []
    for block in model.blocks:
        first, second = Adapter(WIDTH, m), Adapter(WIDTH, m)
        if beside:
            block.beside_attention, block.beside_feed_forward = first, second
        else:
            block.after_attention, block.after_feed_forward = first, second
        found += [*first.parameters(), *second.parameters()]
    return found


def take_out(model: Transformer) -> None:
    """Remove all adapters."""
    for block in model.blocks:
        block.after_attention, block.after_feed_forward = nn.Identity(), nn.Identity()
        block.beside_attention = block.beside_feed_forward = None


@torch.no_grad()
def mean_loss(model: Transformer, ids: Tensor) -> float:
    """Mean over all transitions, in nats."""
    return float(losses(model(ids[:, :-1]), ids).mean())


def first_gradients(base: Transformer, generator: torch.Generator) -> None:
    """Norms of the gradients of the input and the output matrix at the first two steps."""
    model = copy.deepcopy(base)
    parts = insert(model, 8)
    adapter = model.blocks[0].after_attention
    optimiser = torch.optim.SGD(parts, lr=0.1)
    print("gradient of an adapter's matrices    down         up")
    for step in (1, 2):
        ids = sentences(STYLES, 64, generator, GROWTH)
        optimiser.zero_grad()
        losses(model(ids[:, :-1]), ids).mean().backward()
        norms = [float(layer.weight.grad.norm()) for layer in (adapter.down, adapter.up)]
        print(f"  step {step}                        {norms[0]:10.5f} {norms[1]:10.5f}")
        assert (norms[0] == 0) == (step == 1), "down waits for up, for one step"
        optimiser.step()


def race(base: Transformer, widths: Sequence[int], steps: int,
         generator: torch.Generator) -> dict[str, tuple[float, list[float], float]]:  # fmt: skip
    """Teach the new task in each way; by name: share trained, losses of the steps, loss after."""
    total = sum(part.numel() for part in base.parameters())
    new, old = (sentences(STYLES, 1000, generator, growth) for growth in (GROWTH, 0))
    print(f"\n{total} weights; new task: the step grows; floor log 4/6 = {FLOOR:.4f}")
    print("                       trained   share    start  new task  above   old task")
    print(f"  {'not tuned':<20} {0:8d} {0:7.1%}", end="")
    print(f" {'':8} {mean_loss(base, new):9.4f} {'':6} {mean_loss(base, old):9.4f}")
    names = ["full", "head", *(f"serial, m = {m}" for m in widths), f"parallel, m = {widths[1]}"]
    found, serial = {}, widths
    for name in names:
        model = copy.deepcopy(base)
        if name == "full":
            parts, rate = [*model.requires_grad_(True).parameters()], 1e-2
        elif name == "head":
            parts, rate = [*model.head.requires_grad_(True).parameters()], 0.1
        else:
            beside = name.startswith("parallel")
            parts, rate = insert(model, int(name.split()[-1]), beside), 3e-2
        count = sum(part.numel() for part in parts)
        if name not in ("full", "head"):
            assert count == 4 * parameters_of(WIDTH, int(name.split()[-1]))
        start = mean_loss(model, new)
        assert start == mean_loss(base, new), "the start is the frozen model"
        history = train(parts, lambda ids, model=model: losses(model(ids[:, :-1]), ids).mean(),
                        STYLES, steps, 32, rate, generator, name, GROWTH)  # fmt: skip
        after = mean_loss(model, new)
        print(f"  {name:<20} {count:8d} {count / total:7.1%} {start:8.4f} {after:9.4f}", end="")
        print(f" {after - FLOOR:6.3f} {mean_loss(model, old):10.4f}")
        found[name] = (count / total, history, after)
        if name == f"serial, m = {serial[-1]}":
            take_out(model)
            same = torch.equal(model(old[:, :-1]), base(old[:, :-1]))
            removed = f"adapters of m = {serial[-1]} taken out, outputs as before: {same}"
            assert same
    print(removed)
    return found


def draw(found: dict[str, tuple[float, list[float], float]]) -> None:
    """Losses over the steps above the floor; loss reached over the share that was trained."""
    _, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for name, (share, history, after) in found.items():
        left.plot(history, label=name)
        right.scatter(share, after)
        right.annotate(name, (share, after), textcoords="offset points", xytext=(4, 4))
    for axes in (left, right):
        axes.axhline(FLOOR, color="grey", linestyle="--", linewidth=0.8)
        axes.set_yscale("log")
        axes.set_ylabel("mean loss in nats")
    left.set_xlabel("step")
    left.legend(loc="upper right", ncols=2)
    right.set_xscale("log")
    right.set_xlim(0.01, 3)
    right.set_xlabel("share of the weights that is trained (dashed: the floor)")
    plt.show()


def main(
    width: Annotated[int, typer.Option(min=2, max=32, help="Middle one of three widths m")] = 8,
    pretraining: Annotated[int, typer.Option(min=50, max=5000, help="Steps of it")] = 200,
    steps: Annotated[int, typer.Option(min=10, max=5000, help="Steps of each tuning")] = 120,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Count, look at the start, and teach a frozen model a new task in six ways."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    for d, m, layers in ((768, 48, 12), (1024, 64, 24)):
        counted = 2 * layers * sum(part.numel() for part in Adapter(d, m).parameters())
        share = counted / (layers * (12 * d * d + 13 * d))
        assert counted == 2 * layers * parameters_of(d, m)
        print(f"d = {d}, m = {m}, {layers} layers: {counted} parameters, {share:.2%}", end="")
        print(f" of the layers; theory for wide layers {m / d / 3:.2%}")
    small_start(1024, 64, 0.01, generator)
    base = pretrained(pretraining, generator)
    first_gradients(base, generator)
    draw(race(base, (max(1, width // 4), width, 4 * width), steps, generator))


if __name__ == "__main__":
    typer.run(main)
