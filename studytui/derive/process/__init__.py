"""The process in which checks run, and what passes between it and the prover.

``prover`` is what the rest of studytui calls; ``worker`` is the only place where sympy lives.
"""
