"""Read, run, derive and recall deep learning in a terminal, offline."""

__version__ = "0.1.0"
