"""The thread: one horizontal track from the lead to the books, on every record of a deal."""
