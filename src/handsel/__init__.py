"""Handsel carries a deal from the first contact to the final payment."""

__version__ = "0.1.0"
