"""The attention snippet on a CPU: every version against the formula in float64."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from types import ModuleType

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.snippets.parts import part
from tests.snippets.scripts import SNIPPETS, load, run

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
    out, log_sums = snippet.flash_forward(q, k, v, block, causal)
    assert torch.allclose(out.double(), exact, atol=1e-6)
    scores = q @ k.T / 4
    if causal:
        scores = scores.masked_fill(torch.ones(33, 33, dtype=torch.bool).triu(1), -torch.inf)
    assert torch.allclose(log_sums[:, 0], scores.logsumexp(1), atol=1e-5)


def test_scores_of_any_size_do_not_overflow(snippet: ModuleType) -> None:
    q, k, v = (x[0, 0] for x in inputs(1, 1, 1, 24, 24, 16, torch.float32))
    out, _ = snippet.flash_forward(q * 300, k * 300, v, 8)
    assert torch.isfinite(out).all()
    exact = snippet.naive_attention(*(x[None, None].double() for x in (q * 300, k * 300, v)))
    assert torch.allclose(out.double(), exact[0, 0], atol=1e-3)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("block", [1, 7, 50])
def test_the_textbook_gradients_are_exact(snippet: ModuleType, block: int, causal: bool) -> None:
    q, k, v, grad = torch.randn(4, 33, 16, dtype=torch.float64)
    out, log_sums = snippet.flash_forward(q, k, v, block, causal)
    ours = snippet.flash_backward((q, k, v, out, log_sums), grad, block, causal)
    whole = [x[None, None].requires_grad_() for x in (q, k, v)]
    theirs = torch.autograd.grad(snippet.naive_attention(*whole, causal), whole, grad[None, None])
    for a, b in zip(ours, theirs, strict=True):
        assert torch.allclose(a, b[0, 0], atol=1e-10)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_the_textbook_version_takes_half_precision(snippet: ModuleType, dtype: torch.dtype) -> None:
    q, k, v = (x[0, 0] for x in inputs(1, 1, 1, 33, 33, 16, dtype))
    out, _ = snippet.flash_forward(q, k, v, 8)
    exact = snippet.naive_attention(*(x.double()[None, None] for x in (q, k, v)))[0, 0]
    assert out.dtype == dtype
    assert torch.allclose(out.double(), exact, atol=0.05)


WRONG = {
    "the old output is not rescaled": ("o = o * rescale +", "o = o +"),
    "the old sum is not rescaled": ("total = total * rescale +", "total = total +"),
    "the maximum starts at zero": ("q.new_full((len(q), 1), -math.inf)", "q.new_zeros(len(q), 1)"),
    "the factor is upside down": ("torch.exp(m - larger)", "torch.exp(larger - m)"),
    "the scale is forgotten": (" / math.sqrt(q.shape[1])", ""),
    "one maximum for all queries": ("scores.amax(dim=1, keepdim=True)", "scores.max()"),
    "the maximum is not kept": ("        m = larger\n", ""),
}


@pytest.mark.parametrize("old, new", WRONG.values(), ids=WRONG)
def test_wrong_solutions_of_the_exercise_fail(snippet: ModuleType, old: str, new: str) -> None:
    source = inspect.getsource(snippet.online_attention)
    assert old in source
    exec(source.replace(old, new), snippet.__dict__)  # noqa: S102 (our own, with a slip)
    with pytest.raises(AssertionError):
        for seed in range(3):
            snippet.check_online_attention(seed)


def test_all_scores_at_once_are_no_solution(snippet: ModuleType) -> None:
    whole = snippet.whole_attention
    snippet.__dict__["online_attention"] = lambda q, k, v, block: whole(q, k, v)
    with pytest.raises(AssertionError, match="bytes are held at once"):
        snippet.check_online_attention()


def test_traffic_is_that_of_the_formula_where_tiles_fit(snippet: ModuleType) -> None:
    n, d = 512, 32
    for rows in (64, 128, 512):
        assert snippet.moved_numbers(n, d, rows) == 2 * n * d + 2 * n * n * d // rows
    assert snippet.moved_numbers(10, 4, 3) == 2 * 40 + 4 * 2 * 40


def test_scores_that_are_too_large_are_never_made() -> None:
    race = part("attention", "_flash.race")
    contenders = part("attention", "_flash.contenders")

    def must_not_run(*arguments: object) -> torch.Tensor:
        raise AssertionError("it was called")

    methods = dict.fromkeys(race.HOLD_ALL, must_not_run)
    shape = contenders.Shape(1, 8, 8, 16_384, 16)
    results = race.race(methods, shape, torch.device("cpu"), torch.float32, False, 1)
    assert [result.refused for result in results] == ["too large to be worth it"] * 2


@examples(25)
@given(
    n=st.integers(0, 1200),
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
def test_tiled_gradients_are_exact(
    shape: tuple[int, int, int, int, int, int], causal: bool
) -> None:
    tiled = part("attention", "_flash.tiled").tiled_attention
    naive = part("attention", "_flash.contenders").naive_attention
    q, k, v = (x.requires_grad_() for x in inputs(*shape, torch.float64))
    grad = torch.randn(q.shape, dtype=torch.float64)
    ours = torch.autograd.grad(tiled(q, k, v, causal), (q, k, v), grad)
    theirs = torch.autograd.grad(naive(q, k, v, causal), (q, k, v), grad)
    for a, b in zip(ours, theirs, strict=True):
        assert torch.allclose(a, b, atol=1e-10)


def test_threads_are_as_many_as_before_and_a_second_derivative_is_refused() -> None:
    tiled = part("attention", "_flash.tiled").tiled_attention
    before = torch.get_num_threads()
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            q, k, v = (x.requires_grad_() for x in inputs(1, 3, 3, 600, 40, 8, torch.float64))
            first = torch.autograd.grad(tiled(q, k, v).square().sum(), q, create_graph=True)[0]
            assert torch.get_num_threads() == threads
            with pytest.raises(RuntimeError, match="once_differentiable"):
                first.sum().backward()
    finally:
        torch.set_num_threads(before)


def test_attention_over_nothing_and_scores_without_measure() -> None:
    tiled = part("attention", "_flash.tiled").tiled_attention
    q, k, v = inputs(1, 2, 2, 0, 5, 8, torch.float32)
    assert tiled(q, k, v).shape == q.shape
    q, k, v = (x * 1e9 for x in inputs(1, 2, 2, 600, 600, 8, torch.float32))
    assert tiled(q, k, v, True).isfinite().all()


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
    answer = run(NAME, "--device", "tpu")
    assert answer.returncode == 2
    assert "'tpu' is not one of" in answer.stderr


def test_threads_sleep_while_they_wait_however_it_is_started() -> None:
    """OpenMP reads this once, when torch is imported: alone it must be set by then."""
    program = f"""
import os, sys
class AtTorch:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            raise SystemExit(os.environ.get("OMP_WAIT_POLICY"))
sys.meta_path.insert(0, AtTorch())
import runpy
runpy.run_path({str(SNIPPETS / f"{NAME}.py")!r})
"""
    environment = {name: os.environ[name] for name in os.environ if name != "OMP_WAIT_POLICY"}
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment
    )
    assert answer.stderr.strip() == "PASSIVE"
