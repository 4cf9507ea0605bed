"""Rules added to markdown-it's own, one a file; each is linear in the length of its input."""
