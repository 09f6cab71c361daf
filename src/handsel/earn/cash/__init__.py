"""Cash: bank statements, matching, payments, receivables."""
