"""Anki, notebooks and JSON Lines: in and out."""
