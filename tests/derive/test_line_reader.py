"""Lines from a pipe: whole, in order, within their time, and an end that is noticed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from studytui.derive.process.line_reader import PolledLines, ThreadedLines

TALK = "import sys\nfor line in sys.stdin: print(line.strip() * 2, flush=True)"
KINDS = [ThreadedLines, *([PolledLines] if os.name == "posix" else [])]


@pytest.fixture
def talker() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", TALK]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


def said(process: subprocess.Popen[bytes], text: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.flush()


@pytest.mark.parametrize("kind", KINDS)
def test_lines_come_whole_and_in_order(
    kind: type[PolledLines | ThreadedLines], talker: subprocess.Popen[bytes]
) -> None:
    assert talker.stdout is not None
    reader = kind(talker.stdout)
    long = b"x" * 100_000
    said(talker, b"a\nb\n" + long + b"\n")
    assert [(reader.line(20) or b"").strip() for _ in range(3)] == [b"aa", b"bb", long * 2]


@pytest.mark.parametrize("kind", KINDS)
def test_silence_ends_with_the_time_and_the_next_line_is_not_lost(
    kind: type[PolledLines | ThreadedLines], talker: subprocess.Popen[bytes]
) -> None:
    assert talker.stdout is not None
    reader = kind(talker.stdout)
    with pytest.raises(TimeoutError):
        reader.line(0.05)
    said(talker, b"late\n")
    assert (reader.line(20) or b"").strip() == b"latelate"


@pytest.mark.parametrize("kind", KINDS)
def test_a_process_that_ends_wakes_who_waits(
    kind: type[PolledLines | ThreadedLines], talker: subprocess.Popen[bytes]
) -> None:
    assert talker.stdout is not None
    reader = kind(talker.stdout)
    found: list[bytes | None] = [b"nothing yet"]
    waiting = threading.Thread(target=lambda: found.append(reader.line(60)))
    waiting.start()
    talker.kill()
    waiting.join(20)
    reader.close()
    assert found[1:] == [None]
