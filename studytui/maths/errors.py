"""The one error of typesetting; it never leaves the package's public functions."""

from __future__ import annotations

from studytui.errors import StudyError


class FormulaError(StudyError):
    """TeX that cannot be typeset."""
