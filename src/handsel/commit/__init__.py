"""From offer to obligation."""
