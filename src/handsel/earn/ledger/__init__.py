"""Ledger: accounts, journal, periods, posting rules, trial balance."""
