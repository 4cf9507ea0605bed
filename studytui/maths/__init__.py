"""LaTeX to two-dimensional character boxes. Pure."""
