"""Anki, notebooks and JSON Lines: in and out.

The pure part of every import and export: bytes and rows become notes and events, notes and events
become bytes. Nothing here writes into the journal or a folder; ``study.exchanging`` does, through
the doors that check.

**In.** A package of Anki is opened by ``store.anki`` (the only SQL), read by ``anki_in.py``:
fields become Markdown (``fields.py``, ``clozes.py``, ``emphasis.py``), card templates are
evaluated as far as they matter (``templates.py``), and the log of reviews becomes events as Anki
itself reads it (``anki_history.py``). The result is a pack's files (``pack_files.py``). What is
left out is counted.

**Out.** Cards become notes (``anki_notes.py``, ``markup.py``, ``pictures.py``) in a package that
Anki takes anew only where something changed (``anki_out.py``); an article becomes a notebook; the
journal becomes JSON Lines, which lose nothing.
"""
