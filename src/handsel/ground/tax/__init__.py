"""Tax: VAT decisions, rates, tax ids."""
