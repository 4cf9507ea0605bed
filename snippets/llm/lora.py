"""LoRA on one layer: what a rank can reach, what the first step is, and the scale alpha / r.

A frozen layer is tuned towards a target that differs from it by a matrix of rank 4 with the
singular values 4, 3, 2, 1. The inputs are whitened, the loss is the square error and the batch is
the whole data set. Under these hypotheses the least loss that a rank r can reach is the sum of
the squared singular values that it leaves out (Eckart and Young, 1936).

References
  E. J. Hu et al.: LoRA: Low-Rank Adaptation of Large Language Models, 2021, arXiv:2106.09685.
  D. Kalajdzievski: A Rank Stabilization Scaling Factor, 2023, arXiv:2312.03732.
"""

from __future__ import annotations

import math
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from tqdm import tqdm

SPECTRUM = (4.0, 3.0, 2.0, 1.0)
RANKS = (1, 2, 3, 4, 8)
OUT, IN, ROWS = 32, 48, 256


class LoRALinear(nn.Module):
    """A frozen linear layer plus (alpha / r) B A, which alone is trained.

    base: the layer to adapt, used and frozen in place; A is (r, in), B is (out, r). After merge()
    the change stands in base.weight and forward costs what base costs; unmerge() takes it out.
    """

    # exercise: __init__(base, r, alpha), forward(x), merge() and unmerge()
    # Name the two parameters A and B. A starts like nn.Linear's weight, B as zeros.
    # solution
    def __init__(self, base: nn.Linear, r: int, alpha: float) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        like = {"dtype": base.weight.dtype, "device": base.weight.device}
        self.A = nn.Parameter(torch.empty(r, base.in_features, **like))
        nn.init.kaiming_uniform_(self.A, a=math.sqrt(5))
        self.B = nn.Parameter(torch.zeros(base.out_features, r, **like))
        self.scale = alpha / r
        self.merged = False

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., in). The base's output plus the change's, (..., out)."""
        y = self.base(x)
        return y if self.merged else y + self.scale * (x @ self.A.T) @ self.B.T

    @torch.no_grad()
    def merge(self) -> None:
        """Add the change to the base's weight, once."""
        if not self.merged:
            self.base.weight += self.scale * self.B @ self.A
            self.merged = True

    @torch.no_grad()
    def unmerge(self) -> None:
        """Take the change out again."""
        if self.merged:
            self.base.weight -= self.scale * self.B @ self.A
            self.merged = False

    # end


def check(seed: int = 0) -> None:
    """Judge LoRALinear: its start, its formula, its gradients, merging once, twice and back."""
    generator = torch.Generator().manual_seed(seed)
    for inputs, outputs, r, alpha, bias in (
        (1, 1, 1, 1.0, False), (2, 3, 1, 2.0, True), (4, 3, 2, 8.0, False), (7, 5, 3, 1.5, True),
        (3, 8, 4, 16.0, True),
    ):  # fmt: skip
        case = {"in": inputs, "out": outputs, "r": r, "alpha": alpha, "bias": bias}
        base = nn.Linear(inputs, outputs, bias=bias, dtype=torch.float64)
        old = base.weight.detach().clone()
        offset = base.bias.detach().clone() if bias else torch.zeros(outputs, dtype=torch.float64)
        layer = LoRALinear(base, r, alpha)
        x = torch.randn(2, 3, inputs, generator=generator, dtype=torch.float64)
        came, should = layer(x), x @ old.T + offset
        assert came.shape == should.shape, "leading dimensions must be kept"
        assert torch.allclose(came, should, atol=1e-12), "before training nothing may change"
        trained = [part for part in layer.parameters() if part.requires_grad]
        came, should = sum(part.numel() for part in trained), r * (inputs + outputs)
        assert came == should, "r (in + out) numbers are trained, those of A and B"
        came, should = tuple(layer.A.shape), (r, inputs)
        assert came == should, "the shape of A"
        came, should = tuple(layer.B.shape), (outputs, r)
        assert came == should, "the shape of B"
        target = torch.randn(2, 3, outputs, generator=generator, dtype=torch.float64)
        (layer(x) - target).square().sum().backward()
        came = base.weight.grad
        should = None
        assert came is None and (not bias or base.bias.grad is None), "the base gets no gradient"
        assert layer.A.grad is not None and layer.B.grad is not None, "A and B belong to the graph"
        came, should = float(layer.A.grad.abs().max()), 0.0
        assert came == should, "at the start A has the gradient zero"
        came, should = float(layer.B.grad.abs().max()), "not 0"
        assert came > 0, "at the start B has a gradient; is A zero as well?"
        with torch.no_grad():
            layer.B.copy_(torch.randn(outputs, r, generator=generator, dtype=torch.float64))
        change = (alpha / r) * layer.B.detach() @ layer.A.detach()
        came, should = layer(x).detach(), x @ (old + change).T + offset
        assert torch.allclose(came, should), "not W x + (alpha / r) B A x + b"
        layer.merge()
        came, should = base.weight.detach().clone(), old + change
        assert torch.allclose(came, should), "merge() must put the change into base.weight"
        came, should = layer(x).detach(), x @ (old + change).T + offset
        assert torch.allclose(came, should), "after merge() the output must be the same"
        layer.merge()
        came, should = layer(x).detach(), x @ (old + change).T + offset
        assert torch.allclose(came, should), "to merge twice must be to merge once"
        assert not base.weight.requires_grad, "the base must stay frozen"
        layer.unmerge()
        came, should = base.weight.detach().clone(), old
        assert torch.allclose(came, should), "unmerge() must give back the old weight"
        came, should = layer(x).detach(), x @ (old + change).T + offset
        assert torch.allclose(came, should), "after unmerge() the output must be the same"
        layer.unmerge()
        came, should = base.weight.detach().clone(), old
        assert torch.allclose(came, should), "to unmerge twice must be to unmerge once"


def frozen(generator: torch.Generator, outputs: int = OUT, inputs: int = IN) -> nn.Linear:
    """A linear layer without bias, with normal weights of deviation 1 / sqrt(inputs)."""
    layer = nn.Linear(inputs, outputs, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.randn(outputs, inputs, generator=generator) / math.sqrt(inputs))
    return layer


def orthonormal(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    """Random orthonormal columns, (rows, columns)."""
    return torch.linalg.qr(torch.randn(rows, columns, generator=generator))[0]


def target_change(generator: torch.Generator) -> Tensor:
    """A change of rank 4 with the singular values of SPECTRUM, (OUT, IN)."""
    left, right = orthonormal(OUT, 4, generator), orthonormal(IN, 4, generator)
    return left @ torch.diag(torch.tensor(SPECTRUM)) @ right.T


def floor(r: int) -> float:
    """The least square error of a change of rank r."""
    return sum(value**2 for value in SPECTRUM[r:])


def tune(layer: LoRALinear, x: Tensor, y: Tensor, steps: int) -> list[float]:
    """Train A and B on the summed square error with Adam; the loss before each step and at last."""
    optimiser = torch.optim.Adam([layer.A, layer.B], lr=2e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    losses = []
    for _ in tqdm(range(steps), desc=f"r = {layer.A.shape[0]}", leave=False):
        loss = (layer(x) - y).square().sum()
        losses.append(float(loss.detach()))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    losses.append(float((layer(x) - y).square().sum().detach()))
    return losses


def reach(steps: int, generator: torch.Generator) -> tuple[dict[int, list[float]], Tensor]:
    """Tune at each rank beside its floor; loss curves, and the singular values at rank 2."""
    base, change = frozen(generator), target_change(generator)
    x = orthonormal(ROWS, IN, generator)
    y = x @ (base.weight.detach() + change).T
    curves = {}
    print("the change to learn has the singular values 4, 3, 2, 1; inputs are white")
    print("  r   trained   floor       loss   too much   singular values learnt")
    for r in RANKS:
        copy = nn.Linear(IN, OUT, bias=False)
        copy.load_state_dict(base.state_dict())
        layer = LoRALinear(copy, r, alpha=r)
        curves[r] = tune(layer, x, y, steps)
        values = torch.linalg.svdvals((layer.scale * layer.B @ layer.A).detach())[: min(r, 5)]
        if r == 2:
            second = values
        shown = " ".join(f"{value:.3f}" for value in values.tolist())
        over = curves[r][-1] - floor(r)
        print(
            f"{r:3d} {r * (OUT + IN):9d} {floor(r):7.0f} {curves[r][-1]:10.5f} {over:10.1e}   ",
            end="",
        )
        print(shown)
    print(f"  all {OUT * IN:7d}       0   (expected after 600 steps: too much below 1e-3)")
    z = torch.randn(ROWS, IN, generator=generator)
    with torch.no_grad():
        before = layer(z)
        layer.merge()
        apart = float((layer(z) - before).abs().max())
    print(f"merged and unmerged outputs differ by at most {apart:.0e} (expected below 1e-4)")
    return curves, second


def first_step(generator: torch.Generator) -> None:
    """One step of gradient descent on A and B, beside -eta s^2 G A^T A."""
    layer = LoRALinear(frozen(generator).double(), r=4, alpha=8.0)
    x = torch.randn(ROWS, IN, generator=generator, dtype=torch.float64)
    y = torch.randn(ROWS, OUT, generator=generator, dtype=torch.float64)
    rate, old = 1e-3, layer.A.detach().clone()
    output = layer(x)
    (output - y).square().mean().backward()
    gradient = 2 * (output.detach() - y).T @ x / y.numel()  # of the full weight
    with torch.no_grad():
        layer.B -= rate * layer.B.grad
        layer.A -= rate * layer.A.grad
        change = layer.scale * layer.B @ layer.A
    theory = -rate * layer.scale**2 * gradient @ old.T @ old
    error = float((change - theory).norm() / theory.norm())
    print("\nfirst step of gradient descent from B = 0, r = 4, alpha/r = 2")
    print(f"  |change - theory| / |theory| = {error:.0e} (expected below 1e-12)")


def coloured(steps: int, generator: torch.Generator) -> None:
    """Rank 2 when the inputs are not white: the SVD of the full change is no longer the best."""
    base, change = frozen(generator), target_change(generator)
    spread = torch.logspace(1, -1, IN, base=2)  # deviations from 2 to 0.5
    x = orthonormal(ROWS, IN, generator) * spread
    y = x @ (base.weight.detach() + change).T

    def loss(candidate: Tensor) -> float:
        return float((x @ (candidate - change).T).square().sum())

    def cut(matrix: Tensor) -> Tensor:
        left, values, right = torch.linalg.svd(matrix, full_matrices=False)
        return left[:, :2] * values[:2] @ right[:2]

    best = loss(cut(change * spread) / spread)
    layer = LoRALinear(base, 2, alpha=2)
    trained = tune(layer, x, y, 2 * steps)[-1]
    print("\nrank 2, inputs with deviations from 2 to 0.5, which are not white")
    print(f"  SVD of the full change {loss(cut(change)):9.5f}")
    print(f"  LoRA, trained          {trained:9.5f}")
    print(f"  theory, weighted SVD   {best:9.5f}   (expected within 0.001 of it)")


ALL_RANKS = (1, 4, 16, 64)


def one_step(r: int, scale: float, generator: torch.Generator) -> tuple[float, float]:
    """One Adam step of a 256 x 256 layer: size of what is added, and first-order gain in loss."""
    width = 256
    layer = LoRALinear(frozen(generator, width, width), r, alpha=scale * r)
    x, y = (torch.randn(512, width, generator=generator) for _ in range(2))
    optimiser = torch.optim.Adam([layer.A, layer.B], lr=1e-3)
    before = layer(x)
    loss = (before - y).square().mean()
    loss.backward()
    optimiser.step()
    gradient = 2 * (before.detach() - y).T @ x / y.numel()
    with torch.no_grad():
        size = (layer(x) - before).square().mean().sqrt()
        gain = -(gradient * (layer.scale * layer.B @ layer.A)).sum()
    return float(size), float(gain)


def scales(generator: torch.Generator) -> dict[str, list[tuple[float, float]]]:
    """Size and gain of the first Adam step at alpha = 16, for both scales."""
    found = {
        "alpha/r": [one_step(r, 16 / r, generator) for r in ALL_RANKS],
        "alpha/sqrt(r)": [one_step(r, 16 / math.sqrt(r), generator) for r in ALL_RANKS],
    }
    print("\nfirst Adam step, alpha = 16: size of what is added, and gain in loss")
    print("                       " + "".join(f"{f'r = {r}':>10s}" for r in ALL_RANKS))
    for part, what in enumerate(("size", "gain")):
        for name, row in found.items():
            numbers = "".join(f"{pair[part]:10.5f}" for pair in row)
            print(f"  {what}, {name:13s}    {numbers}")
    few, many = found["alpha/r"][0], found["alpha/r"][-1]
    print("alpha/r from r = 1 to 64 (expected within 30 %)")
    print(f"  size divided by {few[0] / many[0]:.2f}, theory sqrt(64) = 8")
    print(f"  gain divided by {few[1] / many[1]:.2f}, theory 1")
    return found


def draw(curves: dict[int, list[float]], found: dict[str, list[tuple[float, float]]]) -> None:
    """Loss curves over their floors; size and gain of the first step over the rank."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4))
    for r, losses in curves.items():
        line = left.plot([max(loss, 1e-6) for loss in losses], label=f"r = {r}")[0]
        if floor(r) > 0:
            left.axhline(floor(r), color=line.get_color(), linestyle="--", linewidth=0.8)
    left.set_yscale("log")
    left.set_ylim(1e-6, 100)
    left.set_xlabel("step")
    left.set_ylabel("square error; dashed: floor of the rank")
    left.legend()
    for part, (axes, title) in enumerate(((middle, "size"), (right, "gain"))):
        for name, row in found.items():
            axes.loglog(ALL_RANKS, [pair[part] for pair in row], marker="o", label=name)
        axes.set_xlabel("rank")
        axes.set_title(f"{title} of the first step")
        axes.legend()
    figure.tight_layout()
    plt.show()


def main(
    steps: Annotated[int, typer.Option(min=1, max=20_000, help="Steps at each rank")] = 600,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Tune at five ranks beside their floors; the first step; the SVD; two ways to scale."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    curves, second = reach(steps, generator)
    kept = " and ".join(f"{value:.3f}" for value in second.tolist())
    print(f"rank 2 has learned the singular values {kept}, the two largest")
    first_step(generator)
    coloured(steps, generator)
    draw(curves, scales(generator))


if __name__ == "__main__":
    typer.run(main)
