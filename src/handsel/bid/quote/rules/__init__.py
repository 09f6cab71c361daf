"""Pure rules of quotes: terms, line identities, what is shown, and what differs."""
