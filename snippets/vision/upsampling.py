"""Upsampling by a factor of two: interpolation, transposed convolution, pixel shuffle, and the
checkerboards that a kernel leaves, predicted from its taps and read off a spectrum.

Part 1 is an example of three numbers. Part 2 enlarges a constant picture by kernels whose taps are
known, and by fresh layers, and sets the patterns beside theory. Part 3 halves a picture and brings
it back in six ways; the best one, a convolution and a pixel shuffle, is also run as a transposed
convolution with the same weights.

References
  V. Dumoulin, F. Visin: A guide to convolution arithmetic for deep learning, 2016,
    arXiv:1603.07285.
  A. Odena, V. Dumoulin, C. Olah: Deconvolution and Checkerboard Artifacts, Distill, 2016.
  W. Shi et al.: Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
    Convolutional Neural Network, 2016, arXiv:1609.05158.
"""

from __future__ import annotations

import math
from typing import Annotated

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

SIZE = 64


def pixel_shuffle(x: Tensor, r: int) -> Tensor:
    """Spread groups of r * r channels over r x r cells. x: (N, C r r, H, W) to (N, C, r H, r W).

    Channel c r r + i r + j gives the place (i, j) of each cell in the picture of channel c.
    """
    # exercise: reshape, permute, reshape
    # Which axis of the small picture must stand right before i, and which right before j?
    # solution
    batch, channels, height, width = x.shape
    cells = x.reshape(batch, channels // (r * r), r, r, height, width)
    return cells.permute(0, 1, 4, 2, 5, 3).reshape(batch, -1, r * height, r * width)
    # end


def check_pixel_shuffle(seed: int = 0) -> None:
    """Judge pixel_shuffle: torch's on small and random shapes, and a way back."""
    generator = torch.Generator().manual_seed(seed)
    for shape, r in (((1, 4, 1, 1), 2), ((1, 4, 1, 2), 2), ((1, 8, 1, 1), 2), ((1, 3, 2, 3), 1),
                     ((2, 12, 3, 5), 2), ((2, 18, 3, 2), 3), ((1, 32, 2, 1), 4)):  # fmt: skip
        count = math.prod(shape)
        x = torch.arange(count, dtype=torch.float32).reshape(shape)
        x = x if count <= 8 else torch.randn(shape, generator=generator)
        case = {"shape": str(shape), "r": r}
        found, wanted = pixel_shuffle(x, r), F.pixel_shuffle(x, r)
        came, should = str(tuple(found.shape)), str(tuple(wanted.shape))
        assert came == should, "the shape is another"
        if count <= 8:
            came, should = str(found.flatten().tolist()), str(wanted.flatten().tolist())
        else:
            came, should = float(found.sum()), float(wanted.sum())
        assert torch.equal(found, wanted), "the numbers stand elsewhere"
        assert torch.equal(F.pixel_unshuffle(found, r), x), "the way back does not lead back"


def transposed_conv1d(
    x: Tensor, w: Tensor, stride: int = 1, padding: int = 0, output_padding: int = 0
) -> Tensor:
    """The transposed convolution of x: (H,) with the kernel w: (k,), as torch defines it.

    Input i adds x[i] * w to the outputs from i * stride - padding on. Returns (T,), where
    T = (H - 1) stride - 2 padding + k + output_padding.
    """
    # exercise: build the convolution's matrix, H rows and T columns; multiply from its left
    # In which column does tap a of row i stand, and which taps fall outside?
    # solution
    size = (len(x) - 1) * stride - 2 * padding + len(w) + output_padding
    matrix = torch.zeros(len(x), size, dtype=x.dtype)
    for row in range(len(x)):
        for tap in range(len(w)):
            column = row * stride + tap - padding
            if 0 <= column < size:
                matrix[row, column] = w[tap]
    return x @ matrix
    # end


def check_transposed_conv1d(seed: int = 0) -> None:
    """Judge transposed_conv1d: by hand, torch's on many shapes, adjointness, coverage."""
    generator = torch.Generator().manual_seed(seed)

    def close(found: Tensor, wanted: Tensor) -> bool:
        return found.shape == wanted.shape and torch.allclose(found, wanted, atol=1e-10)

    x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    for taps, padding, should in (
        ((1.0, 2.0, 1.0), 0, "1 2 3 4 5 6 3"), ((1.0, 2.0, 1.0), 1, "2 3 4 5 6"),
        ((1.0, 2.0, 4.0), 0, "1 2 6 4 11 6 12"),
    ):  # fmt: skip
        case = {"x": "1 2 3", "w": str(taps), "stride": 2, "padding": padding}
        w = torch.tensor(taps, dtype=torch.float64)
        came = " ".join(f"{value:g}" for value in transposed_conv1d(x, w, 2, padding).tolist())
        assert came == should, "the example by hand is another"
    for height, k, stride, padding, extra in (
        (1, 1, 1, 0, 0), (1, 3, 2, 0, 0), (3, 2, 3, 0, 0), (3, 2, 3, 0, 2), (4, 3, 2, 1, 0),
        (4, 3, 2, 1, 1), (5, 4, 2, 1, 0), (4, 5, 3, 2, 1), (6, 7, 3, 3, 2), (5, 3, 1, 1, 0),
    ):  # fmt: skip
        x = torch.randn(height, generator=generator, dtype=torch.float64)
        w = torch.randn(k, generator=generator, dtype=torch.float64)
        case = {"H": height, "k": k, "stride": stride, "padding": padding, "output_padding": extra}
        found = transposed_conv1d(x, w, stride, padding, extra)
        wanted = F.conv_transpose1d(x[None, None], w[None, None], None, stride, padding, extra)
        came, should = len(found), wanted.shape[-1]
        assert came == should, "the length is another"
        came, should = float(found[-1]), float(wanted[0, 0, -1])
        assert close(found, wanted[0, 0]), "the values are others; the last one is shown"
        y = torch.randn(len(found), generator=generator, dtype=torch.float64)
        back = F.conv1d(y[None, None], w[None, None], None, stride, padding)[0, 0]
        came, should = float(found @ y), float(x @ back)
        assert abs(came - should) < 1e-10, "the inner products of both sides differ"
        leaf = torch.ones(k, dtype=torch.float64, requires_grad=True)
        transposed_conv1d(x, leaf, stride, padding, extra).sum().backward()
        assert leaf.grad is not None and bool(torch.isfinite(leaf.grad).all()), "no gradient"


def worked_example() -> None:
    """Three numbers enlarged, and convolved back."""
    x = torch.tensor([1.0, 2.0, 3.0])
    hat = torch.tensor([1.0, 2.0, 1.0])
    batch = x[None, None]
    rows = (
        ("nearest", F.interpolate(batch, scale_factor=2, mode="nearest")[0, 0]),
        ("linear, half-pixel centres", F.interpolate(batch, scale_factor=2, mode="linear")[0, 0]),
        ("linear, aligned corners",
         F.interpolate(batch, scale_factor=2, mode="linear", align_corners=True)[0, 0]),
        ("transposed by 1 2 1", transposed_conv1d(x, hat, 2)),
        ("transposed by 1 1 1", transposed_conv1d(x, torch.ones(3), 2)),
        ("the one by 1 2 1, convolved back",
         F.conv1d(transposed_conv1d(x, hat, 2)[None, None], hat[None, None], stride=2)[0, 0]),
    )  # fmt: skip
    print("1 2 3 enlarged by two")
    for name, row in rows:
        print(f"  {name:33s}" + " ".join(f"{value:5.2f}" for value in row.tolist()))


def patterns(y: Tensor) -> Tensor:
    """Mean, and the three patterns of period two, of each picture: y (D, H, W) to (D, 4).

    Read off the discrete Fourier transform at (0, 0), (0, pi), (pi, 0) and (pi, pi), after a rim
    of 4 pixels is cut off. H and W are even.
    """
    inside = y[:, 4:-4, 4:-4]
    height, width = inside.shape[1:]
    spectrum = torch.fft.fft2(inside).real / (height * width)
    middle = (height // 2, width // 2)
    return torch.stack([spectrum[:, a, b] for a in (0, middle[0]) for b in (0, middle[1])], dim=1)


def fixed_kernels() -> None:
    """The pattern that known taps leave on a constant, from the taps and from a spectrum."""
    print("\na constant enlarged by fixed kernels: pattern / mean")
    print("   taps          even sum  odd sum   theory   rows   both axes (spectrum)")
    for taps in ((1, 1), (1, 1, 1), (1, 2, 1), (1, 1, 1, 1), (1, 0, 0, 0), (1, 1, 1, 1, 1)):
        w = torch.tensor(taps, dtype=torch.float64)
        even, odd = float(w[0::2].sum()), float(w[1::2].sum())
        ones = torch.ones(1, 1, 16, 16, dtype=torch.float64)
        y = F.conv_transpose2d(ones, torch.outer(w, w)[None, None], stride=2)[0, :, :32, :32]
        mean, _, rows, both = patterns(y)[0].tolist()
        share = abs(even - odd) / (even + odd)
        print(f"   {' '.join(map(str, taps)):12s} {even:9.0f} {odd:8.0f} {share:8.4f}", end="")
        print(f" {abs(rows / mean):7.4f} {abs(both / mean):7.4f}")


def fresh_layers(features: int, generator: torch.Generator) -> None:
    """Layers with PyTorch's default weights: mean square of a pattern beside C / (48 D)."""
    channels = 16
    theory = channels / (48 * features)
    print(f"\nfresh layers, {channels} channels of ones to {features}: mean square of a pattern")
    for k in (2, 3, 4):
        layer = nn.ConvTranspose2d(channels, features, k, stride=2, bias=False)
        bound = 1 / math.sqrt(features * k * k)
        with torch.no_grad():
            layer.weight.copy_(
                bound * (2 * torch.rand(layer.weight.shape, generator=generator) - 1)
            )
            found = patterns(layer(torch.ones(1, channels, 8, 8))[0, :, :16, :16])
        square = float(found[:, 1:].square().mean())
        print(f"   kernel {k}: theory {theory:.3e}, measured / theory {square / theory:.3f}")
    error = math.sqrt(2 / (3 * features))
    print(f"   (one standard error {error:.3f}; expected within {4 * error:.2f})")
    weight = torch.rand(features, channels, 3, 3, generator=generator) - 0.5
    repeated = weight.repeat_interleave(4, 0)  # the same kernel for all four places of a cell
    icnr = F.pixel_shuffle(F.conv2d(torch.ones(1, channels, 16, 16), repeated, padding=1), 2)[0]
    largest = float(patterns(icnr)[:, 1:].abs().max())
    print(f"   pixel shuffle started with equal kernels (ICNR): largest pattern {largest:.0e}")


def scene(generator: torch.Generator) -> Tensor:
    """A picture of waves, a disc and a bar with soft edges, (SIZE, SIZE), values about 0 to 1."""
    row, column = torch.meshgrid(*[torch.arange(SIZE, dtype=torch.float64)] * 2, indexing="ij")
    picture = torch.full((SIZE, SIZE), 0.5, dtype=torch.float64)
    for _ in range(3):
        draw = torch.rand(3, generator=generator, dtype=torch.float64)
        angle, length, phase = math.pi * draw[0], 8 + 16 * draw[1], 2 * math.pi * draw[2]
        along = row * angle.sin() + column * angle.cos()
        picture = picture + 0.08 * (2 * math.pi * along / length + phase).sin()
    centre = SIZE * (0.3 + 0.4 * torch.rand(2, generator=generator, dtype=torch.float64))
    distance = ((row - centre[0]).square() + (column - centre[1]).square()).sqrt()
    picture = picture + 0.35 * torch.sigmoid(2 * (12 - distance))
    tilt = math.pi * torch.rand(1, generator=generator, dtype=torch.float64)
    across = (row - SIZE / 2) * tilt.sin() + (column - SIZE / 2) * tilt.cos()
    return picture - 0.3 * torch.sigmoid(3 * (2 - across.abs()))


def halve(picture: Tensor) -> Tensor:
    """Means of 2 x 2 cells, (1, 1, H / 2, W / 2)."""
    return F.avg_pool2d(picture[None, None], 2)


def fit_sub_pixel(pictures: list[Tensor]) -> Tensor:
    """Four 3 x 3 kernels, by least squares, that give the 2 x 2 cells back: (4, 1, 3, 3)."""
    inputs, cells = [], []
    for picture in pictures:
        inputs.append(F.unfold(halve(picture), 3)[0].T)  # without the rim
        cells.append(F.pixel_unshuffle(picture[None, None], 2)[0, :, 1:-1, 1:-1].flatten(1).T)
    weight = torch.linalg.lstsq(torch.cat(inputs), torch.cat(cells)).solution
    return weight.T.reshape(4, 1, 3, 3)


def as_transposed(weight: Tensor) -> Tensor:
    """The 6 x 6 kernel (stride 2, padding 2) of the transposed convolution that is the same layer.

    The tap for offset d and place r of the cell is tap 2 - 2 d + r.
    """
    kernel = torch.zeros(6, 6, dtype=weight.dtype)
    for i in range(2):
        for j in range(2):
            kernel[i::2, j::2] = weight[2 * i + j, 0].flip(0, 1)
    return kernel[None, None]


def decibels(found: Tensor, wanted: Tensor) -> float:
    """Peak signal-to-noise ratio for a peak of 1, without a rim of 4 pixels."""
    return -10 * math.log10(float((found - wanted)[4:-4, 4:-4].square().mean()))


def enlarge(picture: Tensor, weight: Tensor) -> dict[str, Tensor]:
    """The halved picture brought back to its size in six ways."""
    small = halve(picture)
    ones = torch.ones(1, 1, 3, 3, dtype=torch.float64) / 2.25  # keeps the mean
    return {
        "nearest": F.interpolate(small, scale_factor=2, mode="nearest")[0, 0],
        "transposed, 3 x 3 ones":
            F.conv_transpose2d(small, ones, stride=2, padding=1, output_padding=1)[0, 0],
        "bilinear, aligned corners":
            F.interpolate(small, scale_factor=2, mode="bilinear", align_corners=True)[0, 0],
        "bilinear": F.interpolate(small, scale_factor=2, mode="bilinear")[0, 0],
        "bicubic": F.interpolate(small, scale_factor=2, mode="bicubic")[0, 0],
        "convolution + pixel shuffle": pixel_shuffle(F.conv2d(small, weight, padding=1), 2)[0, 0],
    }  # fmt: skip


def draw(picture: Tensor, ways: dict[str, Tensor]) -> None:
    """The picture and its six reconstructions above, their log spectra below."""
    shown = {"original": picture, **ways}
    figure, axes = plt.subplots(2, len(shown), figsize=(2.2 * len(shown), 4.8))
    for (name, image), (above, below) in zip(shown.items(), axes.T, strict=True):
        above.imshow(image, cmap="gray", vmin=0, vmax=1)
        above.set_title(name, fontsize=8)
        spectrum = torch.fft.fftshift(torch.fft.fft2(image - image.mean()).abs() + 1e-3)
        below.imshow(spectrum.log10(), cmap="magma", vmin=-1, vmax=2.5)
        for axis in (above, below):
            axis.axis("off")
    figure.suptitle("above: pictures; below: spectra, the highest frequencies at the rim")
    figure.tight_layout()
    plt.show()


def main(
    pictures: Annotated[int, typer.Option(min=4, max=200, help="Pictures to fit on")] = 24,
    features: Annotated[int, typer.Option(min=200, max=4000, help="Random kernels")] = 2000,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Enlarge three numbers, a constant and a picture; find the checkerboards."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(seed)
    worked_example()
    fixed_kernels()
    fresh_layers(features, generator)
    picture = scene(generator)
    weight = fit_sub_pixel([scene(generator) for _ in range(pictures)])
    ways = enlarge(picture, weight)
    print("\na picture halved and brought back: signal to noise, pattern on both axes")
    flat = enlarge(torch.full((SIZE, SIZE), 0.5, dtype=torch.float64), weight)
    for name, image in ways.items():
        pattern = float(patterns(flat[name][None])[0, 3].abs())
        print(f"   {name:28s} {decibels(image, picture):6.2f} dB {pattern:10.1e}")
    same = F.conv_transpose2d(halve(picture), as_transposed(weight), stride=2, padding=2)[0, 0]
    gap = float((same - ways["convolution + pixel shuffle"]).abs().max())
    print(f"   the last one as one transposed convolution: differs by {gap:.0e}")
    draw(picture, ways)


if __name__ == "__main__":
    typer.run(main)
