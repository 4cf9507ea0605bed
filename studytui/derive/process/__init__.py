"""The process in which checks run, and what passes between it and the prover."""
