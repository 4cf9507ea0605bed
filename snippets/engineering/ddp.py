"""The smallest true DDP program, held against one process; unequal shards; buckets that overlap.

Part 1 trains Linear(10, 10) on all ranks, each on its shard, and on one process on the whole
batch: the weights agree. Part 2 gives the ranks unequal shards: DDP's plain mean is wrong by a
computed amount, weighted losses are right. Part 3 times a backward pass whose computing and whose
network are slept, so that the overlap that DDP arranges can be held against its formula.

    torchrun --nproc-per-node 2 ddp.py
    python ddp.py                       one rank, without a launcher

References
  S. Li et al.: PyTorch Distributed: Experiences on Accelerating Data Parallel Training, 2020,
    arXiv:2006.15704.
"""

# No `from __future__ import annotations` here: DDP reads the hook's annotations as objects.
import os
import queue
import tempfile
import threading
import time
from pathlib import Path
from typing import Annotated, Any

import matplotlib.pyplot as plt
import torch
import torch.distributed as dist
import typer
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

LAUNCH = "torchrun"
RANKS = 2

LAYERS, LAYER_SECONDS = 16, 0.010  # part 3: a backward pass of 160 ms
BACKWARD = LAYERS * LAYER_SECONDS
SENDING, LATENCY = 0.320, 0.005  # all gradients on the wire; and what each bucket costs besides
LEARNING_RATE, STEPS, BATCH = 0.001, 20, 64


def average(gradients: list[Tensor], counts: list[int]) -> Tensor:
    """Mean over all samples, from each rank's mean over its own.

    ``gradients``: one tensor per rank, all of one shape, zeros where the rank has no sample.
    ``counts``: samples per rank. Zeros when there is no sample at all.
    """
    # exercise: average the gradients of ranks that hold unequal shards
    # Each rank's mean stands for `count` samples. What is the mean over all of them?
    # solution
    total = sum(counts)
    result = torch.zeros_like(gradients[0])
    if total == 0:
        return result
    for gradient, count in zip(gradients, counts, strict=True):
        if count:  # a rank without samples has nothing to say, whatever it holds
            result += gradient * (count / total)
    return result
    # end


def check(seed: int = 0) -> None:
    """Judge average: equal to one process on all samples, whatever the shards are."""
    generator = torch.Generator().manual_seed(seed)
    hand = [([1], [1]), ([2, 2], [3, 5]), ([3, 1], [1, 1]), ([3, 1], [-4, -20]), ([2, 0], [6, 0])]
    for counts, means in hand:  # numbers that can be followed
        case = {"means": means, "counts": counts}
        came = average([torch.tensor([float(mean)]) for mean in means], counts)
        weighted = sum(mean * count for mean, count in zip(means, counts, strict=True))
        should = torch.tensor([weighted / sum(counts)])
        assert torch.allclose(came, should, atol=1e-6), "not the mean over all samples"
    for counts in ([1, 1], [4, 4, 4], [7, 1, 0, 2], [0, 3], [0, 0], [5], [1, 2, 3, 4, 5]):
        shards = [torch.randn(count, 2, 3, generator=generator) for count in counts]
        means = [shard.mean(0) if len(shard) else torch.zeros(2, 3) for shard in shards]
        before = [mean.clone() for mean in means]
        case = {"counts": counts}
        came = average(means, counts)
        should = torch.cat(shards).mean(0) if sum(counts) else torch.zeros(2, 3)
        assert torch.allclose(came, should, atol=1e-6), "not what one process computes"
        turned = average(means[::-1], counts[::-1])
        came, should = turned, came
        assert torch.allclose(came, should, atol=1e-6), "the order of the ranks must not matter"
        came, should = torch.stack(means), torch.stack(before)
        assert torch.equal(came, should), "the ranks' own gradients must stay as they were"
    counts, means = [2, 0], [torch.ones(2), torch.full((2,), float("nan"))]
    case, came, should = (
        {"counts": counts, "means": "1, NaN"},
        average(means, counts),
        torch.ones(2),
    )
    assert torch.equal(came, should), "a rank without samples must not spoil the mean"


def enough_gpus() -> bool:
    """Whether every rank of this machine has a GPU of its own."""
    return torch.cuda.device_count() >= int(os.environ.get("LOCAL_WORLD_SIZE", "1"))


def device() -> torch.device:
    """The GPU of this rank, or the CPU where there are not enough of them."""
    number = os.environ.get("LOCAL_RANK", "0")
    return torch.device(f"cuda:{number}" if enough_gpus() else "cpu")


def data(seed: int) -> tuple[Tensor, Tensor]:
    """The same batch on every rank: inputs and targets, 64 samples of ten numbers each."""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(2, BATCH, 10, generator=generator).to(device())
    return drawn[0], drawn[1]


def linear(seed: int) -> nn.Linear:
    """A linear layer whose weights depend on the seed alone."""
    torch.manual_seed(seed)
    return nn.Linear(10, 10).to(device())


def train(model: nn.Module, inputs: Tensor, targets: Tensor) -> Tensor:
    """Twenty steps of SGD on a fixed batch; the weight matrix after them."""
    optimiser = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    for _ in range(STEPS):
        optimiser.zero_grad()
        nn.functional.mse_loss(model(inputs), targets).backward()
        optimiser.step()
    return next(model.parameters()).detach()


def equal_on_all_ranks(weights: Tensor) -> bool:
    """Whether every rank holds these weights, bit for bit."""
    gathered = [torch.empty_like(weights) for _ in range(dist.get_world_size())]
    dist.all_gather(gathered, weights)
    return all(torch.equal(weights, other) for other in gathered)


def shards_against_one_process(seed: int) -> float:
    """Largest difference of a weight between DDP on shards and one process on the batch."""
    inputs, targets = data(seed)
    rank, ranks = dist.get_rank(), dist.get_world_size()
    mine = slice(rank * BATCH // ranks, (rank + 1) * BATCH // ranks)
    different = linear(seed + rank)  # each rank starts elsewhere; DDP's constructor mends it
    model = DistributedDataParallel(different)
    same_start = equal_on_all_ranks(different.weight.detach())
    weights = train(model, inputs[mine], targets[mine])
    same_end = equal_on_all_ranks(weights)
    alone = train(linear(seed), inputs, targets)
    worst = float((weights - alone).abs().max())
    say(f"equal to rank 0 after the constructor:   {same_start}")
    say(f"equal on all ranks after {STEPS} steps:       {same_end}")
    say(f"largest difference from one process:     {worst:.1e}  (expected: below 1e-6)")
    assert same_start and same_end and worst < 1e-6
    return worst


def unequal_shards(seed: int) -> None:
    """One gradient from shards of 48 and 16 samples (rank 0, the others together)."""
    inputs, targets = data(seed)
    rank, ranks = dist.get_rank(), dist.get_world_size()
    if ranks == 1:
        return
    others = BATCH // 4 // (ranks - 1)
    counts = [BATCH - others * (ranks - 1)] + [others] * (ranks - 1)
    begin = sum(counts[:rank])
    mine = slice(begin, begin + counts[rank])
    alone = linear(seed)
    nn.functional.mse_loss(alone(inputs), targets).backward()
    full = alone.weight.grad
    own = linear(seed)
    nn.functional.mse_loss(own(inputs[mine]), targets[mine]).backward()
    everyone = [torch.empty_like(full) for _ in range(ranks)]
    dist.all_gather(everyone, own.weight.grad)
    predicted = torch.stack(everyone).mean(0) - average(everyone, counts)
    say(f"\nshards of {counts} samples             error of the gradient")
    for weighted in (False, True):
        model = DistributedDataParallel(linear(seed))
        loss = nn.functional.mse_loss(model(inputs[mine]), targets[mine])
        if weighted:
            loss = loss * ranks * counts[rank] / BATCH
        loss.backward()
        error = model.module.weight.grad - full
        name = "loss * N * b_r / n" if weighted else "plain mean of means"
        theory = 0.0 if weighted else float(predicted.abs().max())
        say(f"  {name:<22} {float(error.abs().max()):10.6f}  (theory {theory:.6f} ± 1e-6)")
        expected = torch.zeros_like(full) if weighted else predicted
        assert torch.allclose(error, expected, atol=1e-6)


class SleepingLayer(torch.autograd.Function):
    """A layer whose backward pass takes LAYER_SECONDS, asleep: no other program disturbs it."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        """Add the weight's sum, so that the weight takes part; x: any shape."""
        ctx.shape = weight.shape
        return x + weight.sum()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor]:
        """Sleep, then hand gradients on."""
        time.sleep(LAYER_SECONDS)
        return gradient, gradient.sum().expand(ctx.shape).contiguous()


class SleepingModel(nn.Module):
    """Sixteen sleeping layers with a quarter MiB of weights each."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.ParameterList(nn.Parameter(torch.zeros(256, 256)) for _ in range(LAYERS))

    def forward(self, x: Tensor) -> Tensor:
        """x: any shape; the same shape comes back."""
        for weight in self.weights:
            x = SleepingLayer.apply(x, weight)
        return x


class SleepingNetwork:
    """A communication hook whose one sender sleeps LATENCY + its share of SENDING per bucket."""

    def __init__(self) -> None:
        self.waiting: queue.Queue[Any] = queue.Queue()
        self.spans: list[tuple[float, float]] = []
        self.total = LAYERS * 256 * 256
        threading.Thread(target=self.send, daemon=True).start()

    def send(self) -> None:
        """Send one bucket after another, as one network card does."""
        while (item := self.waiting.get()) is not None:
            future, buffer = item
            began = time.perf_counter()
            time.sleep(LATENCY + SENDING * buffer.numel() / self.total)
            self.spans.append((began, time.perf_counter()))
            future.set_result(buffer)

    def hook(self, state: Any, bucket: dist.GradBucket) -> torch.futures.Future[torch.Tensor]:
        """Called by DDP when a bucket's gradients are all there."""
        future: torch.futures.Future[torch.Tensor] = torch.futures.Future()
        self.waiting.put((future, bucket.buffer()))
        return future


def predicted_seconds(buckets: int) -> float:
    """Backward and sending together, when sending is the slower: C + a k + B / k."""
    return SENDING + LATENCY * buckets + BACKWARD / buckets


def timed_backward(buckets: int) -> tuple[float, list[tuple[float, float]]]:
    """Best time of two steps with so many buckets, and when each bucket was on the wire."""
    cap = LAYERS / 4 / buckets
    model = DistributedDataParallel(SleepingModel(), bucket_cap_mb=cap)
    network = SleepingNetwork()
    model.register_comm_hook(None, network.hook)
    best, spans = float("inf"), []
    for step in range(3):
        loss = model(torch.ones(1)).sum()
        network.spans.clear()
        began = time.perf_counter()
        loss.backward()
        spent = time.perf_counter() - began
        # The first step is not counted: all gradients are one bucket in it, laid out anew after.
        if step >= 1 and spent < best:
            best = spent
            spans = [(start - began, end - began) for start, end in network.spans]
    network.waiting.put(None)
    return best, spans


def overlap() -> None:
    """Time 1 to 16 buckets beside the formula, and draw who was busy when."""
    say(f"\nbackward {BACKWARD * 1e3:.0f} ms, network {SENDING * 1e3:.0f} ms, ", end="")
    say(f"{LATENCY * 1e3:.0f} ms more per bucket")
    say("buckets   theory ms   measured ms   on top")
    rows = []
    for buckets in (1, 2, 4, 8, 16):
        spent, spans = timed_backward(buckets)
        theory = predicted_seconds(len(spans))
        rows.append((len(spans), theory, spent, spans))
        say(
            f"{len(spans):7d} {theory * 1e3:11.0f} {spent * 1e3:13.0f} "
            f"{100 * (spent / theory - 1):+7.1f} %"
        )
    say("(expected on top: 0 to 8 %, for sleepers wake a little late)")
    if dist.get_rank() == 0:
        draw(rows)


def draw(rows: list[tuple[int, float, float, list[tuple[float, float]]]]) -> None:
    """Left: time lines, a row per number of buckets. Right: totals on the formula's curve."""
    figure, (lines, totals) = plt.subplots(1, 2, figsize=(11, 4))
    for row, (_, _, _, spans) in enumerate(rows):
        lines.barh(row + 0.2, BACKWARD * 1e3, height=0.35, color="tab:blue")
        for start, end in spans:
            lines.barh(row - 0.2, (end - start) * 1e3, left=start * 1e3, height=0.35,
                       color="tab:orange", edgecolor="white")  # fmt: skip
    lines.set_yticks(range(len(rows)), [str(row[0]) for row in rows])
    lines.set_ylabel("buckets")
    lines.set_xlabel("ms (above: backward, below: sending)")
    counts = [1 + step / 10 for step in range(151)]
    totals.plot(counts, [predicted_seconds(k) * 1e3 for k in counts], label="C + a k + B/k")
    totals.scatter([row[0] for row in rows], [row[2] * 1e3 for row in rows], label="measured")
    totals.set_xlabel("buckets")
    totals.set_ylabel("ms per step")
    totals.legend()
    figure.tight_layout()
    plt.show()


def say(text: str, end: str = "\n") -> None:
    """Print on rank 0 only."""
    if dist.get_rank() == 0:
        print(text, end=end)


def main(
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Seed of data and weights")] = 0,
) -> None:
    """Equality with one process, unequal shards, and what buckets are worth."""
    with tempfile.TemporaryDirectory() as folder:
        if "RANK" in os.environ:
            dist.init_process_group("cpu:gloo,cuda:nccl" if enough_gpus() else "gloo")
        else:
            meeting = Path(folder) / "meeting"
            dist.init_process_group("gloo", init_method=meeting.as_uri(), rank=0, world_size=1)
        try:
            say(f"{dist.get_world_size()} ranks, back end {dist.get_backend()}")
            shards_against_one_process(seed)
            unequal_shards(seed)
            overlap()
        finally:
            dist.destroy_process_group()


if __name__ == "__main__":
    typer.run(main)
