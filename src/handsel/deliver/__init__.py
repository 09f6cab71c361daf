"""From obligation to value in the customer's hands."""
