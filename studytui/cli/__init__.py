"""The shell's side: thin Typer commands, a module a family of verbs; no logic.

Without arguments the interface opens, and nothing that only the shell needs is imported:
``FAMILIES`` says which module holds which verb, and only that one is loaded. A verb parses its
arguments, asks a function of ``study`` and prints what came back; ``--json`` prints the same for a
program, ``--plain`` the same for ears (``plainness.py``).

All that is written goes through ``door.py``, which reduces it to text and colours. Errors are
``StudyError``: what, where, what to do, and an exit status of 1; Ctrl+C ends with one line and
status 130. What takes long tells how far it is on standard error (``progress.py``), and says
nothing in a pipe.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from studytui.cli import plainness
from studytui.errors import StudyError

if TYPE_CHECKING:
    import typer

FAMILIES: dict[str, tuple[str, ...]] = {
    "reading": ("read", "open", "search", "guide"),
    "typesetting": ("maths",),
    "running": ("run", "trust"),
    "deriving": ("derive", "equal"),
    "exercising": ("exercise",),
    "recalling": ("review", "due", "replay"),
    "planning": ("plan", "next", "place"),
    "browsing": ("cards", "notes"),
    "statistics": ("stats", "fit", "simulate"),
    "content": ("check", "verify", "preview", "new"),
    "maintenance": ("doctor", "sync"),
    "exchanging": ("export", "import"),
    "serving": ("serve",),
}
"""Which module under ``studytui.cli`` holds which verbs: only the one asked for is imported."""


def application(verb: str) -> typer.Typer:
    """The shell's commands, as far as a verb needs them."""
    import typer

    from studytui.cli.root import SUMMARY, root

    shell = typer.Typer(
        name="studytui",
        help=SUMMARY,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        # For ears no sentence is cut or wrapped at the width of a screen.
        context_settings={"terminal_width": 10_000} if plainness.is_plain() else {},
    )
    shell.callback(help=SUMMARY)(root)
    known = [family for family, verbs in FAMILIES.items() if verb in verbs]
    for family in known or FAMILIES:
        shell.add_typer(import_module(f"studytui.cli.{family}").app)
    return shell


def open_interface(file: Path | None = None) -> int:
    """Open the interface, or a file in it; the code to exit with. Raises StudyError in a pipe."""
    in_browser = "TEXTUAL_DRIVER" in os.environ
    if not in_browser and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise StudyError(
            "the interface needs a terminal", todo="In a pipe, use a verb: studytui --help"
        )
    from studytui.tui.app import run

    return run(file)


def _to_open(arguments: list[str]) -> Path | None:
    """The file that is to be read in the interface; in a pipe it is printed instead."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    match arguments:
        case ["open", name] if Path(name).is_file():
            from studytui.library.source import check_is_text

            check_is_text(Path(name))
            return Path(name)
        case ["guide"]:
            from studytui.library.guide import CONTENTS
            from studytui.paths import shipped_guide

            return shipped_guide() / CONTENTS
        case ["guide", name] if not name.startswith("-"):
            from studytui.library.guide import chapter

            return chapter(name).path
        case _:
            return None


def _converse() -> None:
    """The interface in lines. The end of the input leaves it as 0 does."""
    from studytui.cli.progress import open_desk
    from studytui.cli.talking import terminal
    from studytui.study.plain.home import converse

    with open_desk() as desk:
        converse(desk, terminal())


def main() -> None:
    """The ``studytui`` command. Exits 2 on an error that a person can mend, 130 on Ctrl+C."""
    arguments = sys.argv[1:] = plainness.take_option(sys.argv[1:])
    if sys.stdout is None:
        # Closed by whoever started it: what nobody can read is not written.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    try:
        to_open = None if plainness.is_plain() else _to_open(arguments)
        if not plainness.is_plain() and (not arguments or to_open is not None):
            # Before anything stands between the interface and its terminal.
            sys.exit(open_interface(to_open))
        # A locale without these characters shows a question mark, and the verb goes on; what is
        # written to standard error never fails.
        from studytui.cli import door

        door.install()
        if not arguments:
            _converse()
        elif arguments == ["--version"]:
            from studytui import __version__

            print(f"studytui {__version__}")
        else:
            application(arguments[0])()
    except StudyError as error:
        print(f"studytui: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of the pipe went away; Python would complain again at exit.
        _write_no_more()
        sys.exit(141)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _write_no_more()
        print("studytui: the output cannot be written: the disk is full", file=sys.stderr)
        sys.exit(2)


def _write_no_more() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
