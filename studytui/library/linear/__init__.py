"""Blocks as linear text: one thing after the other, in words, for ears and for a line of Braille.

Nothing here depends on where on a screen something stands: a formula is said in words, a table goes
row by row with the names of its columns, and what is drawn with characters is left out.
"""
