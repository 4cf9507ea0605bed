"""Markdown to typed blocks; packs, catalogue, full-text search, lint, layout to lines. Pure.

A *pack* is a folder of articles with a ``pack.toml``. A file goes through these rooms:

- ``parse/`` turns its bytes into an :class:`~studytui.library.article.Article`: frozen blocks and
  inlines (``blocks.py``), each with its line, and problems instead of exceptions. Every directive
  (``{card}``, ``{derivation}``, ``{snippet}``, ``{check}`` ...) is a file of
  ``parse/directives``.
- ``layout/`` sets blocks into lines of styled text for a width, the same for reader and shell;
  ``linear/`` says them in a line of words for ears; ``tex.py`` and ``markdown.py`` write them
  back.
- ``refresh.py`` keeps the index (``store.index``) at the state of the files, and ``catalogue.py``
  is the library as the program sees it: entries at once, articles when they are asked for, by
  ``contents.py``, one immutable state of what stands where.
- ``lint/`` says what is wrong with a pack, ``claims/`` which numbers in prose are recomputed.

Nothing here runs a snippet, proves a line or knows of a reader: only what stands in files.
"""
