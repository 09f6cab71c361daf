"""The only writers of the books. Entries are posted and reversed, never changed."""

from handsel.earn.ledger.actions.periods import close_period, open_books
from handsel.earn.ledger.actions.post import post_entry, reverse_entry

__all__ = ["close_period", "open_books", "post_entry", "reverse_entry"]
