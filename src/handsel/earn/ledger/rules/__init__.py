"""Pure rules of the books: which event moves which accounts."""
