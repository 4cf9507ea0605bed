"""An article cut into parts, its headings, and places in it."""

from pathlib import Path

from studytui.library.blocks import Origin
from studytui.library.layout import lay_out
from studytui.library.layout.layout_lines import Piece
from studytui.library.parse import parse_file
from studytui.tui.document import Spot, cut
from studytui.tui.find import folded, matches_in
from studytui.tui.history import History, Visit
from studytui.tui.opening import AT_ONCE, first_part, open_article
from tests.tui.reading import PACK

ARTICLE = PACK / "notes" / "averages.md"


def test_live_blocks_are_parts_of_their_own() -> None:
    document = cut(parse_file(ARTICLE).article)
    assert [part.is_prose for part in document.parts] == [True, False, True]
    assert [part.translated for part in document.parts] == [False, False, False]
    assert [entry.text for entry in document.contents] == [
        "Running averages",
        "What it holds",
        "The rest",
        "Where it is used",
        "Terms",
    ]


def test_places_by_anchor_and_by_line_of_the_source() -> None:
    document = cut(parse_file(ARTICLE).article)
    spot = document.at_anchor("what-it-holds")
    assert spot is not None
    assert document.at_source(document.source_of(spot)) == spot
    assert document.at_source(10_000).part == 2
    assert document.at_source(0) == Spot()
    assert document.at_anchor("nowhere") is None
    assert document.heading_above(spot) == 1
    assert document.origin_at(spot) is Origin.TRANSLATED
    assert document.origin_at(Spot(2)) is Origin.WRITTEN


def test_the_first_part_of_a_long_article_ends_outside_of_fences() -> None:
    listing = b"```python\n" + b"x = 1\n\n# no heading\n" * 1000 + b"```\n"
    data = b"# Head\n\nwords\n\n" + listing + b"\n## After\n\nmore\n" * 2000
    head = first_part(data)
    assert head.count(b"```") in (0, 2)
    assert AT_ONCE < len(head) < len(data)
    assert first_part(b"short") == b"short"


def test_a_long_article_is_opened_in_two_steps(tmp_path: Path) -> None:
    path = tmp_path / "notes" / "long.md"
    path.parent.mkdir()
    front = "---\nid: long\ntitle: Long\ntrack: notes\n---\n"
    path.write_text(front + "## Part\n\nSome words.\n\n" * 2000, encoding="utf-8")
    opened = open_article(path)
    assert opened.rest is not None
    assert len(opened.article.blocks) < 1000
    assert open_article(path, line=900).rest is None


def test_matches_cross_the_ends_of_lines() -> None:
    laid = lay_out(cut(parse_file(ARTICLE).article).parts[0].blocks, 30)
    piece = Piece(laid.lines)
    matches = matches_in(piece, "forgets exponentially")
    assert len(matches) == 1
    assert sum(end - start for _, start, end in matches[0]) == len("forgets exponentially") - (
        len(matches[0]) - 1
    )
    assert matches_in(piece, "") == ()
    assert len(folded("İstanbul")) == len("İstanbul")


def test_back_and_forward() -> None:
    history = History()
    assert history.back(Visit("a")) is None
    history.leave(Visit("a", 3))
    assert history.back(Visit("b")) == Visit("a", 3)
    assert history.forward(Visit("a")) == Visit("b")
    history.leave(Visit("b"))
    assert history.forward(Visit("c")) is None
