"""Quotes: versions, lines, the public link, acceptance."""
