"""Tax rules: pure functions over facts. Where VAT is due, at which rate, and how it is summed."""
