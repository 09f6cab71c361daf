"""What the JSON API of quotes answers."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from handsel.bid.configure.queries.products import ConfiguredProduct
from handsel.bid.price.rules.waterfall import Row
from handsel.bid.quote.models import Quote, QuoteAcceptance, QuoteMessage, QuoteVersion
from handsel.bid.quote.queries import LineView
from handsel.bid.quote.rest.price_schemas import SumsOut
from handsel.bid.quote.rules.asked import is_fee, without_costs
from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.diff import Change, LineChange, VersionDiff
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.names import texts_of
from handsel.ground.platform.api import AnswerSchema, MoneyOut


class VersionOut(AnswerSchema):
    """One version with its totals and terms."""

    version_no: int
    state: str
    priced_on: date
    valid_until: date
    payment_days: int
    billing_method: str
    billing_shares: list[int]
    delivery_terms: str
    intro: str
    terms: str
    discount_bps: int
    list_total: MoneyOut
    net: MoneyOut
    tax: MoneyOut
    gross: MoneyOut
    lock_no: int
    content_hash: str
    presented_at: datetime | None
    target: MoneyOut | None
    pricing: dict[str, Any]

    @classmethod
    def of(cls, version: QuoteVersion, currency: str) -> VersionOut:
        """From the row."""
        values: dict[str, Any] = {
            name: getattr(version, name) for name in cls.model_fields if hasattr(version, name)
        }
        target = version.target_minor
        values["target"] = None if target is None else MoneyOut.of(target, currency)
        values["list_total"] = MoneyOut.of(version.list_minor, currency)
        for name in ("net", "tax", "gross"):
            values[name] = MoneyOut.of(getattr(version, f"{name}_minor"), currency)
        return cls(**values)


class QuoteOut(AnswerSchema):
    """A quote with its newest version."""

    id: int
    number: str
    state: str
    title: str
    currency: str
    language: str
    seller_id: int
    organization_id: int
    person_id: int | None
    opportunity_id: int | None
    owner_id: int | None
    created_at: datetime
    declined_reason: str
    version: VersionOut

    @classmethod
    def of(cls, version: QuoteVersion, quote: Quote | None = None) -> QuoteOut:
        """From a version and its quote."""
        row = quote or version.quote
        same = {name: getattr(row, name) for name in cls.model_fields if name != "version"}
        return cls(**same, version=VersionOut.of(version, row.currency))


class QuoteRowOut(AnswerSchema):
    """A quote in a list."""

    id: int
    number: str
    state: str
    title: str
    organization: str
    valid_until: date | None
    net: MoneyOut
    gross: MoneyOut
    created_at: datetime


class QuoteListOut(AnswerSchema):
    """A page of quotes; `next_cursor` is empty on the last."""

    rows: list[QuoteRowOut]
    next_cursor: str


class StepOut(AnswerSchema):
    """One row of a line's waterfall; all rows sum to the gross amount. `label_texts` is the label
    in other languages, where the rule says it."""

    stage: str
    label: str
    label_texts: dict[str, str] = {}
    amount: MoneyOut
    rule: str
    bps: int | None

    @classmethod
    def of(cls, row: Row, currency: str) -> StepOut:
        """From the kept row."""
        amount = MoneyOut.of(row.amount_minor, currency)
        return cls(
            stage=row.stage.value,
            label=str(row.label),
            label_texts=dict(texts_of(row.label)),
            amount=amount,
            rule=row.rule,
            bps=row.bps,
        )


_SAME_ON_A_LINE = (
    "key",
    "position",
    "product_id",
    "sku",
    "name",
    "description",
    "unit",
    "is_optional",
    "is_chosen",
    "discount_bps",
    "tax_category",
    "tax_rate_bps",
    "charge",
    "group_key",
    "alternative_set",
)


class ConfiguredOut(AnswerSchema):
    """The configuration a line carries: which, the product it is, and the model's version."""

    configuration_id: int
    fingerprint: str
    title: str
    model: str
    model_version: int

    @classmethod
    def of(cls, product: ConfiguredProduct) -> ConfiguredOut:
        """From what the configurator says of it."""
        return cls(
            configuration_id=product.configuration_id,
            fingerprint=product.fingerprint,
            title=product.title,
            model=product.model_title,
            model_version=product.version_no,
        )


class LineOut(AnswerSchema):
    """A line with its price and how it came about."""

    key: UUID
    position: int
    product_id: int
    sku: str
    name: str
    description: str
    quantity: str
    unit: str
    is_optional: bool
    is_chosen: bool
    discount_bps: int
    list_price: str
    unit_net: str
    list_amount: MoneyOut
    net: MoneyOut
    tax_category: str
    tax_rate_bps: int
    charge: str
    asked: dict[str, Any]
    is_fee: bool
    group_key: UUID | None
    alternative_set: str
    waterfall: list[StepOut]
    configured: ConfiguredOut | None = None

    @classmethod
    def of(cls, line: LineView, currency: str, product: ConfiguredProduct | None = None) -> LineOut:
        """From the view of a line, with the configuration it carries."""
        same = {name: getattr(line, name) for name in _SAME_ON_A_LINE}
        return cls(
            **same,
            quantity=plain(line.quantity),
            list_price=plain(line.list_price),
            unit_net=plain(line.unit_net),
            list_amount=MoneyOut.of(line.list_minor, currency),
            net=MoneyOut.of(line.net_minor, currency),
            asked=without_costs(line.asked),
            is_fee=is_fee(line.asked),
            waterfall=[StepOut.of(row, currency) for row in line.rows],
            configured=None if product is None else ConfiguredOut.of(product),
        )


class QuoteRecordOut(AnswerSchema):
    """A quote with the lines of one version."""

    quote: QuoteOut
    lines: list[LineOut]
    sums: SumsOut


class AcceptanceOut(AnswerSchema):
    """Who accepted, and the hash of exactly what was shown."""

    version_no: int
    name: str
    email: str
    purchase_order: str
    accepted_at: datetime
    content_hash: str
    evidence: str

    @classmethod
    def of(cls, acceptance: QuoteAcceptance, version_no: int) -> AcceptanceOut:
        """From the row."""
        names = [name for name in cls.model_fields if name != "version_no"]
        return cls(version_no=version_no, **{name: getattr(acceptance, name) for name in names})


class MessageOut(AnswerSchema):
    """A question of the buyer (`in`) or our answer (`out`)."""

    id: int
    direction: str
    author: str
    body: str
    written_at: datetime

    @classmethod
    def of(cls, message: QuoteMessage) -> MessageOut:
        """From the row."""
        return cls(**{name: getattr(message, name) for name in cls.model_fields})


class LinkOut(AnswerSchema):
    """A buyer's link; it cannot be read again later."""

    link: str


class RevokedOut(AnswerSchema):
    """How many links stopped working."""

    revoked: int


class ChangeOut(AnswerSchema):
    """One field, before and after, as text; null where it was not there."""

    field: str
    before: str | None
    after: str | None

    @classmethod
    def of(cls, change: Change) -> ChangeOut:
        """From the comparison."""
        return cls(field=change.field, before=_text(change.before), after=_text(change.after))


class LineChangeOut(AnswerSchema):
    """A line that is in one of the versions or in both."""

    key: UUID
    verdict: Literal["same", "changed", "added", "removed"]
    name: str
    changes: list[ChangeOut]

    @classmethod
    def of(cls, change: LineChange) -> LineChangeOut:
        """From the comparison."""
        named = change.after or change.before or {}
        return cls(
            key=change.key,
            verdict=change.verdict,
            name=str(named.get("name", "")),
            changes=[ChangeOut.of(one) for one in change.changes],
        )


class DiffOut(AnswerSchema):
    """What differs between two versions."""

    lines: list[LineChangeOut]
    terms: list[ChangeOut]
    totals: list[ChangeOut]
    is_reordered: bool

    @classmethod
    def of(cls, found: VersionDiff) -> DiffOut:
        """From the comparison."""
        return cls(
            lines=[LineChangeOut.of(line) for line in found.lines],
            terms=[ChangeOut.of(change) for change in found.terms],
            totals=[ChangeOut.of(change) for change in found.totals],
            is_reordered=found.is_reordered,
        )


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    return value.text() if isinstance(value, Money) else str(value)
