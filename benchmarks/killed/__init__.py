"""Kills studytui at random moments, in four ways of using it, and looks whether a grade is lost.

Every program that is killed is the real one: the interface and the plain review in a terminal of
their own, ``sync`` and ``doctor --repair`` as the shell calls them. They are forked from a process
that has all of studytui loaded: a kill costs what studytui does, not the start of Python.

A grade counts as acknowledged once its reader could see that it was saved: the plain review says
so, and the interface shows the next card.
"""
