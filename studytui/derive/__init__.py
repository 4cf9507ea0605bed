"""The expression grammar, the checker, derivations and the prover process."""
