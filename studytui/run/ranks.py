"""Snippets made of ranks: started by torchrun, on one host or as one of several."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec

from studytui.run.parameters import ParameterError
from studytui.run.signature import Snippet

OWN_COUNT = "ranks"
"""The parameter by which a snippet that also starts its ranks itself takes their number."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """What is passed through to torchrun. ``per_node`` 0: as many as the snippet declares.

    ``endpoint`` is ``host:port`` of the rendezvous, the same on all nodes; ``nodes`` may be a
    range, ``2:4``, for an elastic run.
    """

    per_node: int = 0
    nodes: str = "1"
    node_rank: int = 0
    endpoint: str = ""
    restarts: int = 0
    run_id: str = ""


def as_declared(snippet: Snippet, ranks: Ranks | None, values: Mapping[str, str]) -> Ranks:
    """``ranks``, with as many on this host as the snippet's own parameter ``ranks`` says.

    Only where nothing else does: with several hosts it would be the number of all of them.
    """
    ranks = ranks or Ranks()
    own = values.get(OWN_COUNT, "")
    if ranks.per_node or ranks.nodes != "1" or not own.isdecimal():
        return ranks
    return replace(ranks, per_node=int(own))


def rank_environment(snippet: Snippet, ranks: Ranks) -> dict[str, str]:
    """The processor's threads shared out among the ranks of this node, unless that is set."""
    if "OMP_NUM_THREADS" in os.environ:
        return {}
    count = ranks.per_node or snippet.ranks
    return {
        "OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 1) // count)),
        "PYTHONSAFEPATH": "1",  # for the ranks, as -P is for what starts them
    }


def rank_command(snippet: Snippet, ranks: Ranks) -> tuple[str, ...]:
    """The command that starts all ranks of this node."""
    if ranks.nodes != "1" and not ranks.endpoint:
        raise ParameterError(
            "several nodes need a place to meet", todo="Give --rdzv-endpoint HOST:PORT."
        )
    if find_spec("torch") is None:
        raise ParameterError(
            "ranks are started by torchrun, and the package torch is not installed",
            todo="Install it: pip install torch",
        )
    command = [sys.executable, "-P", "-m", "studytui.run.child.launcher"]
    command += [f"--nproc-per-node={ranks.per_node or snippet.ranks}", f"--nnodes={ranks.nodes}"]
    command += [f"--max-restarts={ranks.restarts}"]
    if ranks.endpoint:
        command += ["--rdzv-backend=c10d", f"--rdzv-endpoint={ranks.endpoint}"]
        command += [f"--rdzv-id={ranks.run_id or snippet.digest[:16]}"]
        command += [f"--node-rank={ranks.node_rank}"]
    else:
        command += ["--standalone"]
    return (*command, "-m", "studytui.run.child")
