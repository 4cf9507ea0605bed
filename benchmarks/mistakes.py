"""Wrong lines explained, right ones and random ones left alone: `python -m benchmarks mistakes`.

``python -m benchmarks.mistakes FILE`` prints what is said of each line of a corpus file.
"""

from __future__ import annotations


