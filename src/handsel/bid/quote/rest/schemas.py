"""What the JSON API of quotes takes. Totals are never taken."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Path
from pydantic import Field

from handsel.bid.quote.actions import NewLine
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_decimal
from handsel.ground.platform.api import ClosedSchema, CurrencyCode

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
KeyInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
VersionInPath = Annotated[int, Path(..., ge=1, le=2**31 - 1)]
DayText = Annotated[str, Field(max_length=10, examples=["2026-06-30"])]
QuantityText = Annotated[
    str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$", examples=["2.5"], max_length=20)
]
Bps = Annotated[int, Field(ge=0, le=10_000)]
Name = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=10_000)]
LanguageCode = Annotated[str, Field(pattern=r"^([a-z]{2,3}(-[A-Za-z]{2,4})?)?$", max_length=8)]
MailAddress = Annotated[str, Field(max_length=254)]
LockNo = Annotated[
    int | None, Field(ge=1, le=2**31 - 1, description="the state you saw; refused when it moved on")
]
BillingMethod = Literal["on_order", "on_shipment", "shares"]


def number(text: str) -> Decimal:
    """A quantity by the strict grammar."""
    return parse_decimal(text, max_digits=18, scale=6)


class LineIn(ClosedSchema):
    """A line to be added; its price comes from the price book.

    Either a product, or a finished configuration: then the product is that of its model.
    """

    product_id: Key | None = None
    configuration_id: Key | None = None
    quantity: QuantityText
    discount_bps: Bps = 0
    is_optional: bool = False
    is_chosen: bool = False
    name: Name = ""
    description: Words | None = None
    charge: Literal["one_time", "recurring", "usage"] = "one_time"
    asked: Annotated[
        dict[str, Any],
        Field(
            description="in the form of a line of a price case, numbers as text",
            examples=[{"term": {"start_on": "2026-04-01", "end_on": "2027-03-31"}}],
        ),
    ] = Field(default_factory=dict)

    def new_line(self) -> NewLine:
        """As the action takes it. Raises Invalid unless it is one of the two."""
        if (self.product_id is None) is (self.configuration_id is None):
            raise Invalid(
                "A line has a product or a configuration.",
                fields={"product_id": "a product, or a configuration_id instead"},
            )
        return NewLine(
            product_id=self.product_id or 0,
            configuration_id=self.configuration_id,
            quantity=number(self.quantity),
            discount_bps=self.discount_bps,
            is_optional=self.is_optional,
            is_chosen=self.is_chosen,
            name=self.name,
            description=self.description,
            charge=self.charge,
            asked=self.asked,
        )


class TermsIn(ClosedSchema):
    """Terms; what is left out stays as it is. `valid_until` is the last day, in our zone."""

    valid_until: DayText | None = None
    payment_days: Annotated[int, Field(ge=0, le=365)] | None = None
    billing_method: BillingMethod | None = None
    billing_shares: Annotated[list[Bps], Field(max_length=12)] | None = None
    delivery_terms: Annotated[str, Field(max_length=100)] | None = None
    intro: Words | None = None
    terms: Words | None = None
    discount_bps: Bps | None = None

    def changes(self) -> dict[str, Any]:
        """The fields that are given, as the action takes them."""
        given = {name: value for name, value in self.model_dump().items() if value is not None}
        if self.valid_until is not None:
            given["valid_until"] = parse_date(self.valid_until)
        if self.billing_shares is not None:
            given["billing_shares"] = tuple(self.billing_shares)
        return given


class DraftIn(ClosedSchema):
    """A quote from an opportunity, or for an organization, with its lines."""

    opportunity_id: Key | None = None
    organization_id: Key | None = None
    person_id: Key | None = None
    seller_id: Key | None = None
    currency: CurrencyCode | None = None
    language: LanguageCode = ""
    title: Name = ""
    lines: Annotated[list[LineIn], Field(max_length=15_000)] = Field(default_factory=list)


class AddLinesIn(ClosedSchema):
    """Lines to be added at the end."""

    lines: Annotated[list[LineIn], Field(min_length=1, max_length=15_000)]
    lock_no: LockNo = None


class SetLineIn(ClosedSchema):
    """What changes on a line; what is left out stays."""

    quantity: QuantityText | None = None
    discount_bps: Bps | None = None
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    description: Words | None = None
    is_optional: bool | None = None
    is_chosen: bool | None = None
    configuration_id: Key | None = None
    lock_no: LockNo = None


class LockIn(ClosedSchema):
    """Nothing but the state you saw."""

    lock_no: LockNo = None


class OrderIn(ClosedSchema):
    """Every line's key, once, in the order wanted."""

    line_keys: Annotated[list[UUID], Field(max_length=15_000)]
    lock_no: LockNo = None


class SetTermsIn(TermsIn):
    """Terms to be changed, with the state you saw."""

    lock_no: LockNo = None

    def changes(self) -> dict[str, Any]:
        """The terms that are given."""
        return {name: value for name, value in super().changes().items() if name != "lock_no"}


class PresentIn(ClosedSchema):
    """To whom the link goes (the customer's person by default), with a few words."""

    to: MailAddress = ""
    message: Words = ""
    mail: bool = True
    lock_no: LockNo = None


class ReasonIn(ClosedSchema):
    """Why."""

    reason: Annotated[str, Field(max_length=300)] = ""


class AcceptIn(ClosedSchema):
    """An acceptance that came another way; `evidence` says which."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    email: MailAddress
    evidence: Annotated[str, Field(min_length=1, max_length=300)]
    purchase_order: Annotated[str, Field(max_length=60)] = ""
    chosen: Annotated[list[UUID], Field(max_length=15_000)] | None = None
    content_hash: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""


class MessageIn(ClosedSchema):
    """Our answer to the buyer."""

    body: Annotated[str, Field(min_length=1, max_length=5_000)]
    to: MailAddress = ""
