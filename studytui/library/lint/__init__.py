"""Everything that is wrong with a pack: one rule a file, all problems, none only the first."""

from studytui.library.lint.checked import Checked, Lint
from studytui.library.lint.pack import lint, read_all

__all__ = ["Checked", "Lint", "lint", "read_all"]
