"""Autoregressive models of tiny binary images: FVSBN and NADE, with every probability summed.

The data are all 3 x 3 images of bars or stripes, equally likely: 14 of 512 images, so the entropy
is log2(14) bits, and what a model needs beyond that is its Kullback-Leibler divergence, exactly.
Part 1 trains a logistic model of each pixel (FVSBN) and a NADE. Part 2 gives both the smallest
distribution that logistic conditionals cannot learn, parity: they stay exactly one bit short.

References
  H. Larochelle, I. Murray: The Neural Autoregressive Distribution Estimator, AISTATS 2011.
  B. J. Frey, G. E. Hinton, P. Dayan: Does the Wake-Sleep Algorithm Produce Good Density
    Estimators?, NIPS 1995.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  its usual name


def nade_log_likelihood(x: Tensor, w: Tensor, c: Tensor, v: Tensor, b: Tensor) -> Tensor:
    """Natural logarithm of the probability of each image, (batch,).

    x: (batch, n) of 0 and 1; w: (H, n), c: (H,) make the hidden state of the pixels before;
    v: (n, H), b: (n,) make the logit of each pixel. sigmoid is the activation.
    """
    # exercise: go through the pixels; the hidden state of pixel i knows the pixels before i only
    # One addition to the hidden state's input per pixel; stable logarithms.
    # solution
    inputs = c.expand(len(x), -1)
    total = torch.zeros(len(x), dtype=b.dtype)
    for i in range(x.shape[1]):
        logit = b[i] + torch.sigmoid(inputs) @ v[i]
        total = total + F.logsigmoid(torch.where(x[:, i] > 0, logit, -logit))
        inputs = inputs + x[:, i, None] * w[:, i]
    return total
    # end


def every_image(n: int) -> Tensor:
    """All 2^n images of n pixels, in the order of binary numbers."""
    return torch.tensor(list(product((0.0, 1.0), repeat=n)), dtype=torch.float64)


def reference(x: Tensor, w: Tensor, c: Tensor, v: Tensor, b: Tensor) -> Tensor:
    """The same by definition: every conditional from scratch."""
    rows = []
    for image in x:
        total = torch.zeros((), dtype=b.dtype)
        for i in range(len(image)):
            hidden = torch.sigmoid(c + w[:, :i] @ image[:i])
            logit = b[i] + v[i] @ hidden
            total = total - F.softplus(-logit if image[i] > 0 else logit)
        rows.append(total)
    return torch.stack(rows)


def check(seed: int = 0) -> None:
    """Judge nade_log_likelihood: sums to one, equals its definition, sees the past only."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    for n, hidden in ((1, 1), (2, 1), (2, 2), (3, 2), (4, 3), (6, 4)):
        parts = {
            "w": normal(hidden, n),
            "c": normal(hidden),
            "v": normal(n, hidden),
            "b": normal(n),
        }
        images = every_image(n)
        case = {"n": n, "hidden": hidden}
        found = nade_log_likelihood(images, **parts)
        came, should = tuple(found.shape), (2**n,)
        assert came == should, "one number per image"
        came, should = float(found.exp().sum()), 1.0
        assert abs(came - should) < 1e-9, "the probabilities of all images must sum to one"
        case = {**case, "x": images[:8]}
        came, should = found[:8], reference(images[:8], **parts)
        assert torch.allclose(came, should, atol=1e-10), "differs from the product of conditionals"
        came, should = found, reference(images, **parts)
        assert torch.allclose(came, should, atol=1e-10), "differs from the product of conditionals"
    far = {"w": torch.zeros(1, 2), "c": torch.zeros(1), "v": torch.zeros(2, 1)}
    case = {"b": "500 and -500", "x": "(1, 0) and (0, 1)"}
    came = nade_log_likelihood(
        torch.tensor([[1.0, 0], [0, 1]]), **far, b=torch.tensor([500.0, -500.0])
    )
    should = torch.tensor([0.0, -1000.0])
    assert torch.allclose(came, should), "large logits must give finite logarithms"
    leaf = normal(2, 3).requires_grad_()
    nade_log_likelihood(every_image(3), leaf, normal(2), normal(3, 2), normal(3)).sum().backward()
    case = {"n": 3, "hidden": 2}
    came, should = leaf.grad is not None and bool(torch.isfinite(leaf.grad).all()), True
    assert came == should, "gradients must reach the weights"


def fvsbn_log_likelihood(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """A logistic regression of each pixel on those before it; w: (n, n), its lower triangle."""
    logits = b + x @ w.tril(-1).T
    return F.logsigmoid(torch.where(x > 0, logits, -logits)).sum(-1)


def bars_and_stripes(size: int) -> Tensor:
    """All images whose rows are alike or whose columns are alike, (patterns, size * size)."""
    images = set()
    for line in product((0.0, 1.0), repeat=size):
        images.add(tuple(value for value in line for _ in range(size)))
        images.add(line * size)
    return torch.tensor(sorted(images), dtype=torch.float64)


Model = tuple[Callable[[Tensor], Tensor], list[Tensor]]


def fvsbn(n: int) -> Model:
    """A model that starts at zero, and its parameters."""
    w, b = torch.zeros(n, n, dtype=torch.float64), torch.zeros(n, dtype=torch.float64)
    parts = [w.requires_grad_(), b.requires_grad_()]
    return lambda x: fvsbn_log_likelihood(x, *parts), parts


def nade(n: int, hidden: int, generator: torch.Generator) -> Model:
    """A NADE with small random weights, and its parameters."""
    parts = [
        torch.randn(*shape, generator=generator, dtype=torch.float64) * scale
        for shape, scale in (((hidden, n), 0.5), ((hidden,), 0.5), ((n, hidden), 0.5), ((n,), 0.0))
    ]
    for part in parts:
        part.requires_grad_()
    return lambda x: nade_log_likelihood(x, *parts), parts


def train(model: Model, data: Tensor, steps: int, rate: float) -> list[float]:
    """Full-batch Adam on the mean log-likelihood; bits per image before each step."""
    log_likelihood, parts = model
    optimiser = torch.optim.Adam(parts, lr=rate)
    bits = []
    for _ in range(steps):
        optimiser.zero_grad()
        loss = -log_likelihood(data).mean()
        bits.append(float(loss.detach()) / math.log(2))
        loss.backward()
        optimiser.step()
    return bits


def sample(model: Model, n: int, count: int, generator: torch.Generator) -> Tensor:
    """Images drawn pixel by pixel, as an autoregressive model must."""
    images = torch.zeros(count, n, dtype=torch.float64)
    with torch.no_grad():
        for i in range(n):
            chance = conditional(model, images, i)
            images[:, i] = (torch.rand(count, generator=generator) < chance).double()
    return images


def conditional(model: Model, images: Tensor, i: int) -> Tensor:
    """p(x_i = 1 | pixels before i): all completions of the later pixels are summed."""
    n = images.shape[1]
    rest = every_image(n - i - 1)
    total = []
    for value in (0.0, 1.0):
        start = images[:, None, :].expand(-1, len(rest), -1).clone()
        start[:, :, i] = value
        start[:, :, i + 1 :] = rest
        flat = model[0](start.reshape(-1, n)).reshape(len(images), -1)
        total.append(flat.logsumexp(1))
    return torch.sigmoid(total[1] - total[0])


def report(name: str, model: Model, data: Tensor, bits: list[float], entropy: float) -> None:
    """Bits per image, the divergence, the sum over all images and the share on the data."""
    with torch.no_grad():
        everything = model[0](every_image(data.shape[1])).exp()
        share = float(model[0](data).exp().sum())
    excess = bits[-1] - entropy
    print(
        f"  {name:<7} {bits[-1]:8.4f} {excess:10.4f} {float(everything.sum()):14.6f} {share:9.3f}"
    )
    assert abs(float(everything.sum()) - 1) < 1e-9
    assert excess > -1e-9, "no model can be better than the entropy"


def draw(data: Tensor, images: dict[str, Tensor], curves: dict[str, list[float]], entropy: float):
    """Above the patterns and samples of both models, below the divergence over the steps."""
    size = math.isqrt(data.shape[1])
    figure, rows = plt.subplots(4, 1, figsize=(8, 8), height_ratios=(1, 1, 1, 4))
    shown = {"data": data, **images}
    for axes, (name, some) in zip(rows, shown.items(), strict=False):
        strip = [F.pad(image.reshape(size, size), (0, 1), value=0.5) for image in some[:14]]
        axes.imshow(torch.cat(strip, 1), cmap="gray_r", vmin=0, vmax=1)
        axes.set_title(name)
        axes.axis("off")
    for name, bits in curves.items():
        rows[3].semilogy([value - entropy for value in bits], label=name)
    rows[3].set_xlabel("steps")
    rows[3].set_ylabel("KL, bits per image")
    rows[3].legend()
    figure.tight_layout()
    plt.show()


def main(
    hidden: Annotated[int, typer.Option(min=1, max=64, help="Hidden units of NADE")] = 16,
    steps: Annotated[int, typer.Option(min=10, max=5000, help="Steps of training")] = 800,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of weights, samples")] = 0,
) -> None:
    """Train both on bars and stripes and on parity; sum every probability."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(seed)
    data = bars_and_stripes(3)
    n, entropy = data.shape[1], math.log2(len(data))
    print(f"bars and stripes: {len(data)} of {2**n} images, entropy {entropy:.4f} bits")
    print("              bits   KL, bits   sum over all   on data")
    models = {"FVSBN": fvsbn(n), "NADE": nade(n, hidden, generator)}
    curves, images = {}, {}
    for name, model in models.items():
        curves[name] = train(model, data, steps, 0.05)
        report(name, model, data, curves[name], entropy)
        images[name] = sample(model, n, 14, generator)
    weights = [sum(part.numel() for part in model[1]) for model in models.values()]
    used = n * (n + 1) // 2
    print(f"  parameters: FVSBN {used}, NADE {weights[1]}, a full table {2**n - 1}")

    parity = torch.tensor([[0.0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]], dtype=torch.float64)
    print("\nparity of three pixels: 4 of 8 images, entropy 2 bits")
    for name, model in (("FVSBN", fvsbn(3)), ("NADE", nade(3, hidden, generator))):
        report(name, model, parity, train(model, parity, 600, 0.05), 2.0)
    theory = (
        "2.6887 with a single hidden unit" if hidden == 1 else "as near to 2 as its weights grow"
    )
    print(f"(theory: logistic conditionals 3 bits, one too many; NADE {theory})")
    draw(data, images, curves, entropy)


if __name__ == "__main__":
    typer.run(main)
