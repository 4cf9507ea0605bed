"""Content has a test suite: derivations are proved, answers and claims recomputed, snippets run.

All cores work; what held once is kept by a hash of everything that it depends on.
"""

from studytui.study.verifying.finding import Finding
from studytui.study.verifying.verifier import Verifier

__all__ = ["Finding", "Verifier"]
