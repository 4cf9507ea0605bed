"""Markdown to typed blocks; packs, catalogue, full-text search, lint, layout to lines. Pure."""
