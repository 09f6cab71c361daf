"""What the tax rules refuse."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, Refused


class InvalidVatId(Invalid):
    """A VAT identification number that cannot be one; the message says what was expected."""

    default_code = "vat_id"


class TaxNotCovered(Refused):
    """A supply that the table of rules leaves to a person, with the reason."""

    default_code = "tax_not_covered"


class NotRegistered(TaxNotCovered):
    """The seller would owe tax in a country where it has no registration."""

    default_code = "tax_not_registered"


class UnknownRate(Invalid):
    """A reduced rate that was not in force in that country on that day."""

    default_code = "tax_rate"
