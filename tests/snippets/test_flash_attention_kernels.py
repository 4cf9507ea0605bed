"""The Triton and Gluon kernels: right in the interpreter, and what they compile to for Hopper."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.snippets.interpreted_attention import CASES
from tests.snippets.parts import part
from tests.snippets.scripts import SNIPPETS

pytest.importorskip("triton", reason="Triton exists for Linux only")
ROOT = SNIPPETS.parent
COMPILED = (
    "triton forward d=128 causal",
    "triton backward keys d=128 causal",
    "triton backward queries d=128 causal",
    "triton backward fused d=128 causal",
    "gluon forward d=128 causal consumers=2 keys=128 stages=2 registers=240 take_turns=True",
    "gluon forward d=64 causal consumers=3 keys=128 stages=3 registers=160 take_turns=True",
)
LIMITS = {"float32": 2e-6, "float16": 1e-3}


def lines_of(command: list[str], **environment: str) -> list[Any]:
    answer = subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE", **environment},
    )
    return [json.loads(line) for line in answer.stdout.splitlines()]


@pytest.fixture(scope="module")
def interpreted() -> dict[str, list[float]]:
    command = ["-m", "tests.snippets.interpreted_attention"]
    return dict(lines_of(command, TRITON_INTERPRET="1"))


@pytest.mark.xdist_group("interpreted")
@pytest.mark.parametrize("name", CASES)
def test_forward_and_backward_agree_with_float64(
    name: str, interpreted: dict[str, list[float]]
) -> None:
    limit = LIMITS[CASES[name][7]]
    names = ("out", "dq", "dk", "dv", "dq in one sweep", "dk in one sweep", "dv in one sweep")
    errors = dict(zip(names, interpreted[name], strict=True))
    assert all(error < limit for error in errors.values()), errors


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    cache = str(tmp_path_factory.mktemp("triton"))
    script = SNIPPETS / "attention" / "_flash" / "compiled.py"
    return lines_of([str(script), *COMPILED], TRITON_CACHE_DIR=cache)


@pytest.mark.slow
@pytest.mark.xdist_group("compiled")
def test_every_kernel_uses_tensor_cores_and_the_copy_engine(compiled: list[dict[str, Any]]) -> None:
    assert len(compiled) == len(COMPILED)
    for kernel in compiled:
        assert kernel["wgmma"] > 0, kernel
        assert kernel["tma"] > 0, kernel
        assert kernel["complaints"] == [], kernel


@pytest.mark.slow
@pytest.mark.xdist_group("compiled")
def test_accumulators_stay_in_registers(compiled: list[dict[str, Any]]) -> None:
    for kernel in compiled:
        # Causal gradients at d = 128 have a few registers too many; the accumulators stay.
        assert kernel["spilled"] <= (160 if "backward" in kernel["kernel"] else 0), kernel
        assert kernel["shared"] <= 227 * 1024, kernel


@pytest.mark.slow
@pytest.mark.xdist_group("compiled")
def test_the_hopper_kernel_has_roles_and_overlaps(compiled: list[dict[str, Any]]) -> None:
    hopper = [kernel for kernel in compiled if kernel["kernel"].startswith("gluon")]
    assert len(hopper) == 2
    for kernel in hopper:
        consumers = 3 if "consumers=3" in kernel["kernel"] else 2
        assert kernel["threads"] == 128 * (consumers + 1)
        assert kernel["setmaxnreg"] > 0
        assert kernel["spilled"] == 0
        # Each computing warpgroup waits for the scores while the other product still runs.
        assert kernel["overlapped"] == consumers


def test_a_trial_counts_what_was_said_before_it_broke_off() -> None:
    trial = part("attention", "_flash.trial")
    said = (
        "a warning of some library\n"
        '{"d": 64, "shape": {"consumers": 3}, "error": 0.004, "right": true}\n'
        '{"d": 64, "shape": {"consumers": 2}, "error": 0.9, "right": false}\n'
        '{"d": 128, "shape": {"consumers": 2}, "err'
    )
    assert trial.verdicts(said) == {64: ({"consumers": 3},)}
    assert trial.verdicts(said.encode()) == {64: ({"consumers": 3},)}
    assert trial.verdicts(None) == {}


def test_a_trial_that_cannot_run_trusts_nothing() -> None:
    # There is no GPU number 63: the process fails, and so nothing is used.
    assert part("attention", "_flash.trial").trusted(63, 64) == ()


@pytest.mark.parametrize(
    ("queries", "keys", "kv_heads", "d", "scale", "complaint"),
    [
        (4, 4, 2, 48, 1.0, "head size 48"),
        (4, 0, 2, 64, 1.0, "no keys"),
        (4, 4, 3, 64, 1.0, "does not fit"),
        (4, 4, 2, 64, -1.0, "scale is positive"),
    ],
)
def test_what_kernels_cannot_do_is_refused(
    queries: int, keys: int, kv_heads: int, d: int, scale: float, complaint: str
) -> None:
    import torch

    check = part("attention", "_flash.descriptors").check
    q = torch.zeros(1, 4, queries, d)
    k = torch.zeros(1, kv_heads, keys, d)
    with pytest.raises(ValueError, match=complaint):
        check(q, k, k, scale)


def test_only_what_the_copy_engine_cannot_read_is_copied() -> None:
    import torch

    descriptors = part("attention", "_flash.descriptors")
    plain = torch.zeros(2, 3, 5, 64, dtype=torch.bfloat16)
    inside = torch.zeros(2, 5, 3, 64, dtype=torch.bfloat16).transpose(1, 2)
    for view in (plain, inside, plain[:, 1:], inside[:, :, 2:]):
        assert descriptors.readable(view) is view
    for view in (plain[..., 1:33], plain.mT, plain[:, :1].expand(2, 3, 5, 64)):
        copy = descriptors.readable(view)
        assert copy is not view
        assert torch.equal(copy, view)


def test_gpu_results_against_float64() -> None:
    import torch

    if not torch.cuda.is_available():
        pytest.skip("there is no GPU here; the interpreter's tests stand in")
    dispatch = part("attention", "_flash.dispatch")
    naive = part("attention", "_flash.contenders").naive_attention
    for d in (64, 128):
        for causal in (False, True):
            q, k, v = (
                torch.randn(2, heads, 700, d, device="cuda", dtype=torch.bfloat16).requires_grad_()
                for heads in (8, 2, 2)
            )
            out = dispatch.flash_attention(q, k, v, causal)
            grad = torch.randn_like(out)
            got = (out, *torch.autograd.grad(out, (q, k, v), grad))
            exact = [x.detach().double().requires_grad_() for x in (q, k, v)]
            reference = naive(*exact, causal)
            wanted = (reference, *torch.autograd.grad(reference, exact, grad.double()))
            for a, b in zip(got, wanted, strict=True):
                assert ((a.double() - b).norm() / b.norm()).item() < 2e-2


def test_the_recorded_command_says_what_is_missing(tmp_path: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("with a GPU it measures")
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.gpu_attention"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "no CUDA GPU here" in answer.stdout
