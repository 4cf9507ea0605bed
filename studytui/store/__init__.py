"""The journal and the index: the only SQL."""
