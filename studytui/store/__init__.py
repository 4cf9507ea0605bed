"""The journal and the index: the only SQL.

**The journal** is the only truth about what a reader did: events (``events.py``), appended and
never changed, each with an id, an instant and a device. One validator stands before writing and
before reading (``validator.py``, ``codec.py``), so that nothing is acknowledged that could not be
read again. An append is on the disk when it returns. ``backup.py`` copies it as it grows,
``repair.py`` and ``salvage.py`` save what a damaged file still holds: always a union, never a
choice.

**Other devices.** ``segments.py`` writes immutable files of events into a shared folder, and
``merging.py`` takes those of others in, by id, with the same result everywhere and in any order.

**The states** of the cards (``states.py``) are a cache of the journal, **the index**
(``index.py``) one of the articles: both may be deleted at any time.

``anki/`` opens packages of Anki; ``outside.py`` opens any file that others wrote, by type and
size.
"""
