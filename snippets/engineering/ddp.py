"""The smallest true DDP program, held against one process; unequal shards; buckets that overlap.

Part 1 trains Linear(10, 10) on all ranks, each on its shard, and on one process on the whole
batch: the weights agree. Part 2 gives the ranks unequal shards: DDP's plain mean is wrong by a
computed amount, weighted losses are right. Part 3 counts the time of a backward pass on a clock
of its own, so that the overlap that DDP arranges can be held against its formula on any machine.

    torchrun --nproc-per-node 2 ddp.py
    python ddp.py                       one rank, without a launcher

References
  S. Li et al.: PyTorch Distributed: Experiences on Accelerating Data Parallel Training, 2020,
    arXiv:2006.15704.
"""

# No `from __future__ import annotations` here: DDP reads the hook's annotations as objects.
import os
import tempfile
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

LAYERS, LAYER_SECONDS = 16, 0.010  # part 3: a backward pass of 160 ms, counted on a clock
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
        came, should = torch.stack(means), torch.stack(before)
        assert torch.equal(came, should), "the ranks' own gradients must stay as they were"
        came, should = average(means[::-1], counts[::-1]), average(means, counts)
        assert torch.allclose(came, should, atol=1e-6), "the order of the ranks must not matter"
    counts, means = [2, 0], [torch.ones(2), torch.full((2,), float("nan"))]
    case, came, should = (
        {"counts": counts, "means": ["1", "NaN"]},
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
    size = BATCH // ranks  # equal shards; what is left of 64 samples stays out of the batch
    mine, whole = slice(rank * size, (rank + 1) * size), slice(ranks * size)
    different = linear(seed + rank)  # each rank starts elsewhere; DDP's constructor mends it
    model = DistributedDataParallel(different)
    same_start = equal_on_all_ranks(different.weight.detach())
    weights = train(model, inputs[mine], targets[mine])
    same_end = equal_on_all_ranks(weights)
    alone = train(linear(seed), inputs[whole], targets[whole])
    worst = float((weights - alone).abs().max())
    say(f"equal to rank 0 after the constructor:   {same_start}")
    say(f"equal on all ranks after {STEPS} steps:       {same_end}")
    say(f"largest difference from one process:     {worst:.1e}  (expected: below 1e-6)")
    assert same_start and same_end and worst < 1e-6
    return worst


def unequal_shards(seed: int) -> None:
    """One gradient from unequal shards: 16 samples for the other ranks together, 48 for rank 0."""
    inputs, targets = data(seed)
    rank, ranks = dist.get_rank(), dist.get_world_size()
    if ranks == 1:
        return
    others = max(1, BATCH // 4 // (ranks - 1))
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


class TimedNetwork:
    """A communication hook with a clock of its own: seconds that are counted, not spent.

    ``now`` is advanced by the layers of the backward pass. The network sends one bucket at a
    time; ``spans`` holds when each was on the wire, in seconds since the backward pass began.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.spans: list[tuple[float, float]] = []

    def hook(self, state: Any, bucket: dist.GradBucket) -> torch.futures.Future[torch.Tensor]:
        """Called by DDP when a bucket's gradients are all there."""
        free = self.spans[-1][1] if self.spans else 0.0
        start = max(self.now, free)
        share = bucket.buffer().numel() / (LAYERS * 256 * 256)
        self.spans.append((start, start + LATENCY + SENDING * share))
        future: torch.futures.Future[torch.Tensor] = torch.futures.Future()
        future.set_result(bucket.buffer())
        return future


class TimedLayer(torch.autograd.Function):
    """A layer whose backward pass takes LAYER_SECONDS on the network's clock."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, network: TimedNetwork) -> Tensor:
        """Add the weight's sum, so that the weight takes part; x: any shape."""
        ctx.shape, ctx.network = weight.shape, network
        return x + weight.sum()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:
        """Let the clock go on, then hand gradients on."""
        ctx.network.now += LAYER_SECONDS
        return gradient, gradient.sum().expand(ctx.shape).contiguous(), None


class TimedModel(nn.Module):
    """Sixteen timed layers with a quarter MiB of weights each."""

    def __init__(self, network: TimedNetwork) -> None:
        super().__init__()
        self.network = network
        self.weights = nn.ParameterList(nn.Parameter(torch.zeros(256, 256)) for _ in range(LAYERS))

    def forward(self, x: Tensor) -> Tensor:
        """x: any shape; the same shape comes back."""
        for weight in self.weights:
            x = TimedLayer.apply(x, weight, self.network)
        return x


def predicted_seconds(buckets: int) -> float:
    """Backward and sending together, when sending is the slower: C + a k + B / k."""
    return SENDING + LATENCY * buckets + BACKWARD / buckets


def counted_backward(buckets: int) -> list[list[tuple[float, float]]]:
    """When each bucket was on the wire, in the first and in the second step."""
    network = TimedNetwork()
    cap = LAYERS / 4 / buckets
    model = DistributedDataParallel(TimedModel(network), bucket_cap_mb=cap)
    model.register_comm_hook(None, network.hook)
    steps = []
    for _ in range(2):
        network.now, network.spans = 0.0, []
        model(torch.ones(1)).sum().backward()
        steps.append(network.spans)
    return steps


def overlap() -> None:
    """Hold 1 to 16 buckets against the formula, and draw who was busy when."""
    say(f"\nbackward {BACKWARD * 1e3:.0f} ms, network {SENDING * 1e3:.0f} ms, ", end="")
    say(f"{LATENCY * 1e3:.0f} ms more per bucket (counted, not spent)")
    say("            first step           second step")
    say("  cap MiB   buckets    ms        buckets    ms    theory ms")
    rows = []
    for buckets in (1, 2, 4, 8, 16):
        first, second = counted_backward(buckets)
        theory, spent = predicted_seconds(len(second)), second[-1][1]
        say(
            f"{LAYERS / 4 / buckets:9.2f} {len(first):9d} {first[-1][1] * 1e3:5.0f}"
            f"{len(second):15d} {spent * 1e3:5.0f}    {theory * 1e3:5.0f} ± 0.1"
        )
        assert abs(spent - theory) < 1e-4
        rows.append((len(second), theory, spent, second))
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
    totals.scatter([row[0] for row in rows], [row[2] * 1e3 for row in rows], label="counted")
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
