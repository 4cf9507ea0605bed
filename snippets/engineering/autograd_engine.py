"""Reverse-mode automatic differentiation in 60 lines, checked against torch on random graphs.

Every operation on a `Value` notes its parents and the local derivative towards each. `backward`
walks the graph once, from the output to the leaves, and multiplies and adds: the chain rule.
After that: accumulation, detach and no_grad as torch has them, forward mode by dual numbers, what
either mode costs, and a network trained with the engine.

References
  S. Linnainmaa: Taylor expansion of the accumulated rounding error, BIT 16, 1976.
  A. G. Baydin et al.: Automatic differentiation in machine learning: a survey, arXiv:1502.05767.
  A. Karpathy: micrograd, 2020, github.com/karpathy/micrograd.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import matplotlib.pyplot as plt
import torch
import typer
from tqdm import tqdm

# The engine ---------------------------------------------------------------------------------------

_recording = True
Edges = tuple[tuple["Value", float], ...]


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

    def __init__(self, data: float, requires_grad: bool = False, edges: Edges = ()) -> None:
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
        if not self.requires_grad:
            raise ValueError("nothing to differentiate: no leaf below requires a gradient")
        backward(self)


def backward(root: Value) -> None:
    """Add d root / d leaf to the `grad` of every leaf from which `root` was computed."""
    # exercise: the backward sweep
    # node.edges holds (parent, local derivative) pairs; it is empty for a leaf.
    # solution
    order: list[Value] = []  # every node after all its parents
    seen: set[Value] = set()
    stack = [(root, False)]
    while stack:  # a loop, not recursion: graphs are deeper than Python's call stack
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent, _ in node.edges)
    adjoint = dict.fromkeys(order, 0.0) | {root: 1.0}  # d root / d node
    for node in reversed(order):
        if not node.edges:
            node.grad += adjoint[node]
        for parent, local in node.edges:
            adjoint[parent] += local * adjoint[node]
    # end


# Forward mode -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dual:
    """A number and its derivative in one direction, carried along; no graph is kept."""

    data: float
    slope: float = 0.0

    def __add__(self, other: Dual | float) -> Dual:
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.data + other.data, self.slope + other.slope)

    def __mul__(self, other: Dual | float) -> Dual:
        other = other if isinstance(other, Dual) else Dual(other)
        product = self.slope * other.data + self.data * other.slope
        return Dual(self.data * other.data, product)

    def tanh(self) -> Dual:
        """The hyperbolic tangent."""
        out = math.tanh(self.data)
        return Dual(out, (1 - out * out) * self.slope)

    __radd__, __rmul__ = __add__, __mul__


# Checks -------------------------------------------------------------------------------------------


class Watched(Value):
    """A value that counts how often its edges are looked at."""

    looks = 0

    @property
    def edges(self) -> Edges:  # type: ignore[override]
        """The parents, counted."""
        Watched.looks += 1
        return self._edges

    @edges.setter
    def edges(self, edges: Edges) -> None:
        self._edges = edges


def check(seed: int = 0) -> None:
    """Judge `backward` by its properties, small graphs first."""
    x = Value(3.0, requires_grad=True)
    y = x * 2.0
    backward(y)
    case, came, should = "y = 2 x at x = 3: x.grad", x.grad, 2.0
    assert came == should, "one edge: the local derivative of the only path"
    backward(y)
    case, came, should = "the same, swept once more: x.grad", x.grad, 4.0
    assert came == should, "a second sweep adds to what the leaf holds"
    case, came, should = "the same: y.grad", y.grad, 0.0
    assert came == should, "only a leaf keeps its gradient"

    x = Value(3.0, requires_grad=True)
    u = x * x
    y = u * u + u + x
    backward(y)
    case, came, should = "u = x x, y = u u + u + x at x = 3: x.grad", x.grad, 115.0
    assert came == should, "contributions of all paths add up, and u passes on their whole sum"
    x = Value(3.0, requires_grad=True)
    backward(x)
    case, came, should = "y = x: x.grad", x.grad, 1.0
    assert came == should, "the root may be a leaf"

    start = Watched(1.0, requires_grad=True)
    node: Value = start
    for _ in range(12):
        square = Watched(node.data * node.data)
        square.edges, square.requires_grad = ((node, node.data), (node, node.data)), True
        node = square
    Watched.looks = 0
    backward(node)
    case, came, should = "x squared 12 times at x = 1: x.grad", start.grad, 4096.0
    assert came == should, "2^12 paths, each with derivative 1"
    case, came, should = "the same: looks at edges, at most", Watched.looks, 130
    assert came <= should, "13 nodes are enough; the 2^12 paths must not be walked one by one"

    rng = random.Random(seed)
    for leaves, nodes in ((1, 2), (2, 4), (3, 8), (4, 30)):
        for _ in range(5):
            ours, theirs = random_graph(rng, leaves, nodes)
            case = f"a random graph of {nodes} operations on {leaves} leaves"
            came, should = torch.tensor(ours), torch.tensor(theirs)
            assert torch.allclose(came, should, rtol=1e-6, atol=1e-6), "torch finds otherwise"


Pair = tuple[Value, torch.Tensor]


def random_graph(rng: random.Random, leaves: int, nodes: int) -> tuple[list[float], list[float]]:
    """Gradients of one random composite by our engine and by torch, leaf by leaf."""
    pairs: list[Pair] = []
    for _ in range(leaves):
        start = rng.uniform(-1.5, 1.5)
        theirs = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        pairs.append((Value(start, requires_grad=True), theirs))
    for _ in range(nodes):
        # Old nodes are used again and again, so that gradients arrive along many paths.
        both = rng.choice(pairs), rng.choice(pairs)
        kind = rng.randrange(6)
        ours, theirs = (operate(kind, *operands) for operands in zip(*both, strict=True))
        pairs.append((ours, theirs))
    # The sum makes every leaf count, also one that no other node drew.
    sum((ours.tanh() for ours, _ in pairs), start=Value(0.0)).backward()
    torch.stack([theirs.tanh() for _, theirs in pairs]).sum().backward()
    gradients = [(ours.grad, theirs.grad.item()) for ours, theirs in pairs[:leaves]]
    return [ours for ours, _ in gradients], [theirs for _, theirs in gradients]


def operate(kind: int, a: Any, b: Any) -> Any:
    """One of six operations, on Values or on tensors; no result is larger than e."""
    match kind:
        case 0:
            return (a + b) * 0.5
        case 1:
            return a.tanh() * b
        case 2:
            return (a - b) * 0.5
        case 3:
            return a.tanh()
        case 4:
            return a.tanh().relu() ** 2
        case _:
            return a.tanh().exp()


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


def network(weights: Sequence[Any], x: float) -> Any:
    """Hidden units c tanh(a x + b), on Values, Duals or numbers; three weights a unit."""
    units = zip(weights[0::3], weights[1::3], weights[2::3], strict=True)
    total = sum((c * (a * x + b).tanh() for a, b, c in units), start=0.0)
    return total * (1 / math.sqrt(len(weights) / 3))


def squared_error(weights: Sequence[Any], x: float) -> Any:
    """The loss of the network at one point of sin(2x)."""
    error = network(weights, x) + -math.sin(2 * x)
    return error * error


@dataclass(frozen=True)
class Cost:
    """What one gradient takes: operations of the loss, products of either mode, and their error."""

    weights: int
    operations: int
    reverse: int
    forward: int
    difference: float


def cost_of_gradient(hidden: int, rng: random.Random) -> Cost:
    """The gradient of one squared error, by one sweep back and by a dual pass for every weight."""
    start = [rng.gauss(0, 1) for _ in range(3 * hidden)]
    leaves = [Value(w, requires_grad=True) for w in start]
    loss = squared_error(leaves, 0.5)
    loss.backward()
    made, found = [loss], {loss}
    for node in made:  # grows while it is walked: every node with a gradient, once
        fresh = {parent for parent, _ in node.edges} - found
        found |= fresh
        made.extend(fresh)
    edges = sum(len(node.edges) for node in made)
    slopes = [
        squared_error([Dual(w, float(i == j)) for j, w in enumerate(start)], 0.5).slope
        for i in range(len(start))
    ]
    difference = max(abs(leaf.grad - slope) for leaf, slope in zip(leaves, slopes, strict=True))
    # A dual pass goes along the same edges once, and there is a pass for every weight.
    return Cost(len(start), len(made) - len(start), edges, len(start) * edges, difference)


def show_costs(rng: random.Random) -> list[Cost]:
    """Both modes for networks of more and more weights."""
    costs = [cost_of_gradient(hidden, rng) for hidden in (1, 2, 4, 8, 16, 32)]
    print("\nweights  operations  products: one sweep back  a dual pass per weight")
    for c in costs:
        print(f"{c.weights:7d} {c.operations:11d} {c.reverse:25d} {c.forward:23d}")
        units = c.weights // 3
        assert (c.operations, c.reverse) == (5 * units + 3, 8 * units + 3)
    worst = max(c.difference for c in costs)
    print(f"both modes give the same gradient: largest difference {worst:.1e}")
    assert worst < 1e-9
    return costs


def train(hidden: int, steps: int, rng: random.Random) -> tuple[list[float], Callable[..., float]]:
    """Fit sin(2x) by gradient descent; return the losses and the trained network."""
    points = [-2 + 4 * i / 24 for i in range(25)]
    weights = [Value(rng.gauss(0, 1), requires_grad=True) for _ in range(3 * hidden)]
    losses = []
    for _ in tqdm(range(steps), desc="training", leave=False):
        loss = sum((squared_error(weights, x) for x in points), start=Value(0.0)) * (1 / 25)
        loss.backward()
        for weight in weights:
            weight.data -= 0.2 * weight.grad
            weight.grad = 0.0  # or the next backward would add to it
        losses.append(loss.data)
    return losses, lambda x: network(weights, x).data


def main(
    graphs: Annotated[int, typer.Option(help="Random graphs.", min=1, max=5_000)] = 200,
    nodes: Annotated[int, typer.Option(help="Operations in each.", min=1, max=500)] = 40,
    hidden: Annotated[int, typer.Option(help="Hidden units.", min=1, max=64)] = 8,
    steps: Annotated[int, typer.Option(help="Training steps.", min=1, max=5_000)] = 400,
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

    costs = show_costs(rng)
    losses, fitted = train(hidden, steps, rng)
    print(f"\nfitting sin(2x) with {3 * hidden} weights: loss {losses[0]:.3f} -> {losses[-1]:.4f}")
    draw(costs, losses, fitted)


def draw(costs: list[Cost], losses: list[float], fitted: Callable[..., float]) -> None:
    """The price of a gradient, and what it buys."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    weights = [c.weights for c in costs]
    left.loglog(weights, [c.forward / c.operations for c in costs], "o-", label="forward mode")
    left.loglog(weights, [c.reverse / c.operations for c in costs], "s-", label="reverse mode")
    left.axhline(2, color="grey", linestyle=":", label="two products per operation")
    left.set(xlabel="weights", ylabel="products per operation of the loss")
    left.set_title("price of a gradient")
    left.legend()
    grid = [-2 + 4 * i / 200 for i in range(201)]
    with no_grad():
        right.plot(grid, [fitted(x) for x in grid], label="network")
    right.plot(grid, [math.sin(2 * x) for x in grid], "--", label="sin(2x)")
    right.set(title=f"after {len(losses)} steps: loss {losses[-1]:.4f}", xlabel="x")
    right.legend()
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
