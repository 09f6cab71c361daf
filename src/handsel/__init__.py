"""Handsel carries a deal from the first contact to the final payment."""
