"""What cannot be read as, or written as, an electronic invoice."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid


class UnreadableInvoice(Invalid):
    """The file is not an electronic invoice we can read; ``location`` says where it fails."""

    default_code = "einvoice_unreadable"

    def __init__(self, message: str, *, location: str = "/") -> None:
        super().__init__(message, location=location)
        self.location = location


class NotExpressible(Invalid):
    """The standard has no place for this value: round it, shorten it, or leave it out."""

    default_code = "einvoice_not_expressible"
