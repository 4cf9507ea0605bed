"""The Hopper kernel's own source on an emulated multiprocessor: sums, masks, barriers, order."""

from __future__ import annotations

import pytest
import torch

from tests.snippets import emulated_hopper
from tests.snippets.emulated_hopper import DeadlockError, Descriptor, Pointer, Processor
from tests.snippets.parts import part
from tests.snippets.scripts import SNIPPETS

TEXT = (SNIPPETS / "attention" / "_flash" / "gluon_forward.py").read_text(encoding="utf-8")
LOG2_E = 1.4426950408889634


def run(
    problem: tuple[int, ...],
    causal: bool,
    consumers: int = 2,
    keys_of_a_tile: int = 64,
    stages: int = 2,
    take_turns: bool = False,
    programs: int = 3,
    processor: Processor | None = None,
) -> tuple[float, float]:
    """Largest error of the output and of the log-sums against float64."""
    batch, heads, kv_heads, n, m, d = problem
    generator = torch.Generator().manual_seed(n + m)
    q = torch.randn(batch, heads, n, d, generator=generator)
    k, v = (torch.randn(batch, kv_heads, m, d, generator=generator) for _ in range(2))
    out = torch.full_like(q, float("nan"))
    log_sums = torch.full((batch * heads * n,), float("nan"))
    (processor or Processor(TEXT, programs)).launch(
        q_desc=Descriptor(q, 64),
        k_desc=Descriptor(k, keys_of_a_tile),
        v_desc=Descriptor(v, keys_of_a_tile),
        o_desc=Descriptor(out, 64),
        log_sums=Pointer(log_sums),
        factor=d**-0.5 * LOG2_E,
        heads=heads,
        group=heads // kv_heads,
        all_heads=batch * heads,
        queries=n,
        keys=m,
        CAUSAL=causal,
        CONSUMERS=consumers,
        STAGES=stages,
        D=d,
        BLOCK_N=keys_of_a_tile,
        REGISTERS=240,
        TAKE_TURNS=take_turns,
    )
    naive = part("attention", "_flash.contenders").naive_attention
    exact = naive(q.double(), k.double(), v.double(), causal)
    k = k.repeat_interleave(heads // kv_heads, 1).double()
    scores = q.double() @ k.mT * d**-0.5
    if causal:
        scores = scores.masked_fill(torch.ones(n, m, dtype=torch.bool).triu(1), float("-inf"))
    sums = scores.logsumexp(-1).flatten() * LOG2_E
    return (out - exact).abs().max().item(), (log_sums - sums).abs().max().item()


@pytest.mark.parametrize("take_turns", [False, True], ids=["freely", "in turns"])
@pytest.mark.parametrize("causal", [False, True], ids=["all", "causal"])
@pytest.mark.parametrize(
    "problem",
    [
        (1, 1, 1, 128, 128, 16),
        (1, 2, 2, 256, 512, 16),
        (2, 4, 2, 333, 257, 16),
        (1, 2, 1, 1, 130, 32),
        (1, 1, 1, 500, 70, 16),
        (1, 10, 5, 200, 200, 16),
    ],
    ids=str,
)
def test_it_is_right(problem: tuple[int, ...], causal: bool, take_turns: bool) -> None:
    error, error_of_sums = run(problem, causal, take_turns=take_turns)
    assert error < 1e-5
    assert error_of_sums < 1e-5


@pytest.mark.parametrize(
    ("consumers", "keys_of_a_tile", "stages", "take_turns"),
    [(2, 128, 2, True), (2, 64, 4, True), (3, 128, 3, True), (3, 128, 3, False), (2, 128, 4, True)],
)
@pytest.mark.parametrize("causal", [False, True])
def test_every_shape_is_right(
    consumers: int, keys_of_a_tile: int, stages: int, take_turns: bool, causal: bool
) -> None:
    problem = (1, 3, 1, 700, 700, 16)
    errors = run(problem, causal, consumers, keys_of_a_tile, stages, take_turns)
    assert max(errors) < 1e-5


@pytest.mark.parametrize("programs", [1, 4, 100])
def test_any_number_of_programs_does_all_the_work(programs: int) -> None:
    assert max(run((2, 3, 3, 300, 300, 16), True, programs=programs)) < 1e-5


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    ("blocks", "heads", "batch"), [(5, 3, 2), (1, 1, 1), (4, 16, 1), (7, 11, 3)]
)
def test_each_tile_has_its_place(blocks: int, heads: int, batch: int, causal: bool) -> None:
    place = Processor(TEXT, 1).space["_place"]
    tiles = blocks * heads * batch
    places = [place(tile, blocks, heads, heads * batch, causal) for tile in range(tiles)]
    assert len(set(places)) == tiles
    assert {each[0] for each in places} == set(range(blocks))
    assert {each[1:] for each in places} == {(h, b) for h in range(heads) for b in range(batch)}
    if causal:
        assert places[0][0] == blocks - 1  # the longest rows first


MISTAKES = {
    "values released before they are read": (
        "                acc = warpgroup_mma_wait(0, [acc_token])\n"
        "                mbarrier.arrive(v_empty.index(step % STAGES))\n",
        "                mbarrier.arrive(v_empty.index(step % STAGES))\n"
        "                acc = warpgroup_mma_wait(0, [acc_token])\n",
    ),
    "output overwritten before it has left": (
        "        tma.store_wait(0)  # the last tile's output has left its slot\n",
        "",
    ),
    "old sums not rescaled": (
        "                acc = acc * gl.expand_dims(gl.convert_layout(rescale, OUT_ROW), 1)\n",
        "",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_emulator_finds_mistakes(mistake: str) -> None:
    right, wrong = MISTAKES[mistake]
    assert right in TEXT
    text = TEXT.replace(right, wrong)

    def found() -> bool:
        error, _ = run((1, 1, 1, 384, 512, 16), False, processor=Processor(text, 1, pause=0.05))
        return not error < 1e-4

    # A race needs the other thread to be quick; on a busy machine it may take a second go.
    assert any(found() for _ in range(5))


def test_the_emulator_finds_a_deadlock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emulated_hopper, "PATIENCE", 0.5)
    processor = Processor(TEXT.replace("mbarrier.arrive(k_empty", "str(k_empty"), 1)
    with pytest.raises(DeadlockError):
        run((1, 1, 1, 256, 512, 16), False, processor=processor)
