from __future__ import annotations

from studytui.run.events import Event, Output, Progress
from studytui.run.output_lines import Lines


def feed(*chunks: str) -> list[Event]:
    lines = Lines("out")
    return [event for chunk in chunks for event in lines.feed(chunk)] + lines.finish()


def test_plain_text_passes_as_it_comes() -> None:
    assert feed("a", "b\nc") == [Output("a"), Output("b\nc")]


def test_windows_line_ends_are_line_ends() -> None:
    assert feed("a\r\nb\r\n") == [Output("a\nb\n")]


def test_a_line_that_is_written_over_is_progress_until_it_ends() -> None:
    assert feed("\r10%", "\r20%", "\r100%\nnext\n") == [
        Progress("", 10, 100, "10%"),
        Progress("", 20, 100, "20%"),
        Progress("", 0, 0),
        Output("100%\nnext\n"),
    ]


def test_many_states_in_one_piece_are_one_event() -> None:
    assert feed("\r1/9 x\r2/9 x\r3/9 x") == [
        Progress("", 3, 9, "3/9 x"),
        Progress("", 0, 0),
        Output("3/9 x\n"),
    ]


def test_a_return_at_the_end_of_the_line_counts_as_well() -> None:
    assert feed("5%\r", "6%\r") == [
        Progress("", 5, 100, "5%"),
        Progress("", 6, 100, "6%"),
        Progress("", 0, 0),
        Output("6%\n"),
    ]


def test_what_was_shown_before_the_return_stays() -> None:
    assert feed("start", "\rover\n") == [Output("start"), Output("\nover\n")]


def test_backspaces_erase() -> None:
    assert feed("\r|\b/\b-") == [
        Progress("", 0, 0, "-"),
        Progress("", 0, 0),
        Output("-\n"),
    ]
    assert feed("ab\bc\n") == [Output("ac\n")]


def test_the_stream_names_its_progress() -> None:
    assert Lines("err").feed("\r7%") == [Progress("err", 7, 100, "7%")]


def test_a_line_without_end_is_bounded() -> None:
    events = feed("\r" + "x" * 1_000_000)
    assert all(len(event.note) <= 4096 for event in events if isinstance(event, Progress))
