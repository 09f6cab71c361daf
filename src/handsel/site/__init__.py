"""The house around the rooms; may import everything."""
