"""Anki's ``.apkg`` files, read and written as plain records. Anki itself is never imported."""
