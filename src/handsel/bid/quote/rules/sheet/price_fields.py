"""Time and price by hand of a line as fields of the sheet: text in one canonical form each.

- `paid`: `one_time`, `usage`, or `recurring/3` for what is paid every three months.
- `term`: first and last day, both inside, as `2026-04-01/2029-03-31`; behind a further stroke the
  convention of proration, behind one more for how many months the list price is. Where nothing is
  said of those it is for as many as the price book says (`whole`).
- `hand`: which way, how much and why, as `override 120 the price of last year`.

A field is one decision: two people who change it at once are told, and undoing it gives back all
of what there was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from handsel.bid.price.rules.proration import Convention
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.rules.asked import LONGEST_REASON
from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.subscription import MOST_MONTHS, Subscription, without_time
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.grammar import parse_date, parse_decimal, parse_integer
from handsel.ground.kernel.said import said

PRICE_FIELDS: Final = ("paid", "term", "hand")
WAYS: Final = ("override", "target_unit", "target_line", "per_unit", "per_line")
"""An own list price, a price per unit or an amount that is wanted, or an amount off."""
MOST_AMOUNT: Final = Decimal(10) ** 12
_YEAR: Final = 12
_OFF: Final = frozenset({"per_unit", "per_line"})


class Unreadable(Exception):
    """What was given for a field is none of its values."""

    def __init__(self, field_name: str, given: str, expected: str) -> None:
        super().__init__(expected)
        self.field, self.given, self.expected = field_name, given, expected


def paid_as(charge: str, asked: Mapping[str, Any]) -> str:
    """How a line is paid."""
    if charge != "recurring":
        return charge
    return f"recurring/{asked.get('charge_months') or 1}"


def term_of(asked: Mapping[str, Any]) -> str:
    """The days a line is for; nothing where none are said."""
    if not asked:
        return ""
    days = asked.get("term") or asked.get("service")
    if not days:
        return ""
    found = f"{days['start_on']}/{days['end_on']}"
    return _tailed(found, str(days.get("convention") or ""), str(asked.get("price_months") or ""))


def _tailed(days: str, convention: str, months: str) -> str:
    if months:
        return f"{days}/{convention}/{months}"
    return f"{days}/{convention}" if convention else days


def whole(name: str, text: str, own_months: int) -> str:
    """A field in its canonical form with what the price book says where it says nothing itself."""
    if name != "term" or not text:
        return text
    days, convention, months = _parts(text)
    return _tailed(days, convention, months or str(own_months))


def _parts(text: str) -> tuple[str, str, str]:
    """Days, convention and months of a term, as they are written."""
    start, _, rest = text.partition("/")
    end, _, more = rest.partition("/")
    if more in _CONVENTIONS or not more:
        return f"{start}/{end}", more, ""
    convention, _, months = more.rpartition("/")
    return f"{start}/{end}", convention, months


def hand_of(asked: Mapping[str, Any]) -> str:
    """How a person set the price; nothing where nobody did."""
    if not asked:
        return ""
    if "override" in asked:
        way, amount = "override", asked["override"]["price"]
    elif asked.get("manual"):
        way, amount = next(iter(asked["manual"].items()))
    else:
        return ""
    return f"{way} {plain(Decimal(amount))} {asked.get('reason', '')}".strip()


def canonical_price_field(name: str, text: str) -> str:
    """A field's text in its one form; raises Unreadable."""
    return _CANONICAL[name](text)


def _paid(text: str) -> str:
    kind, stroke, months = text.partition("/")
    if text in ("one_time", "usage"):
        return text
    try:
        if kind == "recurring" and stroke:
            return f"recurring/{parse_integer(months, minimum=1, maximum=MOST_MONTHS)}"
    except Invalid:
        pass
    raise Unreadable("paid", text[:60], "paid once, by the period, or as it is used")


def _term(text: str) -> str:
    if not text:
        return ""
    term = _subscription(text, 0)
    try:
        term.asked()
    except BadQuote as wrong:
        raise _of_term(text, wrong) from None
    days = f"{term.start_on.isoformat()}/{term.end_on.isoformat()}"
    is_said = bool(_parts(text)[2])
    return _tailed(days, term.convention, str(term.price_months) if is_said else "")


def _subscription(text: str, charge_months: int) -> Subscription:
    days, convention, months = _parts(text)
    start, _, end = days.partition("/")
    bad = Unreadable("term", text[:60], "a first and a last day")
    if convention and convention not in _CONVENTIONS:
        raise bad
    try:
        return Subscription(
            start_on=parse_date(start),
            end_on=parse_date(end),
            price_months=parse_integer(months or str(_YEAR), minimum=1, maximum=MOST_MONTHS),
            charge_months=charge_months,
            convention=convention,
        )
    except Invalid:
        raise bad from None


_CONVENTIONS: Final = frozenset(one.value for one in Convention)


def _of_term(text: str, wrong: Invalid) -> Unreadable:
    expected = next(iter(wrong.fields.values()), wrong.message)
    return Unreadable("term", text[:60], expected)


def _hand(text: str) -> str:
    words = " ".join(text.replace("\x00", "").split())
    if not words:
        return ""
    way, _, rest = words.partition(" ")
    amount, _, reason = rest.partition(" ")
    if way not in WAYS:
        raise Unreadable("hand", text[:60], ", ".join(WAYS))
    try:
        value = parse_decimal(amount, max_digits=20, scale=6)
    except Invalid:
        raise Unreadable("hand", amount[:60], "an amount with at most 6 decimals") from None
    if not -MOST_AMOUNT < value < MOST_AMOUNT or (value < 0 and way not in _OFF):
        raise Unreadable("hand", amount[:60], "an amount from zero, less than a million million")
    if not 1 <= len(reason) <= LONGEST_REASON:
        expected = said(
            "why the price is set by hand: 1 to %(longest)s letters", longest=LONGEST_REASON
        )
        raise Unreadable("hand", amount[:60], expected)
    return f"{way} {plain(value)} {reason}"


_CANONICAL: Final[Mapping[str, Callable[[str], str]]] = {
    "paid": _paid,
    "term": _term,
    "hand": _hand,
}


def with_price_field(
    name: str, value: str, charge: str, asked: Mapping[str, Any], own_months: int = _YEAR
) -> tuple[str, dict[str, Any]]:
    """Charge and asked of a line with one field changed, given in its canonical form; its list
    price is for `own_months`.

    Raises Unreadable where the line's time or price was said in a way the sheet cannot give back
    (a period of a ramp, a renewal), or where term and periods do not fit.
    """
    if name == "hand":
        return charge, _with_hand(value, asked)
    paid, term = paid_as(charge, asked), whole("term", term_of(asked), own_months)
    if not _gives_back(asked, _timed(asked, paid, term)):
        expected = "a line whose time is not part of a ramp or set elsewhere; use its own page"
        raise Unreadable(name, value[:60], expected)
    if name == "paid":
        paid = value
    else:
        term = whole("term", value, own_months)
    try:
        return paid.partition("/")[0], _timed(asked, paid, term)
    except BadQuote as wrong:
        expected = next(iter(wrong.fields.values()), wrong.message)
        raise Unreadable(name, value[:60], expected) from None


def _timed(asked: Mapping[str, Any], paid: str, term: str) -> dict[str, Any]:
    found = without_time(asked)
    if "uplift" in asked:
        found["uplift"] = asked["uplift"]
    kind, _, months = paid.partition("/")
    every = int(months) if kind == "recurring" else 0
    if term:
        subscription = _subscription(term, every)
        if every and subscription.convention:
            # Whole periods are counted by nothing, so that it would be lost.
            expected = "a line that does not say by what its days are counted; use its own page"
            raise Unreadable("paid", paid, expected)
        return found | subscription.asked()
    return found | {"charge_months": str(every)} if every else found


def _gives_back(asked: Mapping[str, Any], again: Mapping[str, Any]) -> bool:
    return all(again.get(key) == one for key, one in asked.items())


def _with_hand(value: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    own = asked.get("override", {})
    if (
        asked.keys() & {"renewal", "deltas"}
        or own.keys() - {"price"}
        or (own and "manual" in asked)
    ):
        expected = "a line whose price is not that of a renewal or set elsewhere; use its own page"
        raise Unreadable("hand", value[:60], expected)
    mine = ("override", "manual", "reason")
    found = {key: one for key, one in asked.items() if key not in mine}
    if not value:
        return found
    way, amount, reason = value.split(" ", 2)
    if way == "override":
        return {**found, "override": {"price": amount}, "reason": reason}
    return {**found, "manual": {way: amount}, "reason": reason}
