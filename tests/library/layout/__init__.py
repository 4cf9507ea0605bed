"""Layout of blocks to lines."""
