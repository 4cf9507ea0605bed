"""A continuous flow on two moons beside a discrete one, and the variance of Hutchinson's estimate.

The continuous flow moves points by dx/dt = f(x, t) from the data at t = 0 to a normal law at t = 1;
its divergence is computed exactly, in closed form. The discrete one is a stack of planar layers.
Measured: both losses, what the solver's steps do to likelihood and round trip, and the variance of
Hutchinson's estimate on a matrix, for signs and for normal noise, beside the formulas.

References
  D. J. Rezende, S. Mohamed: Variational Inference with Normalizing Flows, 2015, arXiv:1505.05770.
  R. T. Q. Chen et al.: Neural Ordinary Differential Equations, 2018, arXiv:1806.07366.
  W. Grathwohl et al.: FFJORD, 2018, arXiv:1810.01367.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from tqdm import tqdm

NOISE, SCALE, WIDTH = 0.1, 1.5, 64
SIZE, DRAWS = 16, 20_000  # of the matrix for Hutchinson, and how often its trace is estimated


def trace_estimate(f: Callable[[Tensor], Tensor], x: Tensor, e: Tensor) -> Tensor:
    """Hutchinson's estimate e^T J e of the trace of f's Jacobian at each row of x, (batch,).

    f: maps rows to rows, (batch, d) to (batch, d), each by itself; x, e: (batch, d). One backward
    pass, no Jacobian in memory; the result can be differentiated once more.
    """
    # exercise: one vector-Jacobian product of f at x with e, then the product with e, row by row
    # A training step differentiates the estimate itself: the backward pass must be recorded.
    # solution
    with torch.enable_grad():
        point = x if x.requires_grad else x.detach().requires_grad_()
        (product,) = torch.autograd.grad(f(point), point, e, create_graph=True)
    return (product * e).sum(-1)
    # end


def check(seed: int = 0) -> None:
    """Judge trace_estimate: by hand, exact means over all signs, single draws, second gradients."""
    matrix = torch.tensor([[2.0, 1.0], [1.0, 3.0]])
    for signs, should in (((1, 1), 7.0), ((1, -1), 3.0)):
        e = torch.tensor([signs], dtype=torch.float32)
        case = {"J": matrix, "e": e}
        came = trace_estimate(lambda x: x @ matrix.T, torch.zeros(1, 2), e)
        assert came.shape == (1,), "one number for each row"
        came = float(came)
        assert abs(came - should) < 1e-5, "differs from e^T J e of the worked example"
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    for batch, size in ((1, 1), (2, 2), (3, 4), (2, 6)):
        inner, outer = normal(size, 5), normal(5, size)

        def f(x: Tensor, a: Tensor = inner, b: Tensor = outer) -> Tensor:
            return (x @ a).tanh() @ b

        x, e = normal(batch, size), normal(batch, size)
        case = {"x": x, "e": e}
        jacobian = torch.stack(
            [torch.autograd.functional.jacobian(lambda r, g=f: g(r[None])[0], row) for row in x]
        )
        came = trace_estimate(f, x, e)
        should = torch.einsum("bi,bij,bj->b", e, jacobian, e)
        assert came.shape == should.shape, "one number for each row"
        assert torch.allclose(came, should), "differs from e^T J e"
        every = torch.tensor(list(itertools.product((-1.0, 1.0), repeat=size))).double()
        case = {"x": x[:1], "e": "all signs, averaged"}
        came = trace_estimate(f, x[:1].repeat(len(every), 1), every).mean()
        should = jacobian[0].trace()
        assert torch.allclose(came, should, atol=1e-10), "the mean over all signs is not the trace"
    weight = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    x, e = normal(3, 2), torch.ones(3, 2, dtype=torch.float64)
    case = {"f": "w x^2 / 2", "x": x, "e": e}
    estimate = trace_estimate(lambda v: weight * v.square() / 2, x, e)
    assert estimate.requires_grad, "the estimate must be differentiable in the weights of f"
    (came,) = torch.autograd.grad(estimate.sum(), weight)
    should = x.sum(0)
    assert torch.allclose(came, should), "the gradient of the estimate in the weights is wrong"


class Field(nn.Module):
    """A velocity in the plane with one hidden layer; its divergence is known in closed form."""

    def __init__(self) -> None:
        super().__init__()
        self.inner, self.outer = nn.Linear(3, WIDTH), nn.Linear(WIDTH, 2)
        nn.init.zeros_(self.outer.weight)

    def forward(self, t: float, x: Tensor) -> tuple[Tensor, Tensor]:
        """Velocity (n, 2) and divergence (n,) at time t and points x: (n, 2)."""
        hidden = self.inner(torch.cat([x, x.new_full((len(x), 1), t)], -1)).tanh()
        slope = (self.outer.weight.T * self.inner.weight[:, :2]).sum(-1)
        return self.outer(hidden), (1 - hidden.square()) @ slope


def solve(field: Field, x: Tensor, steps: int, start: float = 0.0, end: float = 1.0):
    """Runge-Kutta of order four: end points (n, 2) and the integral of the divergence (n,)."""
    h, total = (end - start) / steps, x.new_zeros(len(x))
    for step in range(steps):
        t = start + step * h
        k1, d1 = field(t, x)
        k2, d2 = field(t + h / 2, x + h / 2 * k1)
        k3, d3 = field(t + h / 2, x + h / 2 * k2)
        k4, d4 = field(t + h, x + h * k3)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        total = total + h / 6 * (d1 + 2 * d2 + 2 * d3 + d4)
    return x, total


class Planar(nn.Module):
    """Planar layers z + u tanh(w z + b), kept invertible by a shift of u along w."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.u = nn.Parameter(0.1 * torch.randn(layers, 2))
        self.w = nn.Parameter(torch.randn(layers, 2))
        self.b = nn.Parameter(torch.zeros(layers))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: (n, 2). Latents (n, 2) and log-determinants (n,)."""
        total = x.new_zeros(len(x))
        for u, w, b in zip(self.u, self.w, self.b, strict=True):
            along = w @ u
            u = u + (F.softplus(along) - 1 - along) * w / (w @ w)  # now w @ u > -1
            hidden = (x @ w + b).tanh()
            x = x + hidden[:, None] * u
            total = total + (1 + (1 - hidden.square()) * (w @ u)).log()
        return x, total


def moons(count: int, generator: torch.Generator) -> Tensor:
    """Points near two interleaved half circles, (count, 2)."""
    angle = math.pi * torch.rand(count, generator=generator)
    arc = SCALE * torch.stack([angle.cos() - 0.5, angle.sin() - 0.25], -1)
    sign = torch.where(torch.rand(count, 1, generator=generator) < 0.5, 1.0, -1.0)
    return sign * arc + SCALE * NOISE * torch.randn(count, 2, generator=generator)


def log_density(z: Tensor, log_det: Tensor) -> Tensor:
    """Of data points with latents z: (n, 2) and log-determinants (n,), in nats, (n,)."""
    return -z.square().sum(-1) / 2 - math.log(2 * math.pi) + log_det


def train(flow: Callable[[Tensor], tuple[Tensor, Tensor]], parameters, steps: int, seed: int):
    """Maximum likelihood on fresh points."""
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(parameters, lr=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in tqdm(range(steps), leave=False):
        loss = -log_density(*flow(moons(256, generator))).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()


def hutchinson(seed: int) -> None:
    """Variance of the estimate on a matrix, measured over its formula, for both kinds of noise.

    What stands after +- are three standard errors.
    """
    generator = torch.Generator().manual_seed(seed)
    matrix = torch.randn(SIZE, SIZE, generator=generator, dtype=torch.float64)
    symmetric = (matrix + matrix.T) / 2
    whole = 2 * float(symmetric.square().sum())
    off = whole - 2 * float(symmetric.diagonal().square().sum())
    shape = (DRAWS, SIZE)
    normal = torch.randn(shape, generator=generator, dtype=torch.float64)
    signs = torch.randint(2, shape, generator=generator).double() * 2 - 1
    print(f"\nHutchinson on a random {SIZE} x {SIZE} matrix of trace {matrix.trace():.3f}, "
          f"{DRAWS} draws")  # fmt: skip
    for name, noise, theory in (("signs", signs, off), ("normal", normal, whole)):
        values = trace_estimate(lambda x: x @ matrix.T, torch.zeros_like(noise), noise)
        error = 3 * float(values.std()) / DRAWS**0.5
        print(f"  {name:7s} mean {float(values.mean()):8.3f} +- {error:.3f}"
              f"   variance / formula {float(values.var()) / theory:.3f} +- 0.04")  # fmt: skip


@torch.no_grad()
def draw(field: Field, x: Tensor) -> None:
    """Paths from the data to the normal law, and the density."""
    figure, (paths, density) = plt.subplots(1, 2, figsize=(10, 4.4))
    places = [x[:120]]
    for step in range(32):
        places.append(solve(field, places[-1], 1, step / 32, (step + 1) / 32)[0])
    lines = torch.stack(places)
    paths.plot(lines[:, :, 0], lines[:, :, 1], lw=0.5, color="tab:gray")
    paths.scatter(*lines[0].T, s=6, label="data")
    paths.scatter(*lines[-1].T, s=6, label="latents")
    paths.set_title("paths: they never cross at one time")
    paths.legend()
    axis = torch.linspace(-3, 3, 121)
    values = log_density(*solve(field, torch.cartesian_prod(axis, axis), 8)).exp()
    density.imshow(values.reshape(121, 121).T, origin="lower", extent=(-3, 3, -3, 3))
    density.set_title("density of the continuous flow")
    figure.tight_layout()
    plt.show()


def main(
    steps: Annotated[int, typer.Option(min=10, max=20_000, help="Steps of training")] = 600,
    layers: Annotated[int, typer.Option(min=1, max=200, help="Planar layers")] = 16,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Train both flows, refine the solver, and check Hutchinson's variance."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    field, planar = Field(), Planar(layers)
    train(lambda x: solve(field, x, 4), field.parameters(), steps, seed)
    train(planar, planar.parameters(), steps, seed)
    x = moons(4000, torch.Generator().manual_seed(seed + 1))
    print("two moons: loss on new points in nats (entropy of the data: 1.82)")
    with torch.no_grad():
        for name, flow, model in (("continuous", lambda x: solve(field, x, 8), field),
                                  (f"{layers} planar", planar, planar)):  # fmt: skip
            losses = -log_density(*flow(x))
            count = sum(p.numel() for p in model.parameters())
            error = float(losses.std()) / len(x) ** 0.5
            print(f"  {name:12s} {float(losses.mean()):.3f} +- {error:.3f}   {count} parameters")
        print("\nsolver steps   loss      round trip")
        for count in (2, 4, 8, 32):
            z, total = solve(field, x, count)
            back, _ = solve(field, z, count, 1.0, 0.0)
            trip = float((back - x).abs().max())
            print(f"  {count:4d}      {float(-log_density(z, total).mean()):.5f}   {trip:.0e}")
        axis = torch.linspace(-6, 6, 241)
        mass = log_density(*solve(field, torch.cartesian_prod(axis, axis), 8)).exp().sum() * 0.05**2
    print(f"  (expected: the density sums to 1; it sums to {float(mass):.4f})")
    hutchinson(seed)
    draw(field, x)


if __name__ == "__main__":
    typer.run(main)
