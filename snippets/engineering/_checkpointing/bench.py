"""A chain of layers, run with and without checkpoints, and what a step of it costs."""

from __future__ import annotations

import math
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.checkpoint import checkpoint


class Meter(TorchDispatchMode):
    """Counts the bytes of all tensors that live, but for `known`, and remembers the peak.

    It also counts the multiplications and additions of matrix products.
    """

    def __init__(self, known: Iterable[Tensor]) -> None:
        super().__init__()
        self.held = self.peak = self.operations = 0
        self._seen = {id(tensor.untyped_storage()) for tensor in known}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if func is torch.ops.aten.mm.default:
            self.operations += 2 * args[0].numel() * args[1].shape[1]
        for value in result if isinstance(result, (tuple, list)) else (result,):
            if isinstance(value, Tensor):
                self.count(value)
        return result

    def count(self, tensor: Tensor) -> None:
        """Count the tensor's bytes until its storage dies; a view has its owner's storage."""
        storage = tensor.untyped_storage()
        if id(storage) in self._seen:
            return
        self._seen.add(id(storage))
        self.held += storage.nbytes()
        self.peak = max(self.peak, self.held)
        weakref.finalize(storage, self._gone, id(storage), storage.nbytes())

    def _gone(self, identity: int, size: int) -> None:
        self._seen.discard(identity)
        self.held -= size


class Layer(nn.Module):
    """`inside` matrices, each with a tanh. Each pair saves one activation for the backward pass:
    what the tanh puts out is what the next matrix multiplies."""

    def __init__(self, width: int, inside: int) -> None:
        super().__init__()
        self.matrices = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(inside))
        self.runs = 0

    def forward(self, x: Tensor) -> Tensor:
        """One activation in, one out."""
        self.runs += 1
        for matrix in self.matrices:
            x = matrix(x).tanh()
        return x


def plain(layers: Sequence[Layer], x: Tensor) -> Tensor:
    """The chain without any checkpoint."""
    for layer in layers:
        x = layer(x)
    return x


def in_segments(layers: Sequence[Layer], x: Tensor, k: int) -> Tensor:
    """The chain with the input of every segment of k layers kept."""
    for start in range(0, len(layers), k):
        segment = layers[start : start + k]
        x = checkpoint(lambda x, s=segment: plain(s, x), x, use_reentrant=False)
    return x


def nested(layers: Sequence[Layer], x: Tensor, k: int) -> Tensor:
    """The chain cut into k parts, each of which is cut into k parts, and so on down to k layers."""
    if len(layers) <= k:
        return plain(layers, x)
    size = len(layers) // k
    for start in range(0, len(layers), size):
        part = layers[start : start + size]
        x = checkpoint(lambda x, p=part: nested(p, x, k), x, use_reentrant=False)
    return x


Chain = Callable[[Sequence[Layer], Tensor], Tensor]


@dataclass(frozen=True)
class Measured:
    """One step. `peak` counts activations; `operations` are those of all matrix products."""

    peak: float
    operations: int
    runs: float  # forward runs of a layer, the mean over layers


@dataclass(frozen=True)
class Bench:
    """A chain and an input, and what a step of it costs."""

    layers: Sequence[Layer]
    data: Tensor

    def measure(self, chain: Chain) -> Measured:
        """Count one step."""
        weights = [weight for layer in self.layers for weight in layer.parameters()]
        for weight in weights:
            weight.grad = torch.zeros_like(weight)
        for layer in self.layers:
            layer.runs = 0
        x = self.data.clone().requires_grad_()
        meter = Meter([*weights, *(weight.grad for weight in weights)])
        with meter:
            meter.count(x)
            chain(self.layers, x).sum().backward()  # a sum saves nothing
        return Measured(
            peak=meter.peak / x.nbytes,
            operations=meter.operations,
            runs=sum(layer.runs for layer in self.layers) / len(self.layers),
        )

    def times(self, chains: Sequence[Chain], rounds: int) -> list[tuple[float, float]]:
        """Processor time of the forward and the backward pass of each chain, in the best round."""
        best = [(math.inf, math.inf)] * len(chains)
        for _ in range(rounds):
            for at, chain in enumerate(chains):
                x = self.data.clone().requires_grad_()
                start = time.process_time()
                loss = chain(self.layers, x).sum()
                middle = time.process_time()
                loss.backward()
                took = (middle - start, time.process_time() - middle)
                best[at] = min(best[at], took, key=sum)
        return best
