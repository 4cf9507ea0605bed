"""Snippets: signature, launcher, events, devices, limits and trust."""
