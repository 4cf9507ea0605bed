"""All of studytui as a conversation in lines: for any terminal, a pipe, a screen reader.

Nothing is drawn and nothing moves: what is said stays said, choices have numbers, and an answer is
a line. The verbs of the shell that talk (``derive``, ``exercise``, ``review``) use the same rooms,
so that a thing is worked in one way only. Each room keeps what was done as soon as it is done; the
end of the input (EOFError) and Ctrl+C pass through all of them, and what is under way is kept.
"""
