"""Reviews cards in a pseudo-terminal, and kills the review at random moments; a program of its own.

It loads studytui once and forks every sitting from there, so that each lasts milliseconds, not the
second that starting Python takes. What runs in the terminal is the real ``studytui review``.

Arguments: number of kills, seed, track. Prints the acknowledged grades as JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import random
import re
import select
import signal
import sys
import time

from studytui.cli import main as studytui

SAVED = re.compile(rb"saved: (\S+) (again|hard|good|easy)")
LONGEST = 0.12
"""Seconds after its first sign of life within which a sitting is killed."""


def sitting(generator: random.Random, track: str) -> list[str]:
    """One sitting that ends by a kill; the grades it said were saved."""
    child, terminal = pty.fork()
    if child == 0:
        sys.stdin = os.fdopen(0)
        studytui()
        os._exit(0)
    output = bytearray()
    deadline = None
    answered = 0
    while deadline is None or time.monotonic() < deadline:
        wait = 30 if deadline is None else max(deadline - time.monotonic(), 0)
        if not select.select([terminal], [], [], wait)[0]:
            break
        try:
            output += os.read(terminal, 65536)
        except OSError:
            break  # The sitting is over: nothing is due any more.
        if deadline is None:
            deadline = time.monotonic() + generator.uniform(0, LONGEST)
        while answered <= len(SAVED.findall(output)):
            os.write(terminal, b"\n%d\n" % generator.choice([1, 3, 3, 4]))
            answered += 1
    os.kill(child, signal.SIGKILL)
    # What was written before the end still waits in the terminal, and counts.
    with contextlib.suppress(OSError):
        while more := os.read(terminal, 65536):
            output += more
    os.waitpid(child, 0)
    os.close(terminal)
    return [match[0].decode() for match in SAVED.findall(output)]


def load(track: str) -> None:
    """Run the verb once without input, so that all it needs is there before the forks."""
    sys.argv = ["studytui", "review", "--track", track]
    sys.stdin = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        studytui()


def main() -> None:
    kills, seed, track = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    generator = random.Random(seed)
    load(track)
    saved = [card for _ in range(kills) for card in sitting(generator, track)]
    json.dump(saved, sys.stdout)


if __name__ == "__main__":
    main()
