"""The sheet of a draft: edits that are merged, groups, order, sums, rows that were pasted."""
