"""A coupling flow on two moons: affine against additive layers, with the data's entropy as floor.

Both flows have the same networks. The affine one may change volumes, the additive one may not. The
loss in nats cannot fall below the entropy of the data, which is known here: noise around two arcs.
Checked on the trained flow: the round trip, the log-determinant against autograd's Jacobian, and
that the density sums to one.

References
  L. Dinh, D. Krueger, Y. Bengio: NICE, 2014, arXiv:1410.8516.
  L. Dinh, J. Sohl-Dickstein, S. Bengio: Density Estimation Using Real NVP, 2016, arXiv:1605.08803.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from tqdm import tqdm

NOISE, SCALE, BOUND, WIDTH = 0.1, 1.5, 1.5, 32


class Coupling(nn.Module):
    """An affine coupling: the first ceil(D/2) numbers stay and say how the others are changed.

    `net` maps (..., ceil(D/2)) to a pair s, t of (..., floor(D/2)): log-scales and shifts.
    """

    def __init__(self, net: Callable[[Tensor], tuple[Tensor, Tensor]]) -> None:
        super().__init__()
        self.net = net

    # exercise: forward(x) -> (y, log_det) and inverse(y) -> x, the rest scaled, then shifted
    # log_det has one number for each row: the logarithm of |det dy/dx|.
    # solution
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: (..., D). The changed rows (..., D) and their log-determinants (...)."""
        kept, rest = x.chunk(2, -1)
        s, t = self.net(kept)
        return torch.cat([kept, rest * s.exp() + t], -1), s.sum(-1)

    def inverse(self, y: Tensor) -> Tensor:
        """The rows x that forward turns into y, (..., D)."""
        kept, rest = y.chunk(2, -1)
        s, t = self.net(kept)
        return torch.cat([kept, (rest - t) * (-s).exp()], -1)

    # end


def check(seed: int = 0) -> None:
    """Judge Coupling: by hand, the round trip, autograd's determinant, odd and even widths."""

    def by_hand(a: Tensor) -> tuple[Tensor, Tensor]:
        return a / 2, a

    layer = Coupling(by_hand)
    case = {"x": torch.tensor([[1.0, 2.0]]), "s": "a / 2", "t": "a"}
    came = layer(case["x"])
    should = (torch.tensor([[1.0, 2 * math.exp(0.5) + 1]]), torch.tensor([0.5]))
    assert torch.allclose(came[0], should[0]), "the worked example has another output"
    assert came[1].shape == should[1].shape, "one log-determinant for each row"
    assert torch.allclose(came[1], should[1]), "the worked example has another log-determinant"
    generator = torch.Generator().manual_seed(seed)
    for batch, width in ((1, 2), (2, 3), (3, 4), (2, 5)):
        kept, rest = (width + 1) // 2, width // 2
        matrix = torch.randn(kept, 2 * rest, generator=generator, dtype=torch.float64)

        def net(a: Tensor, m: Tensor = matrix) -> tuple[Tensor, Tensor]:
            s, t = (a @ m).tanh().chunk(2, -1)
            return s, 3 * t

        layer = Coupling(net)
        x = torch.randn(batch, width, generator=generator, dtype=torch.float64)
        case = {"x": x, "width": width}
        y, log_det = layer(x)
        came, should = tuple(y.shape), tuple(x.shape)
        assert came == should, "no number may be lost or added"
        came, should = y[:, :kept], x[:, :kept]
        assert torch.equal(came, should), "the first part must stay (the larger one if D is odd)"
        came, should = layer.inverse(y), x
        assert came.shape == should.shape, "the inverse has another shape"
        assert torch.allclose(came, should, atol=1e-10), "the inverse does not give x back"
        jacobians = torch.stack(
            [torch.autograd.functional.jacobian(lambda v, m=layer: m(v)[0], row) for row in x]
        )
        came, should = log_det, torch.linalg.slogdet(jacobians)[1]
        assert came.shape == should.shape, "one log-determinant for each row"
        assert torch.allclose(came, should), "differs from the determinant of autograd's Jacobian"
    leaf = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    case = {"x": "ones", "s": 0, "t": 0}
    x = torch.ones(2, 2, dtype=torch.float64)
    y, log_det = Coupling(lambda a: (leaf * a, leaf * a))(x)
    came, should = y.detach(), x
    assert torch.equal(came, should), "s = t = 0 is the identity"
    (y.sum() + log_det.sum()).backward()
    came, should = float(leaf.grad), 6.0  # each row: d(exp(s) + t)/dw + ds/dw = 1 + 1 + 1
    assert abs(came - should) < 1e-9, "the gradient must flow into the network"


class Network(nn.Module):
    """One number to a bounded log-scale and a shift; with `volume` false the log-scale is 0."""

    def __init__(self, volume: bool) -> None:
        super().__init__()
        self.volume = volume
        self.layers = nn.Sequential(
            nn.Linear(1, WIDTH), nn.Tanh(), nn.Linear(WIDTH, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 2)
        )
        nn.init.zeros_(self.layers[-1].weight)
        nn.init.zeros_(self.layers[-1].bias)

    def forward(self, a: Tensor) -> tuple[Tensor, Tensor]:
        """a: (..., 1). Log-scale and shift, (..., 1) each."""
        s, t = self.layers(a).chunk(2, -1)
        return (BOUND * s.tanh() if self.volume else torch.zeros_like(s)), t


class Flow(nn.Module):
    """Couplings with the two numbers exchanged after each; from data x to normal z."""

    def __init__(self, layers: int, volume: bool) -> None:
        super().__init__()
        self.couplings = nn.ModuleList(Coupling(Network(volume)) for _ in range(layers))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x: (n, 2). Latents (n, 2) and log-determinants (n,)."""
        total = torch.zeros(len(x))
        for coupling in self.couplings:
            x, log_det = coupling(x)
            x, total = x.flip(-1), total + log_det
        return x, total

    def inverse(self, z: Tensor) -> Tensor:
        """z: (n, 2). The data points (n, 2) that forward turns into z."""
        for coupling in reversed(self.couplings):
            z = coupling.inverse(z.flip(-1))
        return z

    def log_density(self, x: Tensor) -> Tensor:
        """Log-density in nats at x: (n, 2), (n,)."""
        z, log_det = self(x)
        return -z.square().sum(-1) / 2 - math.log(2 * math.pi) + log_det


def arcs(angle: Tensor) -> tuple[Tensor, Tensor]:
    """The two half circles at the angles, (n, 2) each, centred and scaled."""
    upper = torch.stack([angle.cos() - 0.5, angle.sin() - 0.25], -1)
    return SCALE * upper, -SCALE * upper


def moons(count: int, generator: torch.Generator) -> Tensor:
    """Points near two interleaved half circles, (count, 2)."""
    upper, lower = arcs(math.pi * torch.rand(count, generator=generator))
    first = torch.rand(count, 1, generator=generator) < 0.5
    noise = SCALE * NOISE * torch.randn(count, 2, generator=generator)
    return torch.where(first, upper, lower) + noise


def entropy(generator: torch.Generator, count: int = 20_000) -> tuple[float, float]:
    """The entropy of the data in nats and its standard error, by the data's own density."""
    centres = torch.cat(arcs(math.pi * (torch.arange(400) + 0.5) / 400))
    width = SCALE * NOISE
    nats = []
    for x in moons(count, generator).split(2000):
        square = torch.cdist(x, centres).square()
        log_density = (-square / (2 * width**2)).logsumexp(-1) - math.log(len(centres))
        nats.append(math.log(2 * math.pi * width**2) - log_density)
    values = torch.cat(nats)
    return float(values.mean()), float(values.std()) / count**0.5


def train(volume: bool, layers: int, steps: int, seed: int) -> Flow:
    """Maximum likelihood on fresh points."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    flow = Flow(layers, volume)
    optimiser = torch.optim.Adam(flow.parameters(), lr=5e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in tqdm(range(steps), desc="affine" if volume else "additive", leave=False):
        loss = -flow.log_density(moons(256, generator)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return flow


@torch.no_grad()
def report(name: str, flow: Flow, x: Tensor) -> None:
    """Loss on new points and the three checks, one line each."""
    losses = -flow.log_density(x)
    loss, error = float(losses.mean()), float(losses.std()) / len(x) ** 0.5
    z, log_det = flow(x)
    trip = float((flow.inverse(z) - x).abs().max())
    with torch.enable_grad():
        jacobian = torch.autograd.functional.jacobian(lambda v: flow(v)[0].sum(0), x[:200])
    exact = torch.linalg.slogdet(jacobian.permute(1, 0, 2))[1]
    gap = float((exact - log_det[:200]).abs().max())
    axis = torch.linspace(-6, 6, 601)
    grid = torch.cartesian_prod(axis, axis)
    mass = float(flow.log_density(grid).exp().sum()) * 0.02**2
    print(f"  {name:9s} {loss:6.3f} +- {error:.3f}   {trip:.0e}   {gap:.0e}", end="")
    print(f"   {mass:.4f}   {float(log_det.std()):.3f}")


@torch.no_grad()
def draw(flows: list[tuple[str, Flow]], x: Tensor) -> None:
    """The densities of both flows, and a square grid of z carried back to the data."""
    figure, panels = plt.subplots(1, 3, figsize=(13, 4.2))
    axis = torch.linspace(-3, 3, 151)
    grid = torch.cartesian_prod(axis, axis)
    for (name, flow), panel in zip(flows, panels, strict=False):
        density = flow.log_density(grid).exp().reshape(151, 151).T
        panel.imshow(density, origin="lower", extent=(-3, 3, -3, 3), vmax=0.2)
        panel.set_title(f"{name}: density")
    lines = torch.linspace(-2, 2, 17)
    fine = torch.linspace(-2, 2, 200)
    for value in lines:
        for along in (torch.stack([fine, value.expand(200)], -1),
                      torch.stack([value.expand(200), fine], -1)):  # fmt: skip
            curve = flows[0][1].inverse(along)
            panels[2].plot(curve[:, 0], curve[:, 1], lw=0.6, color="tab:blue")
    panels[2].scatter(x[:300, 0], x[:300, 1], s=3, color="tab:orange")
    panels[2].set_title(f"{flows[0][0]}: grid of z, carried back")
    figure.tight_layout()
    plt.show()


def main(
    layers: Annotated[int, typer.Option(min=1, max=32, help="Couplings in each flow")] = 6,
    steps: Annotated[int, typer.Option(min=10, max=20_000, help="Steps of each training")] = 500,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Train an affine and an additive flow, and hold them against what is known exactly."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(seed + 1)
    floor, error = entropy(generator)
    x = moons(4000, generator)
    print(f"two moons: entropy of the data {floor:.3f} +- {error:.3f} nats, the floor of the loss")
    print(f"  {layers} layers  loss in nats    round    error of   mass of   spread of")
    print("                             trip     log-det    density   log-det")
    flows = [
        (name, train(name == "affine", layers, steps, seed)) for name in ("affine", "additive")
    ]
    for name, flow in flows:
        report(name, flow, x)
    print("  (expected: losses above the floor, mass 1 within 0.001, additive spread 0)")
    draw(flows, x)


if __name__ == "__main__":
    typer.run(main)
