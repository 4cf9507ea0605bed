"""Gradient checkpointing, counted: peak memory, operations and time for every segment length.

A chain of n layers is cut into segments of k. Only the input of each segment is kept; the backward
pass runs a segment once more when it gets there. With c activations saved inside a layer, the
theory says n/k + c k activations at once, least at k = sqrt(n/c), for one more forward pass. Here
every tensor that lives is counted, so that the peak needs no GPU to be seen.

`checkpoint` below is the whole idea as an autograd function; the sweep uses PyTorch's own.

    python checkpointing.py                        16 layers, c = 1 and c = 4
    python checkpointing.py --layers 100           segments that do not divide n, too
    python checkpointing.py --inside 8             heavier layers: checkpoints should stand closer

References
  T. Chen, B. Xu, C. Zhang, C. Guestrin: Training Deep Nets with Sublinear Memory Cost, 2016,
    arXiv:1604.06174.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import matplotlib.pyplot as plt
import torch
import typer
from _checkpointing.bench import Bench, Chain, Layer, in_segments, nested, plain
from torch import Tensor, nn


def checkpoint(f: Callable[[Tensor], Tensor], x: Tensor, *weights: Tensor) -> Tensor:
    """f(x), keeping nothing for the backward pass but x and the state of the random numbers.

    `weights` are the tensors that f uses beside x, so that autograd knows of them.
    """

    # exercise: run f now without saving, and once more when the gradient comes
    # torch.get_rng_state() and torch.set_rng_state(state) make random numbers come again;
    # `with torch.random.fork_rng(devices=[]):` leaves the outer stream as it was.
    # solution
    class Replay(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Tensor, *weights: Tensor) -> Tensor:
            ctx.save_for_backward(x)
            ctx.random_state = torch.get_rng_state()
            return f(x)  # autograd does not record inside forward

        @staticmethod
        def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
            (x,) = ctx.saved_tensors
            x = x.detach().requires_grad_(x.requires_grad)  # a leaf: the graph ends here
            with torch.random.fork_rng(devices=[]), torch.enable_grad():
                torch.set_rng_state(ctx.random_state)
                y = f(x)
            inputs = (x, *weights)
            wanted = [tensor for tensor in inputs if tensor.requires_grad]
            grads = iter(torch.autograd.grad(y, wanted, grad, allow_unused=True))
            return tuple(next(grads) if tensor.requires_grad else None for tensor in inputs)

    return Replay.apply(x, *weights)
    # end


def check(seed: int = 0) -> None:
    """Judge checkpoint by its properties: gradients, memory, calls and random numbers."""
    with torch.random.fork_rng(devices=[]):
        for rows in (1, 2, 3, 8):
            check_gradients(rows, seed)
        check_calls()
        check_memory(seed)
        check_dropout(seed)
        check_outer_stream(seed)
        check_input_without_gradient(seed)
        check_shared_weight(seed)
        check_two_in_a_row(seed)


def gradients(y: Tensor, *tensors: Tensor) -> list[Tensor]:
    """Of the sum of squares of y; zeros for what y does not depend on."""
    assert y.requires_grad, "the result of checkpoint does not require a gradient"
    found = torch.autograd.grad(y.square().sum(), tensors, allow_unused=True)
    return [torch.zeros_like(t) if g is None else g for t, g in zip(tensors, found, strict=True)]


def check_gradients(rows: int, seed: int) -> None:
    """Values, and gradients of input and weights, are those of plain autograd."""
    random = torch.Generator().manual_seed(seed)
    x = torch.randint(-3, 4, (rows, 2), generator=random).double().requires_grad_()
    w = torch.randint(-3, 4, (2, 2), generator=random).double().requires_grad_()
    unused = torch.ones(1, dtype=torch.double, requires_grad=True)

    def f(x: Tensor) -> Tensor:
        return torch.sin(x @ w) @ w.T + x

    case = {"x": x.detach(), "w": w.detach()}
    came, should = checkpoint(f, x, w, unused).detach(), f(x).detach()
    assert torch.equal(came, should), "checkpoint must give back f(x)"
    for at, name in enumerate(("x", "w", "the weight that f does not use")):
        came = gradients(checkpoint(f, x, w, unused), x, w, unused)[at]
        should = gradients(f(x), x, w, unused)[at]
        assert torch.allclose(came, should, atol=1e-12), f"the gradient of {name} is wrong"


def check_calls() -> None:
    """f runs once forward and once more in the backward pass, not before."""
    case = {"x": torch.ones(1)}
    calls: list[bool] = []

    def f(x: Tensor) -> Tensor:
        calls.append(torch.is_grad_enabled())
        return x.exp()

    y = checkpoint(f, case["x"].requires_grad_())
    came, should = len(calls), 1
    assert came == should, "f should have run once when the forward pass is over"
    y.sum().backward()
    came, should = len(calls), 2
    assert came == should, "f should have run twice when the backward pass is over"


def check_memory(seed: int) -> None:
    """Between the passes, neither what f computed inside nor its result is kept."""
    case = {"x": torch.randn(4, generator=torch.Generator().manual_seed(seed))}
    made: list[weakref.ref[torch.UntypedStorage]] = []

    def f(x: Tensor) -> Tensor:
        hidden = x.exp()
        result = hidden.tanh()
        made.extend(weakref.ref(tensor.untyped_storage()) for tensor in (hidden, result))
        return result

    loss = checkpoint(f, case["x"].requires_grad_()).sum()
    came, should = sum(one() is not None for one in made), 0
    assert came == should, "tensors that f made are still alive before the backward pass"
    loss.backward()


def check_dropout(seed: int) -> None:
    """The second run drops the same units as the first."""
    torch.manual_seed(seed)
    case = {"x": torch.ones(8, requires_grad=True)}
    y = checkpoint(lambda x: nn.functional.dropout(x, 0.5), case["x"])
    y.sum().backward()
    came, should = case["x"].grad, y.detach()
    assert torch.equal(came, should), "the backward pass has other random numbers"


def check_outer_stream(seed: int) -> None:
    """Random numbers after the backward pass are those of a plain run."""
    case = {"x": torch.ones(4, requires_grad=True)}
    drawn = []
    for run in (checkpoint, lambda f, x: f(x)):
        torch.manual_seed(seed)
        y = run(lambda x: nn.functional.dropout(x, 0.5), case["x"])
        torch.rand(3)  # the world goes on between the passes
        y.sum().backward()
        drawn.append(torch.rand(2))
    came, should = drawn
    assert torch.equal(came, should), "the backward pass has disturbed the stream outside"


def check_input_without_gradient(seed: int) -> None:
    """Weights learn even where x is data, and data may be integers, the rows of a table."""
    table = torch.randn(3, 2, generator=torch.Generator().manual_seed(seed)).requires_grad_()
    case = {"x": torch.tensor([0, 2, 2]), "table": table.detach()}
    (came,) = gradients(checkpoint(lambda x: table[x], case["x"], table), table)
    (should,) = gradients(table[case["x"]], table)
    assert torch.equal(came, should), "x needs no gradient, but the table does"


def check_shared_weight(seed: int) -> None:
    """A weight that also stands before the segment gets each of its two shares once."""
    w = torch.randint(1, 5, (2,), generator=torch.Generator().manual_seed(seed)).double()
    case = {"w": w.clone()}
    w.requires_grad_()
    (came,) = gradients(checkpoint(lambda x: x * w, 3 * w, w), w)
    (should,) = gradients(3 * w * w, w)
    assert torch.equal(came, should), "w makes x and is used on it again"


def check_two_in_a_row(seed: int) -> None:
    """The gradient passes through one checkpoint into the next, once."""
    random = torch.Generator().manual_seed(seed)
    case = {"x": torch.randn(3, generator=random, requires_grad=True)}
    calls: list[str] = []

    def named(name: str, f: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
        return lambda x: (calls.append(name), f(x))[1]

    middle = checkpoint(named("first", torch.sin), case["x"])
    (came,) = gradients(checkpoint(named("second", torch.exp), middle), case["x"])
    (should,) = gradients(case["x"].sin().exp(), case["x"])
    assert torch.allclose(came, should), "the gradient through two checkpoints is wrong"
    came, should = calls, ["first", "second", "second", "first"]
    assert came == should, "each f should run twice, the last segment again first"


def peak_in_segments(n: int, k: int, c: int, weight: float) -> float:
    """Activations held at once: checkpoints, the inside of a segment, and what backward needs.

    That is one gradient, and the gradient of one matrix, which weighs `weight` activations.
    """
    segments = math.ceil(n / k)
    last = n - (segments - 1) * k  # layers of the last segment, which may be shorter
    at_last = segments + c * last + 1 + weight
    before = segments - 1 + c * k + 2 if segments > 1 else 0  # a gradient goes in, another out
    return max(at_last, before)


def peak_nested(k: int, depth: int, c: int, weight: float) -> float:
    """The same for n = k^depth layers: k - 1 inputs on every level above the lowest."""
    return 1 + (k - 1) * (depth - 1) + c * k + 1 + weight


def runs_nested(k: int, depth: int) -> float:
    """Forward runs of a layer. Inner levels skip their last part: its input is all one needs."""
    return 1 if depth == 1 else 2 + (depth - 2) * (1 - 1 / k)


def fitted(n: int, ks: Sequence[int], peaks: Sequence[float]) -> tuple[float, float]:
    """a and c of the curve a n/k + c k + rest that lies nearest to the measured peaks."""
    rows = torch.tensor([[n / k, k, 1] for k in ks], dtype=torch.double)
    solved = torch.linalg.lstsq(rows, torch.tensor(peaks, dtype=torch.double)[:, None]).solution
    return solved[0].item(), solved[1].item()


def sweep(bench: Bench, c: int, rounds: int, axes: tuple[Any, Any]) -> float:
    """Measure a step without checkpoints and one for every k; return the largest error."""
    n, weight = len(bench.layers), bench.data.shape[1] / bench.data.shape[0]
    ks = sorted({2**i for i in range(n.bit_length())} | {n, max(1, round(math.sqrt(n / c)))})
    chains: list[Chain] = [plain, *(lambda ls, x, k=k: in_segments(ls, x, k) for k in ks)]
    times = bench.times(chains, rounds)
    forward, backward = times[0]
    ratios = [sum(took) / (forward + backward) for took in times]
    counted = [bench.measure(chain) for chain in chains]
    theory = [peak_in_segments(n, k, c, weight) for k in (n, *ks)]

    print(f"\n{n} layers that save {c} each; unit: one activation of {bench.data.nbytes:,} bytes")
    print(f"{'k':>5} {'n/k':>6} {'c k':>5} {'theory':>8} {'counted':>8} {'error':>6}", end="")
    print(f" {'operations':>11} {'time':>6}")
    for k, should, came, longer in zip((0, *ks), theory, counted, ratios, strict=True):
        shown = (
            f"{k:>5} {math.ceil(n / k):>6} {c * k:>5}" if k else f"{'none':>5} {'':>6} {c * n:>5}"
        )
        ratio = came.operations / counted[0].operations
        print(f"{shown} {should:8.2f} {came.peak:8.2f} {came.peak - should:+6.2f}", end="")
        print(f" {ratio:11.4f} {longer:6.2f}")

    peaks = [came.peak for came in counted[1:]]
    least = min(range(len(ks)), key=peaks.__getitem__)
    print(f"least at k = {ks[least]}: {peaks[least]:.2f};", end=" ")
    print(f"sqrt(n/c) = {math.sqrt(n / c):.2f}, 2 sqrt(c n) = {2 * math.sqrt(c * n):.2f}")
    if all(n % k == 0 for k in ks):
        a_fit, c_fit = fitted(n, ks, peaks)
        print(
            f"fitted a n/k + c k + rest: a = {a_fit:.3f} (theory 1), c = {c_fit:.3f} (theory {c})"
        )
    alone = 1 + forward / (forward + backward)
    print(f"time: B/F = {backward / forward:.2f}; one more forward pass alone would make", end=" ")
    print(f"{alone:.2f}")

    memory, cost = axes
    smooth = torch.logspace(0, math.log2(n), 100, base=2).tolist()
    (curve,) = memory.plot(smooth, [n / k + c * k + 1 + weight for k in smooth], linewidth=1)
    memory.plot(ks, peaks, "o", color=curve.get_color(), label=f"c = {c}, counted")
    memory.axhline(counted[0].peak, color=curve.get_color(), linestyle=":")
    memory.plot(ks[least], peaks[least], "o", ms=13, mfc="none", color=curve.get_color())
    cost.plot(ks, ratios[1:], "o-", label=f"c = {c}, time")
    cost.axhline(alone, color=curve.get_color(), linestyle="--", label="one more forward pass")
    return max(abs(came.peak - should) for came, should in zip(counted, theory, strict=True))


def sweep_nested(bench: Bench, c: int) -> float:
    """Checkpoints within checkpoints, for every k and depth with k^depth = n."""
    n, weight = len(bench.layers), bench.data.shape[1] / bench.data.shape[0]
    worst = 0.0
    print(f"\n{n} layers cut into k parts again and again")
    print(f"{'k':>5} {'levels':>7} {'theory':>8} {'counted':>8} {'error':>6}", end="")
    print(f" {'runs: theory':>14} {'counted':>8}")
    for depth in range(1, n.bit_length()):
        k = round(n ** (1 / depth))
        if k**depth != n:
            continue
        came = bench.measure(lambda ls, x, k=k: nested(ls, x, k))
        should, runs = peak_nested(k, depth, c, weight), runs_nested(k, depth)
        print(
            f"{k:>5} {depth:>7} {should:8.2f} {came.peak:8.2f} {came.peak - should:+6.2f}", end=""
        )
        print(f" {runs:14.4f} {came.runs:8.4f}")
        worst = max(worst, abs(came.peak - should), abs(came.runs - runs))
    return worst


def compare_own(bench: Bench, k: int) -> None:
    """`checkpoint` above: the same gradients as without it, and its own peak."""

    def chain(layers: Sequence[Layer], x: Tensor) -> Tensor:
        for start in range(0, len(layers), k):
            segment = layers[start : start + k]
            weights = [weight for layer in segment for weight in layer.parameters()]
            x = checkpoint(lambda x, s=segment: plain(s, x), x, *weights)
        return x

    weights = [weight for layer in bench.layers for weight in layer.parameters()]
    bench.measure(plain)
    should = [weight.grad for weight in weights]
    peak = bench.measure(chain).peak
    furthest = max(
        (weight.grad - grad).abs().max().item()
        for weight, grad in zip(weights, should, strict=True)
    )
    print(f"\nour own checkpoint, k = {k}: peak {peak:.2f}")
    print(f"its gradients differ from those of a plain run by {furthest:.1e}")


def main(
    layers: Annotated[int, typer.Option(help="Layers n.", min=4, max=256)] = 16,
    inside: Annotated[int, typer.Option(help="c of the second sweep.", min=2, max=16)] = 4,
    width: Annotated[int, typer.Option(help="Width of a layer.", min=4, max=512)] = 32,
    batch: Annotated[int, typer.Option(help="Examples; >= width.", min=16, max=4096)] = 512,
    rounds: Annotated[int, typer.Option(help="Rounds of the timing.", min=1, max=20)] = 2,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.", min=0)] = 0,
) -> None:
    """Sweep the distance of checkpoints, count the peak, and hold it against the curve."""
    if batch < width:
        raise typer.BadParameter("batch must not be less than width, or weights weigh the most")
    if layers * inside * batch * width > 2**28:
        raise typer.BadParameter("layers * inside * batch * width must not exceed 2^28 (1 GiB)")
    torch.set_num_threads(1)  # so small are the products that threads would mostly wait
    torch.manual_seed(seed)
    data = torch.randn(batch, width)
    benches = {c: Bench([Layer(width, c) for _ in range(layers)], data) for c in (1, inside)}

    figure, axes = plt.subplots(1, 2, figsize=(10, 4))
    worst = [sweep(bench, c, rounds, tuple(axes)) for c, bench in benches.items()]
    worst.append(sweep_nested(benches[1], 1))
    print(f"\nlargest error of the theory: {max(worst):.3f}")
    compare_own(benches[1], max(1, round(math.sqrt(layers))))

    for axis in axes:
        axis.set_xscale("log", base=2)
        axis.set_xlabel("layers k in a segment")
        axis.xaxis.set_major_formatter("{x:g}")
    axes[0].set_yscale("log", base=2)
    axes[0].yaxis.set_major_formatter("{x:g}")
    axes[0].set(ylabel="activations at once", title="Peak memory (dotted: no checkpoints)")
    axes[1].set_ylabel("of a step without checkpoints")
    axes[1].set(ylim=(0, None), title="Cost of a step")
    axes[1].axhline(4 / 3, color="black", linewidth=1, label="operations, counted: 4/3")
    axes[0].legend(loc="upper center")
    axes[1].legend(loc="lower left")
    figure.tight_layout()
    plt.show()


if __name__ == "__main__":
    typer.run(main)
