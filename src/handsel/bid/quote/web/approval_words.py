"""Approvals in the reader's language: states, facts, who is asked and why."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from handsel.bid.quote.rules.approval.facts import QuoteFacts
from handsel.bid.quote.rules.approval.line_facts import LineFacts
from handsel.bid.quote.rules.approval.nearest import Change
from handsel.bid.quote.rules.approval.people import People, Spec
from handsel.bid.quote.rules.approval.plan import PlannedAsk, Reason
from handsel.bid.quote.rules.approval.wording import Words
from handsel.bid.quote.web import parts
from handsel.ground.identity import declared
from handsel.ground.platform.naming import shown_name

REQUEST_STATES = {
    "open": (gettext_lazy("Waiting for approval"), "progress"),
    "approved": (gettext_lazy("Approved"), "good"),
    "rejected": (gettext_lazy("Not approved"), "bad"),
    "recalled": (gettext_lazy("Taken back"), "ended"),
    "replaced": (gettext_lazy("Asked anew"), "ended"),
}
ASK_STATES = {
    "waiting": (gettext_lazy("Later"), "neutral"),
    "open": (gettext_lazy("Waiting"), "progress"),
    "granted": (gettext_lazy("Approved"), "good"),
    "rejected": (gettext_lazy("Not approved"), "bad"),
    "cancelled": (gettext_lazy("Dropped"), "ended"),
}
VERDICTS = {
    "approve": (gettext_lazy("Approved"), "good"),
    "reject": (gettext_lazy("Rejected"), "bad"),
}
PASSED_OVER = {
    "own": gettext_lazy("%s asked for it himself"),
    "owner": gettext_lazy("%s owns the quote"),
    "gone": gettext_lazy("%s may no longer approve"),
    "absent": gettext_lazy("%s is absent"),
}
MANAGER_OF = {
    "requester": gettext_lazy("Superior of who asks"),
    "owner": gettext_lazy("Superior of the quote’s owner"),
}
# The words of `rules/approval`, so that translators find them.
SAID = (
    gettext_noop("Discount on the whole quote"),
    gettext_noop("Everything taken off the list prices"),
    gettext_noop("Value at list prices"),
    gettext_noop("Net value"),
    gettext_noop("Amount taken off the list prices"),
    gettext_noop("Margin"),
    gettext_noop("Margin as an amount"),
    gettext_noop("The cost of every line is known"),
    gettext_noop("Days to pay"),
    gettext_noop("Days the offer is valid"),
    gettext_noop("How it is invoiced"),
    gettext_noop("Delivery terms"),
    gettext_noop("Terms of its own"),
    gettext_noop("Contains something out of the ordinary"),
    gettext_noop("Number of lines"),
    gettext_noop("Country the goods go to"),
    gettext_noop("Customer"),
    gettext_noop("Price segment of the customer"),
    gettext_noop("Currency"),
    gettext_noop("Product groups"),
    gettext_noop("Article numbers"),
    gettext_noop("Largest net value a choice of options can make"),
    gettext_noop("Net value with what the customer was offered in 90 days"),
    gettext_noop("Partner tier the prices are for"),
    gettext_noop("Priced for another partner tier than the customer's own"),
    gettext_noop("Promotion codes"),
    gettext_noop("Days since the day of the prices"),
    gettext_noop("Proposal the offer goes out as"),
    gettext_noop("Discount on a line"),
    gettext_noop("Everything taken off a line's list price"),
    gettext_noop("A line's value at list prices"),
    gettext_noop("A line's net value"),
    gettext_noop("A line's margin"),
    gettext_noop("A line's quantity"),
    gettext_noop("A line's product group"),
    gettext_noop("A line's article number"),
    gettext_noop("A line's kind of product"),
    gettext_noop("A line out of the ordinary"),
    gettext_noop("A line's price is set by hand"),
    gettext_noop("more than %s"),
    gettext_noop("at least %s"),
    gettext_noop("less than %s"),
    gettext_noop("at most %s"),
    gettext_noop("equal to %s"),
    gettext_noop("other than %s"),
    gettext_noop("one of %s"),
    gettext_noop("none of %s"),
    gettext_noop("including %s"),
    gettext_noop("without %s"),
    gettext_noop("not %s"),
    gettext_noop("the largest: %s"),
    gettext_noop("the smallest: %s"),
    gettext_noop("all together: %s"),
    gettext_noop("how many lines"),
    gettext_noop("on line %s"),
    gettext_noop("on a line: %s"),
    gettext_noop("on every line: %s"),
    gettext_noop("where %s"),
    gettext_noop("and"),
    gettext_noop("or"),
    gettext_noop("not (%s)"),
    gettext_noop("yes"),
    gettext_noop("no"),
    gettext_noop("%s days"),
    gettext_noop("no limit in this currency"),
)


def words(*, sees_costs: bool = True) -> Words:
    """Conditions and broken limits in the active language; margins for who may see costs."""
    return Words(_, parts.shown_number, parts.money_text, parts.percent_text, sees_costs)


def told_reasons(
    reasons: Iterable[Reason], currency: str, *, sees_costs: bool
) -> list[dict[str, Any]]:
    """Why somebody is asked: each rule with the worst of what it found."""
    speaking = words(sees_costs=sees_costs)
    return [
        {"rule": shown_name(reason.rule_name), "found": speaking.findings(reason.found, currency)}
        for reason in reasons
    ]


def told_spec(spec: Spec, people: People) -> str:
    """Whom a rule names, in words."""
    if spec.kind == "user":
        return people.name(int(spec.ref)) or _("somebody who is gone")
    if spec.kind == "role":
        return _(declared.ROLES.get(str(spec.ref), str(spec.ref)))
    if spec.kind == "team":
        return people.teams.get(int(spec.ref), (_("a team that is gone"), ()))[0]
    return str(MANAGER_OF[str(spec.ref)])


def told_whom(ask: PlannedAsk, people: People) -> str:
    """Who is asked: "Sales manager" or "2 of: Deal board, Accountant"."""
    named = ", ".join(told_spec(spec, people) for spec in ask.step.approvers)
    if len(ask.seats) > 1:
        return _("%(quorum)s of %(seats)s: %(whom)s") % {
            "quorum": ask.quorum,
            "seats": len(ask.seats),
            "whom": named,
        }
    return named


def told_people(ask: PlannedAsk, people: People) -> str:
    """The names of who can answer, and why others cannot."""
    users = dict.fromkeys(user for seat in ask.seats for user in seat.users)
    names = ", ".join(people.name(user) for user in users)
    passed = dict.fromkeys(row for seat in ask.seats for row in seat.passed_over)
    why = "; ".join(str(PASSED_OVER[reason]) % people.name(user) for user, reason in passed)
    return f"{names} ({why})" if why and names else names or why


def told_how(channel: str, is_signed_in: bool | None) -> str:
    """How it is known who answered; nothing for who signed in and answered on the page."""
    if channel != "mail":
        return _("by a program") if channel == "api" else ""
    if is_signed_in:
        return _("by the link in the mail, signed in")
    return _("by the link in the mail, without signing in")


def told_hours(hours: Decimal | None) -> str:
    """Working hours in words; nothing where nobody knows."""
    if hours is None:
        return ""
    if hours < 1:
        return _("less than one working hour")
    count = int(hours.to_integral_value())
    return ngettext("%(count)s working hour", "%(count)s working hours", count) % {"count": count}


def told_change(change: Change, facts: QuoteFacts) -> str:
    """What to change so that nobody is asked."""
    told = []
    lines = {line.key: line for line in facts.offered}
    caps = {bps for _key, bps in change.line_bps}
    if len(change.line_bps) > 3 and len(caps) == 1:
        told.append(
            _("at most %(limit)s on any line") % {"limit": parts.percent_text(next(iter(caps)))}
        )
    else:
        told += [_told_line(lines[key], bps) for key, bps in change.line_bps]
    if change.header_bps is not None:
        told.append(
            _("%(limit)s instead of %(now)s on the whole quote")
            % {
                "limit": parts.percent_text(change.header_bps),
                "now": parts.percent_text(facts.header_bps),
            }
        )
    if change.payment_days is not None:
        told.append(_("%(days)s days to pay") % {"days": change.payment_days})
    if change.valid_days is not None:
        told.append(_("valid for %(days)s days") % {"days": change.valid_days})
    return ", ".join(told)


def _told_line(line: LineFacts, bps: int) -> str:
    said = {
        "limit": parts.percent_text(bps),
        "now": parts.percent_text(line.discount_bps),
        "line": line.position,
    }
    if line.by_hand or not line.has_house_price:
        return _(
            "%(limit)s off the house’s price instead of a price of its own on line %(line)s"
        ) % (said)
    return _("%(limit)s instead of %(now)s on line %(line)s") % said
