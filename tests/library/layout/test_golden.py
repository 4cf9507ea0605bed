"""Pages that a person can judge."""

import pytest

from studytui.library.layout.safe import cells
from tests.library.layout.golden import Golden, page_of, read_golden

GOLDEN = list(read_golden())


def test_there_are_fixtures() -> None:
    assert len(GOLDEN) >= 20


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.title)
def test_page(golden: Golden) -> None:
    page = page_of(golden.markdown, golden.width, golden.translated)
    assert page == golden.page
    if "sideways" not in golden.title:
        assert all(cells(line) <= golden.width for line in page.split("\n"))
