"""How keys, numbers and times of KPIs read."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from handsel.follow.insight.rules.figures import Figure
from handsel.ground.kernel.money import Money

FIGURES: dict[str, Any] = {
    "median": gettext_lazy("Median wait"),
    "p90": gettext_lazy("90th percentile"),
    "mean_answered": gettext_lazy("Mean of the answered"),
    "longest_answered": gettext_lazy("Longest of the answered"),
    "within_target": gettext_lazy("Answered within target"),
    "not_answered": gettext_lazy("Not answered"),
    "asked": gettext_lazy("Asked"),
    "counted": gettext_lazy("In the figures"),
    "attempted_only": gettext_lazy("Tried, not reached"),
    "live": gettext_lazy("Taken live"),
    "before_asked": gettext_lazy("Answer dated before the question"),
    "excluded": gettext_lazy("Left out"),
    "longest_ingestion_lag": gettext_lazy("Longest delay until we knew"),
    "leads": gettext_lazy("Leads"),
    "share": gettext_lazy("Share"),
    "converted": gettext_lazy("Converted so far"),
    "converted_30": gettext_lazy("Within 30 days"),
    "converted_90": gettext_lazy("Within 90 days"),
    "converted_180": gettext_lazy("Within 180 days"),
    "old_enough": gettext_lazy("180 days old or more"),
    "expansion": gettext_lazy("Existing customers"),
    "share_of_leads": gettext_lazy("Share of leads"),
    "same_period_ratio": gettext_lazy("Same-period ratio"),
    "won": pgettext_lazy("deals", "Won"),
    "deals": gettext_lazy("Open deals"),
    "open": gettext_lazy("Open"),
    "weighted": gettext_lazy("Weighted"),
    "overdue": gettext_lazy("Close date passed"),
}
GROUPS: dict[str, Any] = {
    "bands": gettext_lazy("How fast"),
    "sources": gettext_lazy("By source"),
    "left_out": gettext_lazy("Left out of the figures"),
    "cohorts": gettext_lazy("By month of the inquiry"),
    "same_period": gettext_lazy("Same-period ratio (not a conversion)"),
    "closing": gettext_lazy("By expected close"),
    "stages": gettext_lazy("By stage"),
}
ROWS: dict[str, Any] = {
    "0-5": gettext_lazy("Under 5 minutes"),
    "5-15": gettext_lazy("5 to 15 minutes"),
    "15-60": gettext_lazy("15 to 60 minutes"),
    "60+": gettext_lazy("60 minutes or more"),
    "waiting": gettext_lazy("Not answered yet"),
    "answered": gettext_lazy("Answered"),
    "live": gettext_lazy("Taken live"),
    "before": gettext_lazy("Answer dated before the question"),
    "attempted": gettext_lazy("Tried, not reached"),
    "excluded": gettext_lazy("Left out"),
    "spam": gettext_lazy("Spam"),
    "test": gettext_lazy("Tests"),
    "duplicate": gettext_lazy("Duplicates"),
    "imported": gettext_lazy("Imported lists"),
    "expansion": gettext_lazy("Existing customers"),
    "counted": gettext_lazy("In the figures"),
    "on_time": gettext_lazy("Answered within target"),
    "converted": gettext_lazy("Converted"),
    "open": gettext_lazy("Open deals"),
    "overdue": gettext_lazy("Close date passed"),
    "this_month": gettext_lazy("This month"),
    "next_month": gettext_lazy("Next month"),
    "later": gettext_lazy("Later"),
    "no_date": gettext_lazy("No date"),
}
COLUMNS: dict[str, tuple[Any, str]] = {
    "state": (gettext_lazy("State"), "word"),
    "source": (gettext_lazy("Source"), "source"),
    "asked_at": (gettext_lazy("Asked"), "instant"),
    "answered_at": (gettext_lazy("Answered"), "instant"),
    "seconds": (gettext_lazy("Waited"), "duration"),
    "attempts": (gettext_lazy("Attempts"), "number"),
    "asked_on": (gettext_lazy("Asked on"), "day"),
    "won_on": (gettext_lazy("Won on"), "day"),
    "days": (gettext_lazy("Days"), "number"),
    "excluded": (gettext_lazy("Left out"), "word"),
    "stage": (gettext_lazy("Stage"), "stage"),
    "amount": (gettext_lazy("Amount"), "money"),
    "weighted": (gettext_lazy("Weighted"), "money"),
    "expected_close_on": (gettext_lazy("Expected close"), "day"),
    "closes": (gettext_lazy("Closes"), "word"),
    "opened_at": (gettext_lazy("Opened"), "instant"),
}


def figure_label(key: str) -> str:
    """A figure's name; money figures carry their currency at the end ("open_EUR")."""
    head, _sep, currency = key.rpartition("_")
    if head in FIGURES and currency.isupper():
        return f"{FIGURES[head]} {currency}"
    return str(FIGURES[key])


def row_label(group: str, key: str) -> str:
    """A row's name: a band, a month, a source, a stage."""
    if group == "sources":
        return source(key)
    if group in ("cohorts", "same_period"):
        return date_format(date.fromisoformat(f"{key}-01"), "F Y")
    if group == "stages":
        return _(key)
    return str(ROWS.get(key, key))


def source(name: str) -> str:
    """A source; the empty one is a category with a name."""
    return name.replace("_", " ") if name else _("no source given")


def bucket_label(bucket: str) -> str:
    """What the rows of a bucket have in common, as words."""
    kind, _sep, rest = bucket.partition(":")
    if kind in ("source", "counted") and rest:
        return source(rest.removesuffix(":counted").removesuffix(":converted"))
    if kind in ("cohort", "won"):
        label = row_label("cohorts", rest[:7])
        return f"{label}: {_('Won') if kind == 'won' else _part(rest[8:])}"
    if kind == "within":
        return _("Converted within %(days)s days") % {"days": rest}
    if kind in ("band", "excluded", "close") and rest:
        name, _dot, currency = rest.partition(":")
        return f"{ROWS.get(name, name)} {currency}".strip()
    if kind == "open" and rest:
        return f"{ROWS['open']} {rest}"
    return str(ROWS.get(kind, ""))


def _part(name: str) -> str:
    kind, _sep, days = name.partition(":")
    if kind == "within":
        return _("Converted within %(days)s days") % {"days": days}
    return str(ROWS.get(kind, kind))


def value(figure: Figure) -> str | Money:
    """A figure as it reads; amounts stay amounts, for the frame to format."""
    if isinstance(figure.value, Money):
        return figure.value
    if figure.unit == "duration":
        return duration(figure.value) if figure.value is not None else _("not reached")
    if figure.unit == "share":
        text = percent(figure.value) if figure.value is not None else "–"
        return f"≈ {text}" if figure.is_estimate and figure.value is not None else text
    return str(number_format(figure.value or 0, use_l10n=True, force_grouping=True))


def interval(figure: Figure) -> str:
    """The 95 % interval of a share, or nothing."""
    if figure.value is None or figure.low is None or figure.high is None:
        return ""
    return f"{_tenths(figure.low)}–{percent(figure.high)}"


def percent(bps: int) -> str:
    """Basis points as per cent with one decimal."""
    return _("%(number)s%%") % {"number": _tenths(bps)}


def _tenths(bps: int) -> str:
    # number_format cuts off; a share is rounded.
    tenths = (Decimal(bps) / 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return str(number_format(tenths, decimal_pos=1, use_l10n=True))


def duration(seconds: int) -> str:
    """Seconds in the two largest units a person would say."""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 60:
        return _("%(n)s s") % {"n": seconds}
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if hours < 48:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes % 60}
    return _("%(d)s d %(h)s h") % {"d": days, "h": hours % 24}
