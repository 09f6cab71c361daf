"""What a line says of time and of how its price was set, in the active language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from handsel.bid.price.rules.waterfall import Row, Stage
from handsel.bid.quote.rules.paid import Paid, paid_of
from handsel.ground.document import formatting
from handsel.ground.document.stationery import document_locale
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.period import add_months
from handsel.ground.platform.naming import shown_name


class PricedWords(Protocol):
    """A line with how it was priced."""

    @property
    def charge(self) -> str: ...
    @property
    def asked(self) -> Mapping[str, Any]: ...
    @property
    def rows(self) -> tuple[Row, ...]: ...


def time_note(paid: Paid, locale: str = "") -> str:
    """ "1 Apr 2026 – 31 Mar 2029 · every month, 36 times"; nothing for plain lines."""
    if paid.is_plain:
        return ""
    said = [_days(paid, locale), every(paid)]
    if paid.convention:
        said.append(_("counted by %(convention)s") % {"convention": counted(paid.convention)})
    if paid.segments > 1:
        said.append(
            _("period %(place)s of %(count)s") % {"place": paid.segment, "count": paid.segments}
        )
    return " · ".join(one for one in said if one)


def _days(paid: Paid, locale: str) -> str:
    if paid.start_on is None or paid.end_on is None:
        return ""
    where = locale or document_locale(translation.get_language() or "en", "DE")
    return f"{formatting.day(paid.start_on, where)} – {formatting.day(paid.end_on, where)}"


def ordered_note(paid: Paid, locale: str) -> str:
    """What of a recurring line is ordered: "Service period: period 1 of 36: 1 Jan 2027 – …"; its
    days where it stands for one period only; nothing for what is paid once.

    The days are labelled, because they go on to the invoice, which may name another day above.
    """
    told = _ordered(paid, locale)
    return _("Service period: %(days)s") % {"days": told} if told and paid.start_on else told


def _ordered(paid: Paid, locale: str) -> str:
    if paid.charge == "usage":
        days = _days(paid, locale) if paid.start_on and paid.end_on else ""
        said = _("billed as used, the quantity ordered is an estimate")
        return " · ".join(one for one in (days, said) if one)
    if paid.charge != "recurring" or paid.periods < 2 or not paid.months:
        return time_note(paid, locale)
    said = _("period %(place)s of %(count)s") % {"place": 1, "count": paid.periods}
    if paid.start_on is None:
        return f"{said}, {period(paid.months)}"
    last = add_months(paid.start_on, paid.months) - timedelta(days=1)
    return f"{said}: {_days(replace(paid, end_on=last), locale)}"


def every(paid: Paid) -> str:
    """How often it is paid: "every month, 36 times"."""
    if paid.charge == "usage":
        return f"{_('estimate, billed as used')}{_times(paid)}"
    if paid.charge != "recurring":
        return ""
    return f"{period(paid.months)}{_times(paid)}"


def period(months: int) -> str:
    """ "every month", "every year", "every 6 months"."""
    named = {
        1: _("every month"),
        3: _("every quarter"),
        12: _("every year"),
    }
    return named.get(months) or _("every %(months)s months") % {"months": months}


def length(months: int) -> str:
    """A stretch of time: "12 months"."""
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def _times(paid: Paid) -> str:
    if paid.periods < 2:
        return ""
    return ", " + ngettext("%(count)s time", "%(count)s times", paid.periods) % {
        "count": paid.periods
    }


def counted(convention: str) -> str:
    """A convention of proration as it is printed."""
    named = {
        "DAY365": _("days of 365"),
        "ACTACT": _("days of each year’s own length"),
        "MONTH_UP": _("whole months, begun ones too"),
        "MONTH_DAY": _("months, and days of 365"),
        "ANNIV": _("anniversary months and their days"),
        "CAL": _("calendar months and their days"),
        "M30": _("months of 30 days"),
        "30/360": _("months of 30, years of 360 days"),
    }
    return named.get(convention, convention)


def charge_name(charge: str, months: int) -> str:
    """What a kind of charge is called in a table of sums; 0 months where periods differ."""
    if charge == "recurring":
        return period(months) if months else _("recurring, a period each")
    if charge == "usage":
        return _("by usage, estimated")
    return pgettext("charge", "once")


def year_name(first: int, last: int) -> str:
    """ "Year 1", or "Years 2 to 5"."""
    if first == last:
        return _("Year %(number)s") % {"number": first}
    return _("Years %(first)s to %(last)s") % {"first": first, "last": last}


def label_words(label: str) -> str:
    """A row's label as it is shown, in the active language; that a price or percentage was held
    at its least or most is said by the engine in English."""
    shown = shown_name(label)
    bounds = {"floor": _("least price"), "ceiling": _("highest price")}
    if shown in bounds:
        return bounds[shown]
    for mark, word in (("(minimum)", _("minimum amount")), ("(maximum)", _("maximum amount"))):
        if shown.endswith(mark):
            return f"{shown.removesuffix(mark)}{word}"
    return shown


def said_of(line: PricedWords) -> str:
    """All a customer reads of how a line is priced: its time, and of what it is a percentage."""
    said = [time_note(paid_of(line.charge, line.asked, line.rows)), share_note(line.rows)]
    return " · ".join(one for one in said if one)


def share_note(rows: Sequence[Row]) -> str:
    """ "18 % of other lines", for a line that costs so; nothing for others."""
    if not rows or rows[0].stage is not Stage.DERIVED or rows[0].bps is None:
        return ""
    where = document_locale(translation.get_language() or "en", "DE")
    said = _("%(percent)s of other lines") % {"percent": formatting.percent(rows[0].bps, where)}
    bounds = {
        "(minimum)": _("%(share)s, minimum amount"),
        "(maximum)": _("%(share)s, maximum amount"),
    }
    bound = bounds.get(rows[0].label.rpartition(" ")[2])
    return bound % {"share": said} if bound else said


def worth_note(
    asked: Mapping[str, Any], rows: Sequence[Row], currency: str, locale: str = ""
) -> str:
    """ "worth €45.00", for a fee that is waived; nothing for other lines."""
    if not rows or not rows[0].amount_minor or not is_waived(asked):
        return ""
    where = locale or document_locale(translation.get_language() or "en", "DE")
    amount = formatting.money(Money(rows[0].amount_minor, currency), where)
    return _("worth %(amount)s") % {"amount": amount}


def is_waived(asked: Mapping[str, Any]) -> bool:
    """Whether a line is a fee that nobody has to pay."""
    return bool(asked.get("fee", {}).get("waived"))


def share_asked(asked: Mapping[str, Any]) -> str:
    """The same of a line whose rows are not at hand."""
    if "percent_of" not in asked:
        return ""
    return _("%(percent)s of other lines") % {"percent": f"{asked['percent_of']['percent']} %"}


def asked_words(asked: Mapping[str, Any]) -> str:
    """All that is asked of a price, for the house: what two versions of a line differ in."""
    said = [time_note(paid_of("one_time", asked)), share_asked(asked)]
    amounts = {**asked.get("manual", {}), "override": asked.get("override", {}).get("price")}
    names = ways_by_hand()
    said += [f"{names[way]} {amount}" for way, amount in amounts.items() if amount is not None]
    if "uplift" in asked:
        said.append(f"+{asked['uplift']['percent']} % × {asked['uplift']['years']}")
    return " · ".join(one for one in (*said, asked.get("reason", "")) if one)


def ways_by_hand() -> dict[str, str]:
    """What the ways of setting a price by hand are called."""
    return {
        "per_unit": _("Discount per unit"),
        "per_line": _("Discount on the line"),
        "target_unit": _("Price per unit that is wanted"),
        "target_line": _("Amount of the line that is wanted"),
        "override": _("Own list price per unit"),
    }


def hand_note(asked: Mapping[str, Any]) -> str:
    """How a person set the price, for the house only; nothing where nobody did."""
    reason = asked.get("reason", "")
    if "override" in asked:
        said = _("own price")
    elif "manual" in asked:
        said = _("price by hand")
    else:
        return ""
    return f"{said}: {reason}" if reason else said


def row_note(charge: str, asked: Mapping[str, Any], note: str) -> str:
    """What stands beside a row of the sheet: the note given, its time, its price by hand."""
    if not asked and charge == "one_time":
        return note
    said = (note, time_note(paid_of(charge, asked)), hand_note(asked) or share_asked(asked))
    return " · ".join(one for one in said if one)
