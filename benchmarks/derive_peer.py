"""The peer: ``sympy.simplify(a - b) == 0`` on the same expressions, in a process of its own.

Reads a line of JSON for each pair and answers with whether it found zero and its seconds of the
processor. It has no ``measure``: ``benchmarks.derive`` starts it.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from typing import Any


def _late(*_: Any) -> None:
    raise TimeoutError


def main() -> None:
    """Serve until the input ends. Argument: the limit for one pair, in seconds."""
    import sympy

    from studytui.derive.process.node_codec import from_data
    from studytui.derive.sympy_backend.build import Builder
    from studytui.derive.syntax.declarations import declare

    limit = float(sys.argv[1])
    signal.signal(signal.SIGALRM, _late)
    sympy.simplify(sympy.Symbol("x") - 1)
    for line in sys.stdin:
        message = json.loads(line)
        symbols = declare(message["declarations"], open_names=True)
        first, second = (from_data(data) for data in message["nodes"])
        start = time.thread_time()
        signal.setitimer(signal.ITIMER_REAL, limit)
        try:
            builder = Builder(symbols)
            difference = builder.build(first) - builder.build(second)
            matrix = isinstance(difference, sympy.MatrixBase)
            found = sympy.simplify(difference)
            zero = bool(found.is_zero_matrix if matrix else found == 0)
        except Exception:  # noqa: BLE001 - a peer that fails has not found zero
            zero = False
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        print(json.dumps([zero, time.thread_time() - start]), flush=True)


if __name__ == "__main__":
    main()
