"""A mixture of experts as in Kimi-VL's language model, and pictures of any size in one packed row.

Part 1 counts Moonlight's and MoonViT's parameters. Part 2 routes random tokens and sets the spread
of the loads beside theory. Part 3 trains eight experts and a shared one on clusters of unequal
frequency: without balancing, with the auxiliary loss, and with a bias that only moves the choice.
Part 4 packs three pictures into one row, with rotary positions in two dimensions.

References
  Kimi Team: Kimi-VL Technical Report, 2025, arXiv:2504.07491.
  J. Liu, J. Su et al.: Muon is Scalable for LLM Training (Moonlight), 2025, arXiv:2502.16982.
  L. Wang et al.: Auxiliary-Loss-Free Load Balancing Strategy for Mixture-of-Experts, 2024,
    arXiv:2408.15664.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import matplotlib.pyplot as plt
import torch
import typer
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from tqdm import tqdm

Mode = Literal["none", "loss", "bias"]
EXPERTS, CHOSEN, WIDTH, CLUSTERS = 8, 2, 16, 16


def route(logits: Tensor, k: int, bias: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """Send each token to k of the N experts.

    logits: (T, N); bias: (N,), added to the softmax scores for the choice only. Returns weights
    (T, k), the chosen scores scaled to the sum 1; index (T, k), who was chosen, in the same order;
    load (N,), how many tokens each expert gets. Gradients reach the logits through the weights.
    """
    # exercise: scores, choice with the bias, weights without it, loads
    # Are the weights finite if the bias forces an expert whose score has underflowed to 0?
    # solution
    scores = logits.softmax(-1)
    index = (scores if bias is None else scores + bias).topk(k, -1).indices
    # the softmax over the chosen logits is the chosen scores, renormalised, without a 0 / 0
    weights = logits.gather(-1, index).softmax(-1)
    load = torch.bincount(index.flatten(), minlength=logits.shape[-1])
    return weights, index, load
    # end


def loop(logits: list[float], k: int, bias: list[float]) -> dict[int, float]:
    """The reference of check: expert to weight for one token, one expert after the other."""
    top = max(logits)
    scores = [math.exp(z - top) for z in logits]
    total = sum(scores)
    order = sorted(range(len(logits)), key=lambda i: scores[i] / total + bias[i], reverse=True)[:k]
    return {i: scores[i] / sum(scores[j] for j in order) for i in order}


def check(seed: int = 0) -> None:
    """Judge route: by hand, against a loop, ties, a bias, large logits, gradients."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    logits = torch.tensor([[2.0, 1.0, 0.0, -1.0]], dtype=torch.float64)
    case = {"logits": "2 1 0 -1", "k": 2}
    weights, index, load = route(logits, 2)
    came, should = str(sorted(index[0].tolist())), "[0, 1]"
    assert came == should, "other experts were chosen"
    came, should = float(weights.max()), 1 / (1 + math.exp(-1))
    assert abs(came - should) < 1e-9, "the larger weight is another"
    came, should = str(load.tolist()), "[1, 1, 0, 0]"
    assert came == should, "the loads are others"
    case = {"logits": "2 1 0 -1", "k": 2, "bias": "0 -1 0 0"}
    weights, index, _ = route(logits, 2, torch.tensor([0.0, -1.0, 0.0, 0.0], dtype=torch.float64))
    came, should = str(sorted(index[0].tolist())), "[0, 2]"
    assert came == should, "the bias should have moved the choice"
    came, should = float(weights.max()), 1 / (1 + math.exp(-2))
    assert abs(came - should) < 1e-9, "the bias may move the choice, never the weights"
    for tokens, experts, k in ((1, 1, 1), (2, 3, 1), (3, 4, 4), (5, 6, 2), (40, 8, 3)):
        logits, bias = normal(tokens, experts), 0.1 * normal(experts)
        case = {"tokens": tokens, "experts": experts, "k": k}
        for given in (None, bias):
            weights, index, load = route(logits, k, given)
            came = str((tuple(weights.shape), tuple(index.shape), tuple(load.shape)))
            should = str(((tokens, k), (tokens, k), (experts,)))
            assert came == should, "the shapes are others"
            came, should = int(load.sum()), tokens * k
            assert came == should, "every token takes k places"
            offsets = [0.0] * experts if given is None else given.tolist()
            for t in range(tokens):
                wanted = loop(logits[t].tolist(), k, offsets)
                found = dict(zip(index[t].tolist(), weights[t].tolist(), strict=True))
                came, should = str(sorted(found)), str(sorted(wanted))
                assert came == should, "a token has other experts than in the loop"
                came = max(abs(found[i] - wanted[i]) for i in wanted)
                should = 0.0
                assert came < 1e-9, "a weight differs from the loop's"
            wanted_load = torch.zeros(experts, dtype=torch.int64)
            wanted_load.scatter_add_(0, index.flatten(), torch.ones_like(index.flatten()))
            came, should = str(load.tolist()), str(wanted_load.tolist())
            assert came == should, "loads count the tokens of each expert"
    case = {"logits": "all equal", "tokens": 3, "experts": 5, "k": 3}
    weights, index, _ = route(torch.zeros(3, 5), 3)
    came, should = min(len(set(row.tolist())) for row in index), 3
    assert came == should, "ties must still give k different experts"
    came, should = float(weights.sum(-1).max()), 1.0
    assert abs(came - should) < 1e-6, "weights sum to 1"
    case = {"logits": "10000 0 -10000", "k": 2}
    weights, _, _ = route(torch.tensor([[1e4, 0.0, -1e4]]), 2)
    came, should = float(weights.max()), 1.0
    assert abs(came - should) < 1e-6, "large logits must stay finite"
    case = {"logits": "300 1 0", "k": 2, "bias": "-9 0 0"}
    weights, _, _ = route(torch.tensor([[300.0, 1.0, 0.0]]), 2, torch.tensor([-9.0, 0.0, 0.0]))
    came, should = float(weights.max()), 1 / (1 + math.exp(-1))
    assert abs(came - should) < 1e-6, "chosen scores that underflow must not give 0 / 0"
    leaf = normal(4, 5).requires_grad_()
    case = {"tokens": 4, "experts": 5, "k": 2}
    weights, _, _ = route(leaf, 2)
    (weights * normal(4, 2)).sum().backward()
    came, should = leaf.grad is not None and bool(leaf.grad.abs().sum() > 0), True
    assert came == should, "gradients must reach the logits"


def language_parameters(vocabulary: bool = False) -> tuple[int, int]:
    """Moonlight's parameters, all and active per token, from its published configuration.

    27 layers of width 2048: the first dense, 26 with 64 routed experts (6 active), 2 shared ones.
    vocabulary: count the two matrices of the vocabulary as well.
    """
    width, layers, heads, latent = 2048, 27, 16, 512
    attention = width * heads * (128 + 64)  # queries: a part without positions, a rotary part
    attention += width * (latent + 64)  # down to the latent of keys and values, and a rotary key
    attention += latent * heads * (128 + 128) + heads * 128 * width  # up again, and out
    expert, router = 3 * width * 1408, width * 64
    both = 2 * 163_840 * width if vocabulary else 0
    shared = layers * attention + 3 * width * 11_264 + (layers - 1) * router + both
    return shared + (layers - 1) * 66 * expert, shared + (layers - 1) * 8 * expert


def vision_parameters() -> int:
    """MoonViT's parameters: 27 layers of width 1152, patches of 14 x 14, a grid of 64 x 64."""
    width, hidden = 1152, 4304
    layer = 4 * (width * width + width)  # queries, keys, values, output
    layer += width * hidden + hidden + hidden * width + width + 4 * width  # MLP, two norms
    return 27 * layer + 3 * 14 * 14 * width + width + 64 * 64 * width + 2 * width


def random_router(generator: torch.Generator) -> None:
    """Loads of a router that chooses at random, 6 of 64, beside the binomial deviation."""
    tokens, experts, k, batches = 2048, 64, 6, 30
    loads = torch.stack(
        [route(torch.randn(tokens, experts, generator=generator), k)[2] for _ in range(batches)]
    ).double()
    theory = math.sqrt(tokens * (k / experts) * (1 - k / experts))
    found = float((loads - tokens * k / experts).square().mean().sqrt())
    error = 1 / math.sqrt(2 * batches * experts)
    print(f"\na random router, {tokens} tokens, {k} of {experts} experts")
    print(f"   mean load {loads.mean():.0f}; deviation: theory {theory:.2f}, measured {found:.2f}")
    print(f"   (one standard error {100 * error:.1f} %; expected within four)")


class Mixture(nn.Module):
    """Linear experts with a router, and one shared expert that every token passes."""

    def __init__(self, generator: torch.Generator) -> None:
        super().__init__()

        def draw(*shape: int) -> nn.Parameter:
            return nn.Parameter(torch.randn(*shape, generator=generator) / math.sqrt(WIDTH))

        self.router, self.shared = draw(WIDTH, EXPERTS), draw(WIDTH, WIDTH)
        self.experts = draw(EXPERTS, WIDTH, WIDTH)
        self.register_buffer("bias", torch.zeros(EXPERTS))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """x: (T, WIDTH). Output (T, WIDTH), loads (EXPERTS,), the balance loss N sum f P."""
        logits = x @ self.router
        weights, index, load = route(logits, CHOSEN, self.bias)
        every = torch.einsum("td,nde->tne", x, self.experts)  # all experts: this is a toy
        chosen = every.gather(1, index[..., None].expand(-1, -1, WIDTH))
        share = load / (len(x) * CHOSEN)  # f, without a gradient
        balance = EXPERTS * (share * logits.softmax(-1).mean(0)).sum()
        return x @ self.shared + (weights[..., None] * chosen).sum(1), load, balance


def train(mode: Mode, steps: int, seed: int) -> tuple[Tensor, float, float, list[float]]:
    """Mean loads, N sum f P and error over the last 50 steps, and max / mean load of each step."""
    generator = torch.Generator().manual_seed(seed)
    centres = torch.randn(CLUSTERS, WIDTH, generator=generator)
    maps = torch.randn(CLUSTERS, WIDTH, WIDTH, generator=generator) / math.sqrt(WIDTH)
    frequency = 1 / torch.arange(1, CLUSTERS + 1)
    model = Mixture(generator)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    ratios, kept = [], []
    for _ in tqdm(range(steps), desc=mode, leave=False):
        which = torch.multinomial(frequency, 512, replacement=True, generator=generator)
        x = centres[which] + torch.randn(512, WIDTH, generator=generator)
        target = torch.einsum("td,tde->te", x, maps[which])
        out, load, balance = model(x)
        error = (out - target).square().mean() / target.square().mean()
        loss = error + (0.5 * balance if mode == "loss" else 0.0)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if mode == "bias":  # a small step against over- and underload, outside of the gradient
            model.bias += 0.002 * (load.float().mean() - load).sign()
        ratios.append(float(load.max() / load.float().mean()))
        kept.append((load.float(), float(balance.detach()), float(error.detach())))
    last = kept[-50:]
    loads = torch.stack([row[0] for row in last]).mean(0)
    mean = [sum(row[i] for row in last) / len(last) for i in (1, 2)]
    return loads, mean[0], mean[1], ratios


def rotate(x: Tensor, angles: Tensor) -> Tensor:
    """Turn pairs of numbers: x (T, 2 K) by angles (T, K); number j is paired with number K + j."""
    first, second = x.chunk(2, -1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([first * cos - second * sin, first * sin + second * cos], -1)


def rotary_attention(x: Tensor, places: Tensor, mask: Tensor, maps: Tensor) -> Tensor:
    """Attention with rotary positions in two dimensions. x: (T, 4 K), places: (T, 2) row, column.

    K pairs turn with the row and K pairs with the column. mask: (T, T), True where one may look.
    """
    speeds = 100.0 ** -(torch.arange(x.shape[1] // 4, dtype=x.dtype) / (x.shape[1] // 4))
    angles = torch.cat([places[:, :1] * speeds, places[:, 1:] * speeds], -1)
    query, key, value = (x @ m for m in maps)
    scores = rotate(query, angles) @ rotate(key, angles).T / math.sqrt(x.shape[1])
    return scores.masked_fill(~mask, -math.inf).softmax(-1) @ value


def pack_pictures(shapes: list[tuple[int, int]]) -> tuple[Tensor, Tensor, Tensor]:
    """cu_seqlens, the places (T, 2) and the mask (T, T) of pictures of rows x columns patches."""
    sizes = torch.tensor([rows * columns for rows, columns in shapes])
    cu_seqlens = F.pad(sizes.cumsum(0), (1, 0))
    places = torch.cat(
        [
            torch.cartesian_prod(torch.arange(rows), torch.arange(columns))
            for rows, columns in shapes
        ]
    )
    owner = torch.repeat_interleave(torch.arange(len(shapes)), sizes)
    return cu_seqlens, places.double(), owner[:, None] == owner[None, :]


def pictures(generator: torch.Generator) -> Tensor:
    """Three pictures in one row: equal to each alone, and to themselves shifted. The mask."""
    pixels = [(224, 280), (140, 196), (336, 336)]
    shapes = [(height // 14, width // 14) for height, width in pixels]
    cu_seqlens, places, mask = pack_pictures(shapes)
    total = int(cu_seqlens[-1])
    x = torch.randn(total, 32, generator=generator, dtype=torch.float64)
    maps = torch.randn(3, 32, 32, generator=generator, dtype=torch.float64) / math.sqrt(32)
    packed = rotary_attention(x, places, mask, maps)
    alone, padded = 0.0, max(rows * columns for rows, columns in shapes)
    for begin, end in zip(cu_seqlens[:-1].tolist(), cu_seqlens[1:].tolist(), strict=True):
        whole = torch.ones(end - begin, end - begin, dtype=torch.bool)
        single = rotary_attention(x[begin:end], places[begin:end], whole, maps)
        alone = max(alone, float((single - packed[begin:end]).abs().max()))
    moved = rotary_attention(x, places + torch.tensor([7.0, -3.0]), mask, maps)
    print(f"\npictures of {', '.join(f'{h} x {w}' for h, w in pixels)} in one row")
    print(f"   cu_seqlens {cu_seqlens.tolist()}; visual tokens {(cu_seqlens.diff() // 4).tolist()}")
    print(f"   {total} patches, against {padded * len(shapes)} if padded to the largest")
    print(f"   packed against each alone: largest difference {alone:.0e}")
    shift = float((moved - packed).abs().max())
    print(f"   all places shifted by (7, -3): largest difference {shift:.0e}")
    return mask


def draw(results: dict[Mode, tuple[Tensor, float, float, list[float]]], mask: Tensor) -> None:
    """Loads of the experts, max / mean load over the steps, and who sees whom in the packed row."""
    figure, (bars, curves, blocks) = plt.subplots(1, 3, figsize=(13, 4))
    for offset, (mode, (loads, _, _, ratios)) in enumerate(results.items()):
        place = torch.arange(EXPERTS) + 0.28 * (offset - 1)
        bars.bar(place, loads.sort(descending=True).values / loads.mean(), 0.28, label=mode)
        smooth = torch.tensor(ratios).unfold(0, min(10, len(ratios)), 1).mean(-1)
        curves.plot(smooth, label=mode)
    for axes in (bars, curves):
        axes.axhline(1, color="k", linewidth=0.5)
        axes.legend()
    bars.set_xlabel("experts, busiest first")
    bars.set_ylabel("load / mean load")
    curves.set_xlabel("step")
    curves.set_ylabel("largest load / mean load")
    blocks.imshow(mask, cmap="Greys")
    blocks.set_title("three pictures in one row: who sees whom")
    figure.tight_layout()
    plt.show()


def main(
    steps: Annotated[int, typer.Option(min=50, max=5000, help="Steps of each training")] = 300,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of all draws")] = 0,
) -> None:
    """Count parameters, route, balance, and pack pictures."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(seed)
    print("parameters in billions       all   active")
    for name, words in (("language, no vocabulary", False), ("language, with it", True)):
        total, active = language_parameters(words)
        print(f"   {name:23s} {total / 1e9:6.2f} {active / 1e9:8.2f}")
    print(f"   MoonViT                 {vision_parameters() / 1e9:7.3f}")
    random_router(generator)
    results: dict[Mode, tuple[Tensor, float, float, list[float]]] = {}
    print("\ntraining, last 50 steps: largest load / mean load   N sum f P   error")
    print("                            all together  each step")
    for mode in ("none", "loss", "bias"):
        results[mode] = train(mode, steps, seed)
        loads, balance, error, ratios = results[mode]
        print(f"   {mode:20s} {float(loads.max() / loads.mean()):16.2f}", end="")
        print(f" {sum(ratios[-50:]) / 50:10.2f} {balance:11.3f} {error:7.3f}")
    draw(results, pictures(generator))


if __name__ == "__main__":
    typer.run(main)
