"""Reverse-mode automatic differentiation in 60 lines, checked against torch on random graphs.

Every operation on a `Value` notes its parents and the local derivative towards each. `backward`
walks the graph once, from the output to the leaves, and multiplies and adds: the chain rule.
After that: accumulation, detach and no_grad, as torch has them, and a network trained with it.

References
  S. Linnainmaa: Taylor expansion of the accumulated rounding error, BIT 16, 1976.
  A. G. Baydin et al.: Automatic differentiation in machine learning: a survey, arXiv:1502.05767.
  A. Karpathy: micrograd, 2020, github.com/karpathy/micrograd.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from tqdm import tqdm

# The engine ---------------------------------------------------------------------------------------

_recording = True


@contextmanager
def no_grad() -> Iterator[None]:
    """Inside, operations compute but note nothing: no graph, no memory for it."""
    global _recording
    before, _recording = _recording, False
    try:
        yield
    finally:
        _recording = before


class Value:
    """A number that knows how it was made: `edges` holds (parent, local derivative) pairs."""

    def __init__(
        self,
        data: float,
        requires_grad: bool = False,
        edges: tuple[tuple[Value, float], ...] = (),
    ) -> None:
        kept = tuple(edge for edge in edges if edge[0].requires_grad) if _recording else ()
        self.data, self.edges, self.grad = data, kept, 0.0
        self.requires_grad: bool = requires_grad or bool(kept)

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, edges=((self, 1.0), (other, 1.0)))

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, edges=((self, other.data), (other, self.data)))

    def __pow__(self, n: int) -> Value:
        return Value(self.data**n, edges=((self, n * self.data ** (n - 1)),))

    def exp(self) -> Value:
        """The exponential, which is its own derivative."""
        out = math.exp(self.data)
        return Value(out, edges=((self, out),))

    def tanh(self) -> Value:
        """The hyperbolic tangent, whose derivative 1 - tanh^2 needs only its output."""
        out = math.tanh(self.data)
        return Value(out, edges=((self, 1 - out * out),))

    def relu(self) -> Value:
        """The larger of x and 0; its derivative at 0 is 0 by convention, as in torch."""
        return Value(max(self.data, 0.0), edges=((self, float(self.data > 0)),))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Value:
        return self * -1.0

    def __sub__(self, other: Value | float) -> Value:
        return self + -other

    def detach(self) -> Value:
        """The same number without its history: a constant from here on."""
        return Value(self.data)

    def backward(self) -> None:
        """Add d self / d leaf to the `grad` of every leaf below."""
        order: list[Value] = []  # every node after all its parents
        adjoint: dict[Value, float] = {}  # d self / d node, for every node met
        stack = [(self, False)]
        while stack:  # a loop, not recursion: graphs are deeper than Python's call stack
            node, done = stack.pop()
            if done:
                order.append(node)
            elif node not in adjoint:
                adjoint[node] = 0.0
                stack.append((node, True))
                stack.extend((parent, False) for parent, _ in node.edges)
        adjoint[self] = 1.0
        for node in reversed(order):
            # exercise: pass adjoint[node] on to the parents; a leaf adds it to its grad instead
            # node.edges holds (parent, local derivative) pairs; it is empty for a leaf.
            # One node may be a parent of several others: what arrives has to be added up.
            # solution
            if not node.edges:
                node.grad += adjoint[node]
            for parent, local in node.edges:
                adjoint[parent] += local * adjoint[node]
            # end


# Checks -------------------------------------------------------------------------------------------


def check() -> None:
    """A diamond: x reaches y on two ways, and their contributions add up."""
    x = Value(3.0, requires_grad=True)
    y = x * x + x
    y.backward()
    assert x.grad == 7.0, f"d(x^2 + x)/dx at 3 is 7, not {x.grad}"
    (x**2).backward()
    assert x.grad == 13.0, f"a second backward adds its 6 to the 7: 13, not {x.grad}"


def random_graph(rng: random.Random, leaves: int, nodes: int) -> tuple[list[float], list[float]]:
    """Gradients of one random composite by our engine and by torch, leaf by leaf."""
    ours = [Value(rng.uniform(-1.5, 1.5), requires_grad=True) for _ in range(leaves)]
    theirs = [torch.tensor(v.data, dtype=torch.float64, requires_grad=True) for v in ours]
    mine, other = list(ours), list(theirs)
    for _ in range(nodes):
        # Old nodes are used again and again, so that gradients arrive along many ways.
        i, j = rng.randrange(len(mine)), rng.randrange(len(mine))
        match rng.randrange(6):
            case 0:
                mine, other = [*mine, mine[i] + mine[j]], [*other, other[i] + other[j]]
            case 1:
                mine, other = [*mine, mine[i] * mine[j]], [*other, other[i] * other[j]]
            case 2:
                mine, other = [*mine, mine[i] - mine[j]], [*other, other[i] - other[j]]
            case 3:
                mine, other = [*mine, mine[i].tanh()], [*other, other[i].tanh()]
            case 4:
                mine, other = [*mine, mine[i].relu() ** 2], [*other, other[i].relu() ** 2]
            case _:  # tanh first keeps the exponential from running away
                mine, other = [*mine, mine[i].tanh().exp()], [*other, other[i].tanh().exp()]
    # The sum makes every leaf count, also one that no other node drew.
    sum((node.tanh() for node in mine), start=Value(0.0)).backward()
    torch.stack([node.tanh() for node in other]).sum().backward()
    return [leaf.grad for leaf in ours], [leaf.grad.item() for leaf in theirs]


def show_rules() -> None:
    """Accumulation, detach and no_grad on the smallest examples."""
    xs = [Value(1.0, requires_grad=True) for _ in range(4)]
    out = sum((3 * (x + 2) ** 2 for x in xs), start=Value(0.0)) * (1 / len(xs))
    out.backward()
    print(f"mean(3 (x + 2)^2) over four ones: {out.data:g}, gradient {[x.grad for x in xs]}")
    assert [x.grad for x in xs] == [4.5] * 4

    x = Value(3.0, requires_grad=True)
    (x * x).backward()
    (x * x).backward()
    print(f"x^2 at 3, backward twice without zeroing: {x.grad:g}, not 6")
    x.grad = 0.0
    (x * x.detach()).backward()
    print(f"x * x.detach() at 3: {x.grad:g}, for one factor is a constant")
    with no_grad():
        y = x * x
    print(f"inside no_grad x * x is {y.data:g}, with {len(y.edges)} edges back to x")
    assert x.grad == 3.0 and not y.requires_grad


# A network ----------------------------------------------------------------------------------------


def train(hidden: int, steps: int, rng: random.Random) -> tuple[list[float], Callable[..., float]]:
    """Fit sin(2x) by gradient descent; return the losses and the trained network."""
    points = [-2 + 4 * i / 24 for i in range(25)]
    weights = [
        [Value(rng.gauss(0, 1), requires_grad=True) for _ in range(3)] for _ in range(hidden)
    ]

    def network(x: float) -> Value:
        return sum((c * (a * x + b).tanh() for a, b, c in weights), start=Value(0.0))

    losses = []
    for _ in tqdm(range(steps), desc="training", leave=False):
        errors = ((network(x) - math.sin(2 * x)) ** 2 for x in points)
        loss = sum(errors, start=Value(0.0)) * (1 / len(points))
        loss.backward()
        for weight in (w for row in weights for w in row):
            weight.data -= 0.1 * weight.grad
            weight.grad = 0.0  # or the next backward would add to it
        losses.append(loss.data)
    return losses, lambda x: network(x).data


def main(
    graphs: Annotated[int, typer.Option(help="Random graphs.", min=1, max=5_000)] = 200,
    nodes: Annotated[int, typer.Option(help="Operations in each.", min=1, max=500)] = 40,
    hidden: Annotated[int, typer.Option(help="Hidden units.", min=1, max=64)] = 8,
    steps: Annotated[int, typer.Option(help="Training steps.", min=1, max=5_000)] = 300,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Check the engine against torch, show its rules, and train a network with it."""
    check()
    rng = random.Random(seed)
    worst = 0.0
    for _ in tqdm(range(graphs), desc="random graphs", leave=False):
        for ours, theirs in zip(*random_graph(rng, 5, nodes), strict=True):
            worst = max(worst, abs(ours - theirs) / max(1.0, abs(theirs)))
    print(f"{graphs} random graphs of {nodes} nodes: largest difference from torch {worst:.1e}")
    assert worst < 1e-9, "the engine and torch disagree"
    show_rules()

    losses, network = train(hidden, steps, rng)
    print(f"fitting sin(2x) with {3 * hidden} weights: loss {losses[0]:.3f} -> {losses[-1]:.4f}")
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    left.semilogy(losses)
    left.set(title="loss", xlabel="step")
    grid = [-2 + 4 * i / 200 for i in range(201)]
    with no_grad():
        right.plot(grid, [network(x) for x in grid], label="network")
    right.plot(grid, [math.sin(2 * x) for x in grid], "--", label="sin(2x)")
    right.legend()
    figure.suptitle("A network trained by sixty lines of autograd")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
