"""Lines as text with and without colours."""

from studytui.library.blocks import Heading, Paragraph, Strong, Text
from studytui.library.layout import lay_out
from studytui.library.layout.terminal import as_text

BLOCKS = (Heading(2, (Text("Head"),), "head"), Paragraph((Strong((Text("Bold"),)), Text(" rest"))))


def test_plain_has_no_codes_and_no_trailing_blanks() -> None:
    assert list(as_text(lay_out(BLOCKS, 40).lines, colour=False)) == [
        "  Head",
        "",
        "  Bold rest",
    ]


def test_coloured_ends_every_colour_on_its_line() -> None:
    lines = list(as_text(lay_out(BLOCKS, 40).lines, colour=True))
    assert lines[0] == "  \x1b[1;34mHead\x1b[0m"
    assert lines[2] == "  \x1b[1mBold\x1b[0m rest"
