"""What stands behind ``ring_allreduce.py``: transports, pipeline, launching, race, pictures."""
