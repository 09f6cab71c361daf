"""Pure rules of cash: reading statements, proving them, matching, allocating, ageing."""
