"""What the JSON API takes and answers about prices that are asked, and about scenarios."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from handsel.bid.quote.queries.scenarios import Comparison
from handsel.bid.quote.rest.schemas import Bps, DayText, LockNo, QuantityText, number
from handsel.bid.quote.rules.sheet.sums import Totals
from handsel.bid.quote.rules.subscription import Step
from handsel.ground.platform.api import AnswerSchema, ClosedSchema, DecimalText, MoneyOut

Charge = Literal["one_time", "recurring", "usage"]
Months = Annotated[int, Field(ge=1, le=1_200)]
Reason = Annotated[str, Field(max_length=300)]
ScenarioName = Annotated[str, Field(max_length=60)]


class LinePriceIn(ClosedSchema):
    """What is asked of a line's price, in the form of a line of a price case; numbers as text."""

    charge: Charge = "one_time"
    asked: Annotated[
        dict[str, Any],
        Field(
            examples=[
                {"term": {"start_on": "2026-04-01", "end_on": "2027-05-31"}},
                {"manual": {"target_line": "1200.00"}, "reason": "Agreed by phone"},
                {"percent_of": {"percent": "18", "of": "list"}},
            ]
        ),
    ]
    discount_bps: Bps | None = None
    lock_no: LockNo = None


class StepIn(ClosedSchema):
    """A period of a ramp; a price of its own stands instead of the list price."""

    months: Months = 12
    quantity: QuantityText
    discount_bps: Bps = 0
    unit_price: DecimalText | None = None

    def step(self) -> Step:
        """As the action takes it."""
        return Step(
            months=self.months,
            quantity=number(self.quantity),
            discount_bps=self.discount_bps,
            unit_price=None if self.unit_price is None else number(self.unit_price),
        )


class RampIn(ClosedSchema):
    """Periods one after another; `charge_months` 0 is paid once for each."""

    start_on: DayText
    steps: Annotated[list[StepIn], Field(min_length=1, max_length=120)]
    price_months: Months = 12
    charge_months: Annotated[int, Field(ge=0, le=1_200)] = 0
    convention: Annotated[str, Field(max_length=10)] = ""
    uplift_bps: Bps = 0
    reason: Reason = ""
    lock_no: LockNo = None


class TargetIn(ClosedSchema):
    """The net price wanted of the quote or a group; null takes it off."""

    total: DecimalText | None
    group_key: UUID | None = None
    reason: Reason = ""
    lock_no: LockNo = None


class PricingIn(ClosedSchema):
    """Promotion codes the buyer gave; the tier of the reseller, null leaves the one there is."""

    codes: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=20)] = Field(
        default_factory=list
    )
    partner: Annotated[str, Field(max_length=40)] | None = None
    lock_no: LockNo = None


class WaiveIn(ClosedSchema):
    """A fee of the price book, by the key of its line, and why this quote is not charged it."""

    line_key: UUID
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    lock_no: LockNo = None


class ChargeFeeIn(ClosedSchema):
    """A fee of the price book, by the key of its line."""

    line_key: UUID
    lock_no: LockNo = None


class ScenarioIn(ClosedSchema):
    """A scenario by its name."""

    name: ScenarioName
    lock_no: LockNo = None


class ChargeOut(AnswerSchema):
    """Lines of one kind of charge; `contract` is the net over all periods."""

    charge: str
    months: int
    net: MoneyOut
    contract: MoneyOut


class SumsOut(AnswerSchema):
    """What lines come to by kind of charge; `annual` is null where nothing recurs."""

    charges: list[ChargeOut]
    contract: MoneyOut
    annual: MoneyOut | None

    @classmethod
    def of(cls, sums: Totals, currency: str) -> SumsOut:
        """From the sums."""
        return cls(
            charges=[
                ChargeOut(
                    charge=one.charge,
                    months=one.months,
                    net=MoneyOut.of(one.net_minor, currency),
                    contract=MoneyOut.of(one.contract_minor, currency),
                )
                for one in sums.charges
            ],
            contract=MoneyOut.of(sums.contract_minor, currency),
            annual=None if sums.annual_minor is None else MoneyOut.of(sums.annual_minor, currency),
        )


class ScenarioOut(AnswerSchema):
    """A choice of options with a name, and what it comes to."""

    name: str
    is_offered: bool
    chosen: list[UUID]
    net: MoneyOut
    gross: MoneyOut
    sums: SumsOut


class ScenariosOut(AnswerSchema):
    """The scenarios of a quote's newest version, and the lines they differ in."""

    version_no: int
    lock_no: int
    scenarios: list[ScenarioOut]
    differing: list[UUID]

    @classmethod
    def of(cls, found: Comparison, *, version_no: int, lock_no: int, currency: str) -> ScenariosOut:
        """From the comparison."""
        return cls(
            version_no=version_no,
            lock_no=lock_no,
            scenarios=[
                ScenarioOut(
                    name=one.name,
                    is_offered=one.is_offered,
                    chosen=sorted(one.chosen),
                    net=MoneyOut.of(one.priced.net_minor, currency),
                    gross=MoneyOut.of(one.priced.gross_minor, currency),
                    sums=SumsOut.of(one.sums, currency),
                )
                for one in found.scenarios
            ],
            differing=found.differing,
        )
