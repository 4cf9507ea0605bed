"""Cards, grading, FSRS scheduling, queue, statistics and fitting. Pure.

Everything follows from the journal. An event is appended; :mod:`~studytui.memory.replay` folds
events into card states (a cache, rebuilt at any time), and
:class:`~studytui.memory.ledger.Ledger` does both at once, so that no grade is on the screen
before it is on the disk.

``fsrs6.py`` is the model of forgetting in closed form, ``scheduler.py`` what a grade does to a
state (learning steps, intervals, lapses, ``fuzz.py``), ``queue.py`` which card comes next,
``days.py`` the reader's calendar: a day ends at the rollover hour of where the reader is.
``statistics.py`` and ``simulation.py`` look back and ahead; ``fitting.py`` fits the model to
one's own history.

Time is always handed in, never asked for; no function here reads a clock.
"""
