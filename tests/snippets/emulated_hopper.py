"""Just enough of a Hopper multiprocessor to run the Gluon kernel's own source without one.

The kernel's text is executed as Python, with the names it imports from Gluon replaced by the
classes below. Roles are threads. Everything asynchronous happens at the worst moment that the
rules allow, so that a barrier that is missing, or waited for with the wrong parity, shows:

- a copy into shared memory overwrites its slot at once, when it is started;
- a tensor core product reads its operands as late as possible, when it is waited for;
- a copy out of shared memory also reads as late as possible;
- after an arrival at a barrier the others go first;
- shared memory begins as NaN, and a wait that nothing can end fails after some seconds.

What it can't show: layouts, fences, registers, timing.
"""

from __future__ import annotations

import ast
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

PATIENCE = 20.0
Lazy = Callable[[], Tensor]


class DeadlockError(AssertionError):
    """A wait that never ended."""


class Barrier:
    """An mbarrier: a phase ends when all arrivals and all announced bytes are in."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.count = self.missing = self.bytes = self.phase = 0

    def start(self, count: int) -> None:
        self.count = self.missing = count

    def update(self, arrivals: int, announced: int) -> None:
        with self.changed:
            self.missing -= arrivals
            self.bytes += announced
            assert self.missing >= 0, "more arrivals than the barrier counts"
            if self.missing == 0 and self.bytes == 0:
                self.phase += 1
                self.missing = self.count
                self.changed.notify_all()

    def wait(self, parity: int) -> None:
        """Until the phase of that parity is over (a fresh barrier's odd phase is)."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.phase % 2 != parity % 2, PATIENCE):
                raise DeadlockError(f"parity {parity} in phase {self.phase}")


class Shared:
    """A piece of shared memory: views of it see what is written later."""

    def __init__(self, data: Tensor) -> None:
        self.data = data

    def index(self, at: int) -> Shared:
        return Shared(self.data[at])

    def reshape(self, shape: list[int]) -> Shared:
        return Shared(self.data.view(shape))

    def permute(self, order: tuple[int, int]) -> Shared:
        return Shared(self.data.permute(order))

    def store(self, value: Tensor) -> None:
        self.data.copy_(value)


class Descriptor:
    """A tensor (batch, heads, length, d) in tiles of (1, 1, rows, d)."""

    def __init__(self, base: Tensor, rows: int) -> None:
        self.base, self.rows, self.dtype, self.layout = base, rows, base.dtype, None
        self.block_type = SimpleNamespace(nbytes=rows * base.shape[3] * base.element_size())

    def tile(self, place: list[int]) -> Tensor:
        batch, head, row, _ = place
        assert row >= 0
        return self.base[batch, head, row : row + self.rows]

    def load(self, place: list[int], into: Shared) -> None:
        into.data.zero_()  # beyond the end are zeros
        tile = self.tile(place)
        into.data[0, 0, : len(tile)] = tile


class Pointer:
    """Into a flat tensor; ``where`` is an offset or a tensor of offsets."""

    def __init__(self, base: Tensor, where: Any = 0) -> None:
        self.base, self.where = base, where

    def __add__(self, offset: Any) -> Pointer:
        return Pointer(self.base, self.where + offset)


class Role(threading.local):
    """What a warpgroup has started and not yet waited for."""

    def __init__(self) -> None:
        self.products: list[dict[str, Any]] = []
        self.stores: list[Callable[[], None]] = []


class Processor:
    """Runs one program after another; ``space`` holds the names that the kernel's source uses."""

    def __init__(self, text: str, programs: int, pause: float = 1e-4) -> None:
        self._pause = pause
        self._role, self._program, self._programs = Role(), 0, programs
        tree = ast.parse(text)
        tree.body = [
            node
            for node in tree.body
            if not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("triton"))
        ]
        self.space: dict[str, Any] = {
            "gluon": SimpleNamespace(jit=lambda function: function),
            "gl": self._language(),
            "mbarrier": SimpleNamespace(
                MBarrierLayout=lambda: "barrier",
                init=lambda barrier, count: barrier.data.start(count),
                wait=lambda barrier, parity: barrier.data.wait(parity),
                arrive=self._arrive,
                expect=lambda barrier, size: barrier.data.update(1, size),
            ),
            "tma": SimpleNamespace(
                async_copy_global_to_shared=self._load,
                async_copy_shared_to_global=self._store,
                store_wait=self._store_wait,
            ),
            "fence_async_shared": lambda: None,
            "warpgroup_mma": self._multiply,
            "warpgroup_mma_wait": self._wait,
        }
        exec(compile(tree, "kernel", "exec"), self.space)  # noqa: S102  our own file

    def launch(self, **arguments: Any) -> None:
        for program in range(self._programs):
            self._program = program
            self.space["forward_kernel"](**arguments)

    def _language(self) -> SimpleNamespace:
        def either(condition: Any, yes: Any, no: Any) -> Any:
            return (
                torch.where(condition, yes, no)
                if torch.is_tensor(condition)
                else (yes if condition else no)
            )

        def nothing(*_: object, **__: object) -> None:
            return None

        return SimpleNamespace(
            constexpr=lambda value: value,
            static_range=range,
            program_id=lambda axis: self._program,
            num_programs=lambda axis: self._programs,
            minimum=min,
            maximum=torch.maximum,
            cdiv=lambda a, b: -(-a // b),
            cast=lambda value, kind: value,
            where=either,
            arange=lambda start, end, layout: torch.arange(start, end),
            zeros=lambda shape, kind, layout: torch.zeros(shape),
            full=lambda shape, value, kind, layout: torch.full(shape, value),
            expand_dims=lambda x, axis: x.unsqueeze(axis),
            convert_layout=lambda x, layout: x,
            max=lambda x, axis: x.amax(axis),
            sum=lambda x, axis: x.sum(axis),
            exp2=torch.exp2,
            log2=torch.log2,
            float32=torch.float32,
            int64=torch.int64,
            NVMMADistributedLayout=nothing,
            DotOperandLayout=nothing,
            SliceLayout=nothing,
            allocate_shared_memory=self._allocate,
            store=self._write,
            warp_specialize=self._specialize,
        )

    def _allocate(self, dtype: torch.dtype, shape: list[int], layout: object) -> Shared:
        if layout == "barrier":
            return Shared([Barrier() for _ in range(shape[0])])
        return Shared(torch.full(shape, float("nan"), dtype=dtype))

    def _arrive(self, barrier: Shared) -> None:
        barrier.data.update(1, 0)
        time.sleep(self._pause)  # let others do at once what they are now allowed to do

    def _write(self, pointer: Pointer, value: Tensor, mask: Tensor) -> None:
        pointer.base[pointer.where[mask]] = value[mask]

    def _load(self, source: Descriptor, place: list[int], barrier: Shared, into: Shared) -> None:
        time.sleep(self._pause / 10)  # who does not wait for it comes too early
        source.load(place, into)
        barrier.data.update(0, -source.block_type.nbytes)

    def _store(self, target: Descriptor, place: list[int], source: Shared) -> None:
        def late() -> None:
            tile = target.tile(place)
            tile.copy_(source.data[0, 0, : len(tile)])

        self._role.stores.append(late)

    def _store_wait(self, pending: int) -> None:
        while len(self._role.stores) > pending:
            self._role.stores.pop(0)()

    def _multiply(
        self, a: Any, b: Shared, acc: Any, use_acc: bool = True, is_async: bool = False
    ) -> dict[str, Any]:
        def late() -> Tensor:
            left = a.data if isinstance(a, Shared) else a
            product = left.float() @ b.data.float()
            return acc + product if use_acc else product

        self._role.products.append({"run": late})
        return self._role.products[-1]

    def _wait(self, running: int, tokens: list[dict[str, Any]]) -> Tensor:
        while len(self._role.products) > running:
            token = self._role.products.pop(0)
            token["value"] = token["run"]()
        (token,) = tokens
        return token["value"]  # a KeyError if it was not waited for

    def _specialize(
        self, roles: list[tuple[Any, tuple[Any, ...]]], warps: Any, registers: Any
    ) -> None:
        failures: list[BaseException] = []

        def run(role: Callable[..., None], arguments: tuple[Any, ...]) -> None:
            try:
                role(*arguments)
                assert not self._role.products, "a product that nobody waited for"
                assert not self._role.stores, "a store that nobody waited for"
            except BaseException as failure:  # noqa: BLE001  it is raised again below
                failures.append(failure)

        threads = [threading.Thread(target=run, args=role, daemon=True) for role in roles]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
