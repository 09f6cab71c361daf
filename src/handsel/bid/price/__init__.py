"""Prices: price books, tiers, rules and the waterfall of a line."""
