"""What the JSON API of orders takes and answers. Amounts are answered, never taken."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, cast

from ninja import Path
from pydantic import Field

from handsel.commit.order.models import Order, OrderHold, OrderLine
from handsel.commit.order.ports import LineProgress
from handsel.commit.order.rules.desk import Finding
from handsel.commit.order.rules.match import Difference, TheirLine
from handsel.commit.order.rules.revision import Changes
from handsel.ground.kernel.grammar import parse_date, parse_decimal
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, MoneyOut, decimal_text

Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
KeyInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
DayText = Annotated[str, Field(max_length=10, examples=["2026-06-30"])]
# No control characters: PostgreSQL keeps no NUL, and a line break is no part of an address.
LINE = r"^[^\x00-\x1f]*$"
QuantityText = Annotated[
    str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$", examples=["2.5"], max_length=20)
]
PriceText = Annotated[
    str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$", examples=["99.99"], max_length=20)
]
AddressPart = Annotated[str, Field(max_length=200, pattern=LINE)]
Reason = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]


class AddressIn(ClosedSchema):
    """A postal address; name, street, city and country are needed."""

    name: AddressPart
    street: AddressPart
    street_extra: AddressPart = ""
    postcode: AddressPart = ""
    city: AddressPart
    region: AddressPart = ""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["DE"])]


class ReviseIn(ClosedSchema):
    """What the desk completes; what is left out stays. An empty `requested_on` takes it away."""

    purchase_order: Annotated[str, Field(max_length=60, pattern=LINE)] | None = None
    requested_on: DayText | None = None
    contact_name: Annotated[str, Field(max_length=200, pattern=LINE)] | None = None
    contact_email: Annotated[str, Field(max_length=200, pattern=LINE)] | None = None
    bill_to: AddressIn | None = None
    ship_to: AddressIn | None = None

    def changes(self) -> Changes:
        """As the action takes it."""
        given: dict[str, Any] = {
            name: value for name, value in self.model_dump().items() if value is not None
        }
        if "requested_on" in given:
            day = given["requested_on"]
            given["requested_on"] = parse_date(day) if day else None
        return cast(Changes, given)


class TheirLineIn(ClosedSchema):
    """A line of the buyer's purchase order, by our order line."""

    line_id: Key
    quantity: QuantityText
    unit_price: PriceText
    sku: Annotated[str, Field(max_length=60, pattern=LINE)] = ""

    def line(self) -> TheirLine:
        """As the action takes it."""
        return TheirLine(
            self.line_id, parse_decimal(self.quantity), parse_decimal(self.unit_price), self.sku
        )


class PurchaseOrderIn(ClosedSchema):
    """The buyer's purchase order as his paper has it."""

    number: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]*\S.*$")]
    dated_on: DayText | None = None
    lines: Annotated[list[TheirLineIn], Field(min_length=1, max_length=15_000)]


class HoldIn(ClosedSchema):
    """A reason to stop."""

    kind: Literal["credit", "price", "document", "deposit", "manual"] = "manual"
    reason: Reason


class ReasonIn(ClosedSchema):
    """Why."""

    reason: Reason


class FindingOut(AnswerSchema):
    """One check of the order desk with its evidence."""

    code: str
    severity: Literal["ok", "warn", "stop"]
    text: str

    @classmethod
    def of(cls, finding: Finding) -> FindingOut:
        """From the rule's finding."""
        return cls(code=finding.code, severity=finding.severity, text=finding.text)


class DifferenceOut(AnswerSchema):
    """Where the buyer's purchase order differs from ours; no line: on the whole paper."""

    kind: str
    line_id: int | None
    ours: str
    theirs: str

    @classmethod
    def of(cls, one: Difference) -> DifferenceOut:
        """From the rule's difference."""
        return cls(kind=one.kind, line_id=one.line_id, ours=one.ours, theirs=one.theirs)


class PurchaseOrderOut(AnswerSchema):
    """Where the buyer's purchase order differs; nowhere when it agrees."""

    differences: list[DifferenceOut]


class HoldOut(AnswerSchema):
    """A hold; open while `released_at` is null."""

    id: int
    kind: str
    source: str
    reason: str
    placed_at: datetime
    released_at: datetime | None
    release_reason: str

    @classmethod
    def of(cls, hold: OrderHold) -> HoldOut:
        """From the row."""
        return cls(
            id=hold.pk,
            kind=hold.kind,
            source=hold.source,
            reason=hold.reason,
            placed_at=hold.placed_at,
            released_at=hold.released_at,
            release_reason=hold.release_reason,
        )


class LineOut(AnswerSchema):
    """An ordered line and how far it has come."""

    id: int
    position: int
    product_id: int
    sku: str
    name: str
    description: str
    quantity: str
    unit: str
    list_price: str
    unit_net: str
    list_total: MoneyOut
    net: MoneyOut
    tax_category: str
    tax_rate_bps: int
    delivered: str
    invoiced: str

    @classmethod
    def of(cls, line: OrderLine, currency: str, progress: LineProgress) -> LineOut:
        """From the row (product loaded) and its progress."""
        return cls(
            id=line.pk,
            position=line.position,
            product_id=line.product_id,
            sku=line.product.sku,
            name=line.name,
            description=line.description,
            quantity=decimal_text(line.quantity),
            unit=line.unit,
            list_price=decimal_text(line.list_price),
            unit_net=decimal_text(line.unit_net),
            list_total=MoneyOut.of(line.list_minor, currency),
            net=MoneyOut.of(line.net_minor, currency),
            tax_category=line.tax_category,
            tax_rate_bps=line.tax_rate_bps,
            delivered=decimal_text(progress.delivered),
            invoiced=decimal_text(progress.invoiced),
        )


class OrderOut(AnswerSchema):
    """An order's head."""

    id: int
    number: str
    state: str
    organization_id: int
    organization: str
    purchase_order: str
    requested_on: date | None
    net: MoneyOut
    tax: MoneyOut
    gross: MoneyOut
    billing_method: str
    payment_days: int
    placed_at: datetime
    released_at: datetime | None
    cancelled_reason: str
    contact_name: str
    contact_email: str
    bill_to: dict[str, str]
    ship_to: dict[str, str]

    @classmethod
    def of(cls, order: Order) -> OrderOut:
        """From the row, customer loaded."""
        plain = {
            name: getattr(order, name)
            for name in cls.model_fields
            if name not in ("id", "organization", "net", "tax", "gross")
        }
        return cls(
            id=order.pk,
            organization=order.organization.name,
            net=MoneyOut.of(order.net_minor, order.currency),
            tax=MoneyOut.of(order.tax_minor, order.currency),
            gross=MoneyOut.of(order.gross_minor, order.currency),
            **plain,
        )


class OrderRecordOut(AnswerSchema):
    """An order with its lines and holds."""

    order: OrderOut
    lines: list[LineOut]
    holds: list[HoldOut]


class OrderRowOut(AnswerSchema):
    """An order in a list."""

    id: int
    number: str
    state: str
    is_held: bool
    organization: str
    purchase_order: str
    gross: MoneyOut
    placed_at: datetime
    requested_on: date | None


class OrderListOut(AnswerSchema):
    """Some orders, and the cursor of those that follow; empty on the last page."""

    rows: list[OrderRowOut]
    next_cursor: str
