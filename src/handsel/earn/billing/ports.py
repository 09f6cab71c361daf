"""What billing asks of outside: do documents stand up to the rules, and what is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from handsel.earn.billing.errors import NotSendable


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said of one document; `findings` are rule, severity, location and text."""

    syntax: str
    validator: str
    rules_run: int
    rules_failed: int
    own_failed: int
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether rules ran and nothing failed: a check that checked nothing is a failure."""
        return self.rules_run > 0 and not self.rules_failed and not self.own_failed


class Validator(Protocol):
    """Puts a UBL, CII or Factur-X file to the official rules and to our own cent-exact check."""

    def judge(self, content: bytes) -> Verdict:
        """The verdict; never raises for what is wrong with the file."""
        ...

    def get_ready(self) -> None:
        """A file is about to come: prepare in the background what takes long; return at once."""
        ...


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an issued invoice stands, in minor units; an unused credit is open below zero."""

    open_minor: int
    paid_minor: int


class Standing(Protocol):
    """Knows what is open on issued invoices and what came in for them."""

    def of_invoices(self, invoice_ids: Sequence[int]) -> Mapping[int, Settlement]:
        """Invoice to its settlement; one that is missing has no receivable."""
        ...


class _NothingKnown:
    """Stands here until the house plugs the receivables in."""

    def of_invoices(self, invoice_ids: Sequence[int]) -> Mapping[int, Settlement]:
        return {}


_validator: list[Validator] = []
_standing: list[Standing] = [_NothingKnown()]


def plug(adapter: Validator) -> None:
    """Plug in the validator (once, at start)."""
    _validator[:] = [adapter]


def validator() -> Validator:
    """The validator that is plugged in. Raises NotSendable while there is none."""
    if not _validator:
        raise NotSendable("no validator is installed, so nothing can be checked or sent")
    return _validator[0]


def plug_standing(adapter: Standing) -> None:
    """Plug in what is known of payments (once, at start)."""
    _standing[:] = [adapter]


def standing() -> Standing:
    """What is known of payments."""
    return _standing[0]
