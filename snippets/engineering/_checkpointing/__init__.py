"""The chain that `checkpointing.py` measures."""
