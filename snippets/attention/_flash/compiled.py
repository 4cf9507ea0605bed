"""What the kernels compile to for Hopper, on any machine: no GPU is needed for a look.

``python compiled.py [START ...]`` prints a line for each kernel whose name starts so: registers,
spills (none, or the tiles are too large), shared memory, tensor core instructions (wgmma), copies
by the copy engine (TMA), changes of the register budget (setmaxnreg: only warps with roles have
them), waits that leave a product running (overlapped), and complaints of the assembler.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import triton
from triton import knobs
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource
from triton.experimental.gluon import language as gl
from triton.experimental.gluon._runtime import GluonASTSource

HOPPER = GPUTarget("cuda", 90, 32)
NUMBERS = {"heads": "i32", "group": "i32", "queries": "i32", "keys": "i32"}


def report(name: str, kernel: Any) -> dict[str, Any]:
    """Look into a compiled kernel's assembly, and let the assembler speak."""
    ptx = kernel.asm["ptx"]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "kernel.ptx")
        source.write_text(ptx)
        options = ["-v", "--gpu-name=sm_90a", str(source), "-o", str(Path(folder, "kernel.cubin"))]
        answer = subprocess.run(
            [knobs.nvidia.ptxas.path, *options], capture_output=True, text=True, check=True
        ).stderr
    return {
        "kernel": name,
        "registers": max(map(int, re.findall(r"Used (\d+) registers", answer))),
        "spilled": sum(map(int, re.findall(r"(\d+) bytes spill", answer))),
        "shared": kernel.metadata.shared,
        "wgmma": ptx.count("wgmma.mma_async"),
        "overlapped": ptx.count("wgmma.wait_group.sync.aligned 1;"),
        "tma": ptx.count("cp.async.bulk.tensor"),
        "setmaxnreg": ptx.count("setmaxnreg"),
        "threads": int(re.findall(r"\.reqntid (\d+)", ptx)[0]),
        "complaints": re.findall(r"\(C75\d+\)[^\n]*", answer),
    }


def compile_triton(kernel: Any, tile: Any, d: int, causal: bool) -> Any:
    """A kernel of ``triton_forward.py`` or ``triton_backward.py`` with these tiles."""
    by_query = dict.fromkeys(("q_desc", "o_desc", "do_desc", "dq_desc"), tile.queries)
    by_key = dict.fromkeys(("k_desc", "v_desc", "dk_desc", "dv_desc"), tile.keys)
    rows = by_query | by_key
    types = {name: f"tensordesc<bf16[1,1,{rows[name]},{d}]>" for name in rows} | NUMBERS
    if "dq_sums" in kernel.arg_names:  # dQ is summed in float32
        types |= {"dq_desc": types["dq_desc"].replace("bf16", "fp32"), "dq_sums": "*fp32"}
    types |= {"log_sums": "*fp32", "deltas": "*fp32", "factor": "fp32", "scale": "fp32"}
    values = {"CAUSAL": causal, "EVEN": True, "COPY_ENGINE": True, "D": d}
    values |= {"BLOCK_M": tile.queries, "BLOCK_N": tile.keys}
    signature = {name: types.get(name, "constexpr") for name in kernel.arg_names}
    constants = {name: values[name] for name in kernel.arg_names if name in values}
    options = {"num_warps": tile.warps, "num_stages": tile.stages}
    return triton.compile(ASTSource(kernel, signature, constants), HOPPER, options)


def compile_gluon(kernel: Any, shape: Any, d: int, causal: bool) -> Any:
    """One variant of the Hopper kernel."""

    def described(rows: int) -> str:
        layout = gl.NVMMASharedLayout.get_default_for([1, 1, rows, d], gl.bfloat16)
        return f"tensordesc<bf16[1, 1, {rows}, {d}],{layout!r}>"

    signature = {
        "q_desc": described(64),
        "k_desc": described(shape.keys),
        "v_desc": described(shape.keys),
        "o_desc": described(64),
        "log_sums": "*fp32",
        "factor": "fp32",
        "all_heads": "i32",
        **NUMBERS,
    }
    constants = {
        "CAUSAL": causal,
        "CONSUMERS": shape.consumers,
        "STAGES": shape.stages,
        "D": d,
        "BLOCK_N": shape.keys,
        "REGISTERS": shape.registers,
        "TAKE_TURNS": shape.take_turns,
    }
    signature = {name: signature.get(name, "constexpr") for name in kernel.arg_names}
    return triton.compile(GluonASTSource(kernel, signature, constants), HOPPER, {"num_warps": 4})


def jobs() -> dict[str, Callable[[], Any]]:
    """What to compile, by name: the tiles that are tried first, all shapes of the Hopper kernel."""
    from _flash import gluon_attention, gluon_forward, gradients, triton_attention
    from _flash import triton_backward as back
    from _flash.triton_forward import forward_kernel
    from _flash.triton_fused_backward import fused_kernel

    work: dict[str, Callable[[], Any]] = {}
    kernels = {
        "forward": (forward_kernel, triton_attention.FORWARD[0]),
        "backward keys": (back.keys_kernel, gradients.KEYS[0]),
        "backward queries": (back.queries_kernel, gradients.QUERIES[0]),
        "backward fused": (fused_kernel, gradients.FUSED[0]),
    }
    for d, causal in product((128, 64), (False, True)):
        about = f"d={d}" + (" causal" if causal else "")
        for name, (kernel, tile) in kernels.items():
            work[f"triton {name} {about}"] = partial(compile_triton, kernel, tile, d, causal)
        for shape in gluon_attention.SHAPES[d]:
            if shape.persistent:  # that changes the launch, not the code
                name = f"gluon forward {about} {gluon_attention.named(shape)}"
                kernel = gluon_forward.forward_kernel
                work[name] = partial(compile_gluon, kernel, shape, d, causal)
    return work


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    wanted = sys.argv[1:] or [""]
    for title, compile_it in jobs().items():
        if any(title.startswith(start) for start in wanted):
            print(json.dumps(report(title, compile_it())), flush=True)
