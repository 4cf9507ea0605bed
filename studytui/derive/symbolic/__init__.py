"""Expressions in sympy: built node by node, brought to canonical forms, shown to vanish."""
