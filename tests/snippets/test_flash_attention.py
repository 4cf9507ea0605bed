"""The attention snippet on a CPU: every version against the formula in float64."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.snippets.parts import part
from tests.snippets.scripts import load, run

NAME = "attention/flash_attention"


@pytest.fixture
def snippet() -> ModuleType:
    part("attention", "_flash")  # the folder on the path, as for a reader
    return load(NAME)


def inputs(
    batch: int, heads: int, kv_heads: int, n: int, m: int, d: int, dtype: torch.dtype
) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(n * m)
    sizes = ((batch, heads, n, d), (batch, kv_heads, m, d), (batch, kv_heads, m, d))
    return [torch.randn(size, generator=generator, dtype=torch.float64).to(dtype) for size in sizes]


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("block", [1, 7, 16, 50])
def test_the_textbook_version_is_exact_for_any_tile(
    snippet: ModuleType, block: int, causal: bool
) -> None:
    q, k, v = (x[0, 0] for x in inputs(1, 1, 1, 33, 33, 16, torch.float32))
    exact = snippet.naive_attention(*(x.double()[None, None] for x in (q, k, v)), causal)[0, 0]
    out = snippet.flash_forward(q, k, v, block, causal)
    assert torch.allclose(out.double(), exact, atol=1e-6)


def test_scores_of_any_size_do_not_overflow(snippet: ModuleType) -> None:
    q, k, v = (x[0, 0] for x in inputs(1, 1, 1, 24, 24, 16, torch.float32))
    out = snippet.flash_forward(q * 300, k * 300, v, 8)
    assert torch.isfinite(out).all()
    exact = snippet.naive_attention(*(x[None, None].double() for x in (q * 300, k * 300, v)))
    assert torch.allclose(out.double(), exact[0, 0], atol=1e-3)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    n=st.integers(1, 1200),
    m=st.integers(1, 1200),
    groups=st.sampled_from([(1, 1), (4, 2), (6, 1), (16, 16), (3, 3)]),
    batch=st.integers(1, 2),
    causal=st.booleans(),
)
def test_tiled_attention_agrees_with_torch(
    n: int, m: int, groups: tuple[int, int], batch: int, causal: bool
) -> None:
    tiled = part("attention", "_flash.tiled").tiled_attention
    q, k, v = inputs(batch, *groups, n, m, 8, torch.float32)
    wanted = torch.nn.functional.scaled_dot_product_attention(
        q, k, v, is_causal=causal, enable_gqa=True
    )
    assert torch.allclose(tiled(q, k, v, causal), wanted, atol=2e-5)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    "shape", [(1, 8, 8, 700, 700, 16), (2, 4, 1, 513, 1100, 8), (1, 16, 2, 600, 30, 8)]
)
def test_tiled_gradients_are_exact(shape: tuple[int, ...], causal: bool) -> None:
    tiled = part("attention", "_flash.tiled").tiled_attention
    naive = part("attention", "_flash.contenders").naive_attention
    q, k, v = (x.requires_grad_() for x in inputs(*shape, torch.float64))
    grad = torch.randn(q.shape, dtype=torch.float64)
    ours = torch.autograd.grad(tiled(q, k, v, causal), (q, k, v), grad)
    theirs = torch.autograd.grad(naive(q, k, v, causal), (q, k, v), grad)
    for a, b in zip(ours, theirs, strict=True):
        assert torch.allclose(a, b, atol=1e-10)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_summed_in_float32(dtype: torch.dtype) -> None:
    tiled = part("attention", "_flash.tiled").tiled_attention
    naive = part("attention", "_flash.contenders").naive_attention
    q, k, v = inputs(1, 2, 1, 600, 600, 16, dtype)
    out = tiled(q, k, v, True)
    exact = naive(q.double(), k.double(), v.double(), True)
    assert out.dtype == dtype
    assert ((out.double() - exact).norm() / exact.norm()).item() < 4 * torch.finfo(dtype).eps


def test_memory_is_counted_while_tensors_live() -> None:
    peak_bytes = part("attention", "_flash.memory").peak_bytes
    cpu = torch.device("cpu")

    def two_at_once() -> torch.Tensor:
        first = torch.zeros(1000)
        second = first.exp()
        del first
        return second.view(10, 100).exp_().add(1)  # a view and an in-place step cost nothing

    assert peak_bytes(two_at_once, cpu) == 8000
    assert peak_bytes(lambda: [torch.zeros(1000).sum() for _ in range(5)], cpu) == 4000 + 5 * 4


def test_tiled_needs_a_small_part_of_the_memory() -> None:
    contenders = part("attention", "_flash.contenders")
    peak_bytes = part("attention", "_flash.memory").peak_bytes
    q, k, v = inputs(1, 8, 8, 2048, 2048, 16, torch.float32)
    cpu = torch.device("cpu")
    naive = peak_bytes(lambda: contenders.naive_attention(q, k, v), cpu)
    tiled = peak_bytes(lambda: contenders.tiled_attention(q, k, v), cpu)
    assert naive >= 2 * 8 * 2048**2 * 4
    assert tiled < naive / 20


def test_the_step_view_tells_the_tiles_and_the_numbers() -> None:
    answer = run(NAME, "--show", "steps", "--causal")
    assert answer.returncode == 0, answer.stderr
    rows = [line for line in answer.stdout.splitlines() if re.match(r"[█▒]", line)]
    assert len(rows) == 6  # three tiles of queries see one, two and three tiles of keys
    assert "rescale" in answer.stdout
    error = re.search(r"in float64: (\S+)", answer.stdout)
    assert error is not None
    assert float(error[1]) < 1e-5


def test_the_race_ranks_all_that_works_here() -> None:
    answer = run(NAME, "--show", "race", "--longest", "256", "--rounds", "1", "--device", "cpu")
    assert answer.returncode == 0, answer.stderr
    for name in ("naive", "tiled, torch", "SDPA flash", "SDPA math"):
        assert name in answer.stdout
    assert "n = 256" in answer.stdout


def test_bad_parameters_are_told() -> None:
    answer = run(NAME, "--heads", "8", "--kv-heads", "3")
    assert answer.returncode == 1
    assert "3 key heads do not divide 8 query heads" in answer.stderr
