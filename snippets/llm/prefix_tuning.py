"""Prefix-tuning: a mixture of two attentions, and a frozen model that is steered by its cache.

Part 1 compares attention over a prefix and the content with the mixture in closed form. Part 2
pre-trains a small transformer on progressions modulo 12 with four steps ("styles"), freezes it,
and trains a few keys and values per layer so that it continues in one style from the first token
on. The first transition then falls from log 4, below which no unsteered model can get, towards 0.
Rivals: the same prefix trained through an MLP, and vectors at the input alone. Then the same is
tried for a style that was never seen in pre-training.

References
  X. L. Li, P. Liang: Prefix-Tuning, 2021, arXiv:2101.00190.
  J. He et al.: Towards a Unified View of Parameter-Efficient Transfer Learning, 2021,
    arXiv:2110.04366.
  A. Petrov, P. H. S. Torr, A. Bibi: When Do Prompting and Prefix-Tuning Work?, 2023,
    arXiv:2310.19698.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from _progressions import (
    HEADS,
    LAYERS,
    STYLES,
    WIDTH,
    Prefix,
    Transformer,
    losses,
    pretrained,
    sentences,
    train,
)
from torch import Tensor, nn

NEW_STYLE = 7


def mix(a: Tensor, v: Tensor, b: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
    """Attention over content and prefix together, as a mixture of the attentions over each.

    a: (..., n, m), scores of n queries on the content, -inf where masked; v: (..., m, e), its
    values; b: (..., n, p) and w: (..., p, e), those of the prefix; p may be 0. Returns the output,
    (..., n, e), and lambda, (..., n, 1), the share of attention that goes to the prefix.
    """
    # exercise: the share lambda of the prefix, and the mixture of two attentions
    # Scores may be as large as 10,000. Never form their exponentials as they stand.
    # solution
    ahead = b.logsumexp(-1, keepdim=True) - a.logsumexp(-1, keepdim=True)
    share = ahead.sigmoid()
    return share * (b.softmax(-1) @ w) + (-ahead).sigmoid() * (a.softmax(-1) @ v), share
    # end


def whole(a: Tensor, v: Tensor, b: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
    """The same from one softmax over prefix and content."""
    weights = torch.cat([b, a], -1).softmax(-1)
    shape = torch.broadcast_shapes(v.shape[:-2], w.shape[:-2])
    values = torch.cat([w.expand(*shape, *w.shape[-2:]), v.expand(*shape, *v.shape[-2:])], -2)
    return weights @ values, weights[..., : b.shape[-1]].sum(-1, keepdim=True)


def check(seed: int = 0) -> None:
    """Judge mix: a worked example, equality with one softmax, large scores, masks, gradients."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    worked = {"a": [[0.0, math.log(3)]], "v": [[1.0], [5.0]], "b": [[math.log(4)]], "w": [[10.0]]}
    cases = [{name: torch.tensor(rows).double() for name, rows in worked.items()}]
    for n, m, p, e in ((1, 1, 1, 1), (2, 2, 1, 1), (2, 3, 4, 2), (3, 2, 0, 2)):
        cases.append({"a": normal(n, m), "v": normal(m, e), "b": normal(n, p), "w": normal(p, e)})
    cases.extend(
        {"a": size * normal(3, 4), "v": normal(4, 2), "b": size * normal(3, 2), "w": normal(2, 2)}
        for size in (50.0, 1e4)
    )
    masked = normal(3, 3).masked_fill(torch.ones(3, 3, dtype=torch.bool).triu(1), -math.inf)
    cases.append({"a": masked, "v": normal(3, 2), "b": normal(3, 2), "w": normal(2, 2)})
    cases.append({"a": normal(2, 3, 4, 5), "v": normal(2, 3, 5, 2),
                  "b": normal(2, 3, 4, 2), "w": normal(3, 2, 2)})  # fmt: skip
    for drawn in cases:
        case = {name: tensor.double() for name, tensor in drawn.items()}
        out, share = mix(**case)
        should_out, should = whole(**case)
        came = share
        assert came.shape == should.shape, "lambda has one number per query, (..., n, 1)"
        assert torch.allclose(came, should), "lambda is not the share of the prefix"
        came, should = out, should_out
        assert came.shape == should.shape, "the output is (..., n, e)"
        assert torch.allclose(came, should), "differs from one softmax over prefix and content"
    case = {"a": normal(2, 3), "v": normal(3, 2), "b": normal(2, 2), "w": normal(2, 2)}
    gradients = []
    for form in (mix, whole):
        leaves = [tensor.clone().requires_grad_() for tensor in case.values()]
        form(*leaves)[0].square().sum().backward()
        gradients.append([leaf.grad for leaf in leaves])
    for name, came, should in zip(case, *gradients, strict=True):
        assert came is not None, f"no gradient reaches {name}"
        assert torch.allclose(came, should), f"the gradient of {name} differs"


def identity(generator: torch.Generator) -> None:
    """Part 1: the largest difference of mixture and single softmax on random tensors."""
    a, b = (3 * torch.randn(4, 50, size, generator=generator).double() for size in (20, 6))
    v, w = (torch.randn(4, size, 8, generator=generator).double() for size in (20, 6))
    (out, share), (should, whole_share) = mix(a, v, b, w), whole(a, v, b, w)
    apart = max(float((out - should).abs().max()), float((share - whole_share).abs().max()))
    print(f"mixture against one softmax, largest difference: {apart:.1e}  (below 1e-12)")
    assert apart < 1e-12


def random_prefixes(positions: int, generator: torch.Generator) -> list[Tensor]:
    """Keys and values of each layer, (2, HEADS, positions, WIDTH / HEADS), small and trainable."""
    shape = (2, HEADS, positions, WIDTH // HEADS)
    drawn = [0.5 * torch.randn(shape, generator=generator) for _ in range(LAYERS)]
    return [tensor.requires_grad_() for tensor in drawn]


def as_prefixes(tensors: Sequence[Tensor]) -> list[Prefix]:
    """Split each (2, ...) into keys and values."""
    return [(tensor[0], tensor[1]) for tensor in tensors]


class Reparameterised(nn.Module):
    """A prefix that is the output of an MLP; after training only the output is kept."""

    def __init__(self, positions: int, hidden: int = 64) -> None:
        super().__init__()
        self.seeds = nn.Parameter(torch.randn(positions, WIDTH))
        self.mlp = nn.Sequential(nn.Linear(WIDTH, hidden), nn.Tanh(),
                                 nn.Linear(hidden, LAYERS * 2 * WIDTH))  # fmt: skip

    def forward(self) -> list[Tensor]:
        """Per layer (2, HEADS, positions, WIDTH / HEADS)."""
        out = self.mlp(self.seeds).unflatten(-1, (LAYERS, 2, HEADS, WIDTH // HEADS))
        return list(out.permute(1, 2, 3, 0, 4))


Forward = Callable[[Tensor], Tensor]


def steer(
    model: Transformer, style: int, positions: int, steps: int, generator: torch.Generator
) -> dict[str, tuple[int, int, Forward, list[float]]]:
    """Train each way; by name: numbers stored, numbers trained, the forward, its losses."""

    def run(name: str, parameters: list[Tensor], forward: Forward, rate: float) -> list[float]:
        return train(parameters, lambda ids: losses(forward(ids[:, :-1]), ids).mean(),
                     (style,), steps, 32, rate, generator, name)  # fmt: skip

    direct = random_prefixes(positions, generator)
    through = Reparameterised(positions)
    wide = (0.5 * torch.randn(2 * LAYERS * positions, WIDTH, generator=generator)).requires_grad_()
    stored = 2 * LAYERS * positions * WIDTH
    forwards: dict[str, tuple[list[Tensor], Forward, float]] = {
        "prefix": (direct, lambda ids: model(ids, as_prefixes(direct), mix), 0.2),
        "prefix through an MLP": (list(through.parameters()),
                                  lambda ids: model(ids, as_prefixes(through()), mix), 1e-2),
        "input vectors alone": ([wide], lambda ids: model(ids, prompt=wide), 0.1),
    }  # fmt: skip
    return {
        name: (stored, sum(tensor.numel() for tensor in parameters), forward,
               run(name, parameters, forward, rate))
        for name, (parameters, forward, rate) in forwards.items()
    }  # fmt: skip


def ratios(model: Transformer, ids: Tensor, forward: Forward) -> tuple[list[float], list[float]]:
    """Per layer: largest change of a log ratio of content weights, mean lambda."""
    model(ids)
    before = [block.scores for block in model.blocks]
    forward(ids)
    changes, shares = [], []
    for block, old in zip(model.blocks, before, strict=True):
        now, then = (scores[..., -1, 1:] - scores[..., -1, :1] for scores in (block.scores, old))
        changes.append(float((now - then).abs().max()))
        shares.append(float(block.shares.mean()))
    return changes, shares


def main(
    positions: Annotated[int, typer.Option(min=1, max=16, help="Positions of the prefix")] = 2,
    style: Annotated[int, typer.Option(min=1, max=11, help="Step to be steered to")] = 3,
    pretraining: Annotated[int, typer.Option(min=50, max=5000, help="Steps of it")] = 250,
    steps: Annotated[int, typer.Option(min=10, max=5000, help="Steps of each steering")] = 100,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Check the identity, steer a frozen model to one style, and try a style never seen."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    identity(generator)
    model = pretrained(pretraining, generator)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    weights = sum(tensor.numel() for tensor in model.parameters())
    mixed = sentences(STYLES, 4000, generator)
    with torch.no_grad():
        base = losses(model(mixed[:, :-1]), mixed)
    bound = math.log(len(STYLES))
    print(f"\nfrozen model, {weights} weights, styles {STYLES}")
    print(f"  first transition {float(base[0]):.4f}, theory at least {bound:.4f}", end="")
    print(f" (within 0.06 after 250 steps); later {float(base[1:].mean()):.4f}")
    curves, after = {}, {}
    for goal in (style, NEW_STYLE):
        seen = "seen in pre-training" if goal in STYLES else "never seen"
        ids = sentences((goal,), 1000, generator)
        with torch.no_grad():
            old = losses(model(ids[:, :-1]), ids)
        print(f"\nstyle {goal}, {seen}        stored  trained   first   later")
        print(
            f"  {'not steered':<24} {0:8d} {0:8d} {float(old[0]):7.3f} {float(old[1:].mean()):7.3f}"
        )
        found = steer(model, goal, positions, steps, generator)
        for name, (stored, trained, forward, history) in found.items():
            with torch.no_grad():
                new = losses(forward(ids[:, :-1]), ids)
            print(f"  {name:<24} {stored:8d} {trained:8d} ", end="")
            print(f"{float(new[0]):6.3f} {float(new[1:].mean()):7.3f}")
            if goal == style:
                curves[name], after[name] = history, new.tolist()
        with torch.no_grad():
            changes, shares = ratios(model, ids[:, :-1], found["prefix"][2])
        print("  content's log ratios change by   " + "   ".join(
            f"layer {i + 1}: {change:.1e}" for i, change in enumerate(changes)))  # fmt: skip
        print("  mean lambda                      " + "   ".join(
            f"layer {i + 1}: {share:.2f}   " for i, share in enumerate(shares)))  # fmt: skip
        assert changes[0] < 1e-4, "a prefix cannot change the ratios in the first layer"
    same = all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())
    print(f"\nthe model's own weights are unchanged, bit for bit: {same}")
    draw(curves, base.tolist(), after, bound)


def draw(curves: dict[str, list[float]], base: list[float], after: dict[str, list[float]],
         bound: float) -> None:  # fmt: skip
    """Loss over the steps of steering; loss of each transition before and after."""
    _, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for name, history in curves.items():
        left.plot(history, label=name)
    left.set_xlabel("step")
    left.set_ylabel("mean loss in nats")
    left.set_yscale("log")
    left.legend()
    right.plot(range(1, len(base) + 1), base, "k--", marker="o", label="not steered, all styles")
    for name, values in after.items():
        right.plot(range(1, len(values) + 1), values, marker="o", label=name)
    right.axhline(bound, color="grey", linewidth=0.8)
    right.text(len(base), bound, "log 4", ha="right", va="bottom")
    right.set_xlabel("transition")
    right.set_ylabel("loss in nats")
    right.legend()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
