"""Values of expressions, in floats or with any number of digits, and points to evaluate at.

What refutes, and never proves. Effort is counted in steps, so that a value is the same everywhere.
"""
