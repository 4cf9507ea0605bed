"""A room for each kind of card: how it is read, shown, asked, judged and verified.

``card.py`` says what a kind must do, ``kinds.py`` lists the kinds; no other package knows one kind
from another. The prover and the programs of cards are handed in: nothing here starts a process.
"""
