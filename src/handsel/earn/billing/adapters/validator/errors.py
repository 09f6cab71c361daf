"""When the official rules cannot be asked at all."""

from __future__ import annotations


class ValidatorUnavailable(Exception):
    """The rules or the program that runs them are not there, or broke; says what to do.

    Not a finding about the invoice, and never a pass: whoever asked has no answer.
    """
