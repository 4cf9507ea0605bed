"""What runs inside the snippet's own process. Only here may torch or matplotlib be imported."""
