"""What a page shows is added also where somebody else has added something beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import shown_change

DIFF = """\
--- a/kinds.py
+++ b/kinds.py
@@ -1,3 +1,4 @@
 ROWS = (
     First,
+    Second,
 )
"""


@pytest.mark.parametrize(
    ("stands", "becomes"),
    [
        ("ROWS = (\n    First,\n)\n", "ROWS = (\n    First,\n    Second,\n)\n"),
        ("ROWS = (\n    First,\n    Own,\n)\n", "ROWS = (\n    First,\n    Second,\n    Own,\n)\n"),
        ("ROWS = (\n    Own,\n    First,\n)\n", "ROWS = (\n    Own,\n    First,\n    Second,\n)\n"),
    ],
)
def test_a_neighbour_does_no_harm(tmp_path: Path, stands: str, becomes: str) -> None:
    (tmp_path / "kinds.py").write_text(stands, encoding="utf-8")
    shown_change.make(DIFF, tmp_path)
    assert (tmp_path / "kinds.py").read_text(encoding="utf-8") == becomes


def test_a_page_that_shows_what_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "kinds.py").write_text("KINDS = []\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="nothing of what the page shows"):
        shown_change.make(DIFF, tmp_path)
