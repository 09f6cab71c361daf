"""Proposals: the grammar of their templates and the dictionary that is merged into them."""
