"""A room for each kind of card: how it is read, shown, asked, judged and verified.

``card.py`` says what a kind must do, ``kinds.py`` lists the kinds; no other package knows one kind
from another. The prover and the programs of cards are handed in: nothing here starts a process.

A card lives twice. As *source* it is what an author wrote: a mapping, read once, refused with all
its faults. As a *question* (``question.py``) it is asked once: fresh numbers drawn from a seed
(``fresh.py``), options shuffled, and what an interface needs to take an answer, whatever the kind.
The answer goes back to the kind, which says right or wrong and why. What a grade does to the
schedule is told in ``memory``.

A new kind is a file here and a row in ``kinds.py``; ``docs/contributing.md`` walks through one.
"""
