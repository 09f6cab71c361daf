"""What pages say of sums by kind of charge and over the contract, and of what prices depend on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from handsel.bid.quote.actions.price_words import charge_name, year_name
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.sheet import sheet_rows, summands
from handsel.bid.quote.rules.sheet.sums import ChargeSum, Totals, totals
from handsel.bid.quote.rules.waived import waivers_of
from handsel.bid.quote.rules.years import Years, years_of_kept
from handsel.bid.quote.web import parts
from handsel.ground.kernel.money import Money
from handsel.ground.platform.naming import shown_name


def money_text(minor: int, currency: str) -> str:
    """An amount within a sentence, in the reader's language."""
    return parts.money_text(Money(minor, currency))


def worth_of(sums: Totals, currency: str, years: Sequence[Years] = ()) -> dict[str, Any] | None:
    """What is paid once and by the period, and the contract's value; None where all is paid once.

    For the shell's `totals`: the kinds add up to the contract.
    """
    if all(one.charge == "one_time" for one in sums.charges):
        return None
    rows: list[dict[str, Any]] = [_charge(one, currency) for one in sums.charges]
    rows.append(
        {
            "label": _("Total contract value"),
            "amount": Money(sums.contract_minor, currency),
            "type": "total",
            "detail": _("net, over all periods"),
        }
    )
    note = ""
    if sums.annual_minor is not None:
        annual = money_text(sums.annual_minor, currency)
        note = _("Recurring in a year, on average, net: %(amount)s") % {"amount": annual}
    return {"rows": rows, "note": note, "years": {"rows": _years(sums, years, currency)}}


def headline_label(sums: Totals) -> str:
    """What the one total of a page is the total of."""
    if any(one.contract_minor != one.net_minor for one in sums.charges):
        return _("With tax, one period of what recurs")
    if any(one.charge == "recurring" and not one.months for one in sums.charges):
        return _("With tax, over all years")
    return _("Total with tax")


def headline_facts(sums: Totals, currency: str, years: Sequence[Years]) -> list[dict[str, Any]]:
    """What the one total of a page does not say of a contract: its first year, all of it; net."""
    if all(one.charge == "one_time" for one in sums.charges):
        return []
    facts: list[dict[str, Any]] = []
    if len(years) > 1 or (years and years[0].last > 1):
        first = Money(years[0].net_minor, currency)
        facts.append({"label": _("First year, net"), "value": first, "format": "money"})
    follow_each_other = any(one.charge == "recurring" and not one.months for one in sums.charges)
    if sums.annual_minor is not None and not follow_each_other:
        annual = Money(sums.annual_minor, currency)
        facts.append({"label": _("Recurring in a year, net"), "value": annual, "format": "money"})
    whole = Money(sums.contract_minor, currency)
    return [*facts, {"label": _("Total contract value, net"), "value": whole, "format": "money"}]


def _years(sums: Totals, years: Sequence[Years], currency: str) -> list[dict[str, Any]]:
    """What falls due year by year; nothing for a contract of one year."""
    if not years or years[-1].last == 1:
        return []
    rows: list[dict[str, Any]] = [
        {
            "label": year_name(one.first, one.last),
            "amount": Money(one.net_minor * (one.last - one.first + 1), currency),
            "detail": _("%(amount)s a year") % {"amount": money_text(one.net_minor, currency)}
            if one.last > one.first
            else "",
        }
        for one in years
    ]
    whole = Money(sums.contract_minor, currency)
    return [*rows, {"label": _("Total contract value, net"), "amount": whole, "type": "total"}]


def _charge(one: ChargeSum, currency: str) -> dict[str, Any]:
    follow_each_other = one.charge == "recurring" and not one.months
    row: dict[str, Any] = {
        "label": _("recurring, over all periods")
        if follow_each_other
        else charge_name(one.charge, one.months),
        "amount": Money(one.contract_minor, currency),
    }
    if one.contract_minor != one.net_minor:
        each = money_text(one.net_minor, currency)
        row["detail"] = _("%(amount)s a period, net") % {"amount": each}
    return row


def sums_of_version(version: QuoteVersion) -> tuple[Totals, tuple[Years, ...]]:
    """What a version comes to by kind of charge, and year by year."""
    rows = sheet_rows(version.pk)
    return totals(summands(rows)), years_of_kept(rows)


def pricing_facts(version: QuoteVersion) -> list[dict[str, Any]]:
    """What all prices of a version depend on beside its lines."""
    pricing = version.pricing
    facts: list[dict[str, Any]] = []
    if version.target_minor is not None:
        amount = money_text(version.target_minor, version.quote.currency)
        facts.append({"label": _("Target price"), "value": f"{amount} · {pricing['reason']}"})
    if pricing.get("codes"):
        facts.append({"label": _("Promotion codes"), "value": ", ".join(pricing["codes"])})
    if pricing.get("partner"):
        facts.append({"label": _("Tier of the reseller"), "value": pricing["partner"]})
    waived = [
        f"{shown_name(one.label)}: "
        f"{one.reason or _('charged with quote %(number)s') % {'number': one.quote}}"
        for one in waivers_of(pricing).values()
    ]
    if waived:
        facts.append({"label": _("Fees waived"), "value": "; ".join(waived)})
    return facts
