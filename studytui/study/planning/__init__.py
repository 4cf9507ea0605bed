"""A course: what a day brings within its minutes, what it costs, and by when an article is owned.

Everything here is computed from the articles' outlines, the states of the cards and the journal;
nothing is kept besides, so that two machines that share a journal have the same plan.
"""
