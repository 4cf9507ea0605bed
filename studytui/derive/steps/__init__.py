"""Derivations: how one line follows from another, and what a reader is told of theirs.

A rule turns two lines into claims (``rules``, ``claims``), and ``budget.Checks`` stands for whoever
decides them. ``derivation`` proves what an author wrote, ``feedback`` judges what a reader types.
"""
