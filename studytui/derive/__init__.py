"""The derivation engine, in stages: each needs only those above it in this table.

| room | what it holds |
|---|---|
| ``functions`` | what is known of each function |
| ``expr`` | nodes, domains, sizes, signs, normal forms |
| ``syntax`` | text to nodes and back: ASCII, Unicode, LaTeX |
| ``evaluate`` | numbers, which refute |
| ``field`` | exact laws of our own, which prove |
| ``sympy_backend`` | what is left to sympy |
| ``verify`` | a claim: refuted, proved, or neither |
| ``steps`` | derivations, and what a reader is told of a line |
| ``mistakes`` | which classical mistake a wrong line is |
| ``process`` | the prover's process |
"""
