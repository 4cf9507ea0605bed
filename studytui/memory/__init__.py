"""Cards, grading, FSRS scheduling, queue, statistics and fitting. Pure."""
