"""A two-layer causal transformer and the toy language it is pre-trained on.

A sentence is an arithmetic progression modulo 12: x, x + s, x + 2 s, ... of seven tokens, where x
is uniform and the step s is the *style*. From the second token on the style is known, and the rest
is certain; the first transition is not: with k equally likely styles its loss cannot fall below
log k.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from tqdm import tqdm

TOKENS, LENGTH, WIDTH, HEADS, LAYERS = 12, 7, 32, 4, 2
STYLES = (1, 2, 3, 5)

Prefix = tuple[Tensor, Tensor]
"""Keys and values of a prefix in one layer, (HEADS, p, WIDTH / HEADS) each."""
Mix = Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]
"""Scores and values of the content, then of the prefix; output and the share of the prefix."""


def sentences(styles: Sequence[int], count: int, generator: torch.Generator,
              growth: int = 0) -> Tensor:  # fmt: skip
    """Progressions with styles drawn from these, (count, LENGTH), int64.

    Each step is larger than the one before by growth: s, s + growth, s + 2 growth, ...
    """
    start = torch.randint(TOKENS, (count, 1), generator=generator)
    drawn = torch.randint(len(styles), (count, 1), generator=generator)
    step = torch.tensor(styles)[drawn]
    place = torch.arange(LENGTH)
    return (start + step * place + growth * place * (place - 1) // 2) % TOKENS


def change(adapter: nn.Module | None, seen: Tensor) -> Tensor:
    """What an adapter that stands beside a sublayer adds: its output without its own skip."""
    return torch.zeros_like(seen) if adapter is None else adapter(seen) - seen


class Block(nn.Module):
    """Attention and a feed-forward part, each after a layer norm, with skips around both."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        # Places for adapters: after a sublayer, before its skip; or beside it, on what it reads.
        self.after_attention: nn.Module = nn.Identity()
        self.after_feed_forward: nn.Module = nn.Identity()
        self.beside_attention: nn.Module | None = None
        self.beside_feed_forward: nn.Module | None = None
        self.scores = self.shares = torch.empty(0)  # what the last forward saw, for looking at

    def attend(self, x: Tensor, prefix: Prefix | None, mix: Mix | None) -> Tensor:
        """Causal attention of x, (batch, n, WIDTH), with a prefix that every token may see."""
        q, k, v = self.qkv(x).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
        scale = q.shape[-1] ** -0.5
        future = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        scores = (q @ k.mT * scale).masked_fill(future, -math.inf)
        self.scores = scores.detach()
        if prefix is None or mix is None:
            out = scores.softmax(-1) @ v
        else:
            keys, values = prefix
            out, share = mix(scores, v, q @ keys.mT * scale, values)
            self.shares = share.detach()
        return self.out(out.transpose(1, 2).flatten(2))

    def forward(self, x: Tensor, prefix: Prefix | None = None, mix: Mix | None = None) -> Tensor:
        """x: (batch, n, WIDTH). The same shape."""
        seen = self.norm1(x)
        x = x + self.after_attention(self.attend(seen, prefix, mix))
        x = x + change(self.beside_attention, seen)
        seen = self.norm2(x)
        x = x + self.after_feed_forward(self.down(F.gelu(self.up(seen))))
        return x + change(self.beside_feed_forward, seen)


class Transformer(nn.Module):
    """Next-token logits for sentences; 26,444 weights."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(TOKENS, WIDTH)
        self.places = nn.Embedding(LENGTH - 1, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.head = nn.Linear(WIDTH, TOKENS)

    def forward(self, ids: Tensor, prefixes: Sequence[Prefix] | None = None,
                mix: Mix | None = None, prompt: Tensor | None = None) -> Tensor:  # fmt: skip
        """ids: (batch, n). prompt: (p, WIDTH), put before the embeddings. Logits (batch, n, 12)."""
        x = self.tokens(ids) + self.places.weight[: ids.shape[1]]
        if prompt is not None:
            x = torch.cat([prompt.expand(len(x), -1, -1), x], 1)
        for index, block in enumerate(self.blocks):
            x = block(x, prefixes[index] if prefixes else None, mix)
        return self.head(self.norm(x[:, x.shape[1] - ids.shape[1] :]))


def losses(logits: Tensor, ids: Tensor) -> Tensor:
    """Mean loss of each of the LENGTH - 1 transitions, in nats."""
    each = F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")
    return each.view(len(ids), -1).mean(0)


def train(parameters: Sequence[Tensor], loss_of: Callable[[Tensor], Tensor],
          styles: Sequence[int], steps: int, batch: int, rate: float,
          generator: torch.Generator, name: str, growth: int = 0) -> list[float]:  # fmt: skip
    """Adam with a linearly falling rate on fresh sentences; the loss of each step."""
    optimiser = torch.optim.Adam(parameters, lr=rate)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.05, steps)
    history = []
    for _ in tqdm(range(steps), desc=name, leave=False):
        loss = loss_of(sentences(styles, batch, generator, growth))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        history.append(float(loss.detach()))
    return history


def pretrained(steps: int, generator: torch.Generator) -> Transformer:
    """The transformer after pre-training on STYLES, its weights frozen."""
    model = Transformer()
    train(list(model.parameters()), lambda ids: losses(model(ids[:, :-1]), ids).mean(),
          STYLES, steps, 64, 3e-3, generator, "pre-training")  # fmt: skip
    return model.requires_grad_(False)
