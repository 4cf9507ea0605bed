"""Values of expressions, in floats or with any number of digits, and points to evaluate at."""
