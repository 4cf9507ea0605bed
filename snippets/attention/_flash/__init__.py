"""What stands behind ``flash_attention.py``: fast versions, the race, the step view."""
