"""``python -m studytui.run.child.launcher``: torchrun, with what it says of itself kept apart.

When a rank dies, torchrun prints fifty lines of its own traceback after the few that tell what
happened. Here these go into a file of the run's folder: the ranks' own lines come first, one line
says which rank ended how, and the rest is there for whoever asks.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from studytui.run.variables import FOLDER_VARIABLE, LAUNCHER_FILE

ENDED = -signal.SIGTERM
"""How torchrun ends the ranks that are left when one has failed."""


def main() -> int:
    """Start the ranks as the arguments say. Returns the exit status of torchrun."""
    path = Path(os.environ[FOLDER_VARIABLE]) / LAUNCHER_FILE
    real = sys.stderr
    # Before torch is imported: its loggers write to the stream that they find. The ranks have
    # descriptors of their own, which stay as they are.
    with path.open("w", encoding="utf-8", errors="backslashreplace", buffering=1) as kept:
        sys.stderr = kept
        try:
            from torch.distributed import run

            run.main(sys.argv[1:])
        except SystemExit as leaving:
            if leaving.code:
                real.write(path.read_text(encoding="utf-8"))  # it did not understand its arguments
            return leaving.code if isinstance(leaving.code, int) else 1
        except KeyboardInterrupt:
            return 130
        except BaseException as error:  # noqa: BLE001 - whatever torchrun raises is told
            traceback.print_exc(file=kept)
            real.write(_story(error))
            return 1
    return 0


def _story(error: BaseException) -> str:
    """Which ranks ended how: a line for each way."""
    failures: dict[int, Any] | None = getattr(error, "failures", None)
    if not failures:
        return f"torchrun: {type(error).__name__}: {error}\n"
    alike: dict[int, list[int]] = {}
    for rank, each in sorted(failures.items()):
        alike.setdefault(each.exitcode, []).append(rank)
    # A rank that was killed comes first: it is what the others stumbled over.
    endings = sorted(alike.items(), key=lambda item: (item[0] == ENDED, item[0] >= 0))
    return "".join(f"{_ranks(ranks)} {_ending(code)}\n" for code, ranks in endings)


def _ranks(ranks: list[int]) -> str:
    return f"rank{'s' * (len(ranks) > 1)} {', '.join(map(str, ranks))}"


def _ending(code: int) -> str:
    if code == ENDED:
        return "ended by torchrun"
    if code >= 0:
        return f"left with exit status {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


if __name__ == "__main__":
    sys.exit(main())
