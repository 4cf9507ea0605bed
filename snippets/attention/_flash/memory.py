"""How much memory a call needs at once."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


def peak_bytes(call: Callable[[], object], device: torch.device) -> int:
    """The most bytes held at once during the call, beyond what was held before.

    On a GPU the allocator knows. On a CPU every operation is watched and its new tensors counted
    for as long as they live; what a fused kernel of torch allocates inside is not seen.
    """
    if device.type == "cuda":
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        call()
        torch.cuda.synchronize()
        return torch.cuda.max_memory_allocated() - before
    with _Watch() as watch:
        call()
    return watch.peak


class _Watch(TorchDispatchMode):
    """Counts the bytes of living tensors that were made while it was on."""

    def __init__(self) -> None:
        super().__init__()
        self.held = self.peak = 0
        self._known: set[int] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        before = {id(x.untyped_storage()) for x in tree_leaves((args, kwargs)) if _is_tensor(x)}
        result = func(*args, **(kwargs or {}))
        for tensor in filter(_is_tensor, tree_leaves(result)):
            storage = tensor.untyped_storage()
            if id(storage) not in before | self._known:  # not a view of something older
                self._known.add(id(storage))
                self.held += storage.nbytes()
                weakref.finalize(storage, self._gone, id(storage), storage.nbytes())
        self.peak = max(self.peak, self.held)
        return result

    def _gone(self, identity: int, size: int) -> None:
        self._known.discard(identity)
        self.held -= size


def _is_tensor(value: object) -> bool:
    return isinstance(value, torch.Tensor)
