"""Expressions in sympy: built node by node, brought to canonical forms, shown to vanish.

Imported by the prover's process only. No text ever reaches sympy's parser.
"""
