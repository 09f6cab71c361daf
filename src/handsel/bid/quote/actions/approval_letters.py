"""The mails of an approval: what is asked, with everything needed to answer; how it ended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handsel.bid.price.rules.waterfall import Stage
from handsel.bid.quote.actions.letters import record_address
from handsel.bid.quote.actions.paper import language_of
from handsel.bid.quote.actions.price_words import time_note
from handsel.bid.quote.models import ApprovalAsk, ApprovalDecision, ApprovalRequest
from handsel.bid.quote.queries.costs import user_sees_costs
from handsel.bid.quote.rules.approval.plan import Reason
from handsel.bid.quote.rules.approval.wording import Words
from handsel.bid.quote.rules.paid import paid_of
from handsel.ground.document import formatting
from handsel.ground.document.actions import About, queue_mail
from handsel.ground.document.mail import Composed, compose, written
from handsel.ground.document.models import Mail
from handsel.ground.document.stationery import document_locale
from handsel.ground.identity.models import User
from handsel.ground.kernel.money import Money
from handsel.ground.kernel.quantity import Quantity
from handsel.ground.platform import store
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.naming import shown_name

MOST_LINES_IN_MAIL = 10
STAGES = {
    Stage.BASE: gettext_noop("List price × quantity"),
    Stage.OPTION: gettext_noop("Options"),
    Stage.MARKET: gettext_noop("Market surcharge"),
    Stage.TIER: gettext_noop("Price list discount"),
    Stage.AGREEMENT: gettext_noop("Agreed price"),
    Stage.PROMOTION: gettext_noop("Promotion"),
    Stage.TERM: gettext_noop("Term"),
    Stage.PRORATION: gettext_noop("Part of a period"),
    Stage.MANUAL: gettext_noop("Discount on this line"),
    Stage.PARTNER: gettext_noop("Partner discount"),
    Stage.DISTRIBUTOR: gettext_noop("Distributor discount"),
    Stage.ENDING: gettext_noop("Price ending"),
    Stage.ROUNDING: gettext_noop("Rounding"),
    Stage.HEADER: gettext_noop("Share of the discount on the quote"),
    Stage.DERIVED: gettext_noop("Derived price"),
    Stage.FEE: gettext_noop("Fee"),
}


# Why somebody is asked whom the rule does not name.
WHY_YOU: Final = {
    "stands_in": gettext_noop("You are asked because you stand in for %(names)s."),
    "next": gettext_noop("You are asked in place of %(names)s."),
    "late": gettext_noop(
        "The answer of %(names)s is missing and the time is over; you are asked as well."
    ),
}


class WhyYou(NamedTuple):
    """Why this user is asked: a kind of WHY_YOU, and whose answer it stands for."""

    kind: str
    names: str


def stage_name(stage: str) -> str:
    """A stage of the waterfall in the active language; one without words of its own by its name."""
    return _(STAGES.get(Stage(stage), stage))


def ask_address(token: str) -> str:
    """The address of the page a mail's link opens; its base comes from the settings."""
    return settings.PUBLIC_BASE_URL + reverse("quote_public:approval", args=[token])


def mail_ask(
    *,
    actor: Actor,
    now: datetime,
    request: ApprovalRequest,
    ask: ApprovalAsk,
    user: User,
    token: str,
    why_you: WhyYou | None = None,
) -> Mail:
    """Ask one approver: who wants what, the amounts, the waterfall, the rules and their limits."""
    quote = request.quote
    sheet = json.loads(store.read(request.content_id))
    language = language_of(user.language)
    locale = document_locale(language, quote.seller.country)
    sees_costs = user_sees_costs(user.pk)
    with translation.override(language):
        values = {
            "recipient_name": user.name,
            "requester_name": sheet["requester"],
            "quote_number": quote.number,
            "customer_name": quote.organization.name,
            "subject": quote.title,
            "net_total": _money(sheet["totals"]["net_minor"], sheet, locale),
            "discount": formatting.percent(sheet["facts"]["total_discount"], locale),
            "margin": _margin(sheet, locale) if sees_costs else "",
            "reasons": "\n".join(reason_lines(ask, quote.currency, locale, sees_costs)),
            "waterfall": "\n".join(_waterfall(sheet, locale)),
            "line_rows": "\n".join(_lines(sheet, locale)),
            "message": _("%(name)s writes: %(message)s")
            % {"name": sheet["requester"], "message": request.comment}
            if request.comment
            else "",
            "due_at": formatting.instant(ask.due_at, locale, user.time_zone) if ask.due_at else "",
            "decide_link": ask_address(token),
            "why_you": _(WHY_YOU[why_you.kind]) % {"names": why_you.names} if why_you else "",
            "sign_in": _("You sign in to answer.") if ask.step.get("signed_in") else "",
        }
    composed = compose("approval_asked", language, values)
    return _queue(actor, now, request, composed, user, "approval_asked")


def mail_outcome(*, actor: Actor, now: datetime, request: ApprovalRequest) -> Mail | None:
    """Tell who asked how it ended."""
    asker = request.requested_by
    if asker is None:
        return None
    quote = request.quote
    with translation.override(language_of(asker.language)):
        if request.state == "approved":
            subject = _("Quote %(number)s is approved") % {"number": quote.number}
            body = "\n\n".join(
                [
                    _("Everybody who was asked agreed. The quote can be presented."),
                    *_remarks(request),
                ]
            )
        else:
            subject = _("Quote %(number)s was not approved") % {"number": quote.number}
            body = _("%(name)s said no: %(reason)s") % {
                "name": actor.label,
                "reason": request.closed_reason,
            }
        hello = _("Hello %(name)s,") % {"name": asker.name}
        about = f"{_('Customer')}: {quote.organization.name}\n{_('Subject')}: {quote.title}"
        text = f"{hello}\n\n{body}\n\n{about}\n\n{record_address(quote)}"
    composed = written(language_of(asker.language), subject, text)
    return _queue(actor, now, request, composed, asker, "")


def mail_nobody_left(
    *, actor: Actor, now: datetime, request: ApprovalRequest, names: str
) -> Mail | None:
    """Tell who asked that the time is over and nobody else can be asked: he has to see to it."""
    asker = request.requested_by
    if asker is None:
        return None
    quote = request.quote
    with translation.override(language_of(asker.language)):
        subject = _("Quote %(number)s still waits for approval") % {"number": quote.number}
        body = _(
            "The answer of %(names)s is missing, the time for it is over, and there is nobody else "
            "who could be asked. Please see to it yourself."
        ) % {"names": names}
        hello = _("Hello %(name)s,") % {"name": asker.name}
        about = f"{_('Customer')}: {quote.organization.name}\n{_('Subject')}: {quote.title}"
        text = f"{hello}\n\n{body}\n\n{about}\n\n{record_address(quote)}"
    composed = written(language_of(asker.language), subject, text)
    return _queue(actor, now, request, composed, asker, "")


def _remarks(request: ApprovalRequest) -> list[str]:
    """What those who agreed wrote: often the condition under which they did."""
    agreed = ApprovalDecision.objects.filter(ask__request=request, verdict="approve")
    return [
        _("%(name)s agreed and wrote: %(remark)s") % {"name": one.user.name, "remark": one.comment}
        for one in agreed.exclude(comment="").select_related("user").order_by("pk")
    ]


def words_in(locale: str = "", *, sees_costs: bool = False) -> Words:
    """Conditions and broken limits in the active language, numbers as in `locale`."""
    where = locale or document_locale(translation.get_language() or "en", "DE")
    return Words(
        _,
        lambda number: formatting.number(number, where),
        lambda amount: formatting.money(amount, where),
        lambda bps: formatting.percent(bps, where),
        sees_costs,
    )


def reason_lines(
    ask: ApprovalAsk, currency: str, locale: str, sees_costs: bool = False
) -> list[str]:
    """Why somebody is asked, in the active language: each rule with the limits that were broken."""
    words = words_in(locale, sees_costs=sees_costs)
    reasons = [Reason.from_json(one) for one in ask.reasons]
    return [
        f"{shown_name(reason.rule_name)}: {'; '.join(words.findings(reason.found, currency))}"
        for reason in reasons
    ]


def _waterfall(sheet: dict[str, Any], locale: str) -> Sequence[str]:
    rows = [
        f"{stage_name(row['stage'])}: {_money(row['amount_minor'], sheet, locale)}"
        for row in sheet["waterfall"]
    ]
    net = _money(sheet["totals"]["net_minor"], sheet, locale)
    return [*rows, f"{_('Net')}: {net}"]


def _lines(sheet: dict[str, Any], locale: str) -> list[str]:
    """The lines with the largest discounts, options the customer can add among them; the page
    behind the link shows all of them."""
    offered = [*sheet["lines"], *sheet.get("options", [])]
    taken = {one["key"]: one for one in sheet["line_facts"]}
    ranked = sorted(
        ((line, taken.get(line["key"], {})) for line in offered),
        key=lambda pair: (-_off(*pair), pair[0]["position"]),
    )
    shown = [_line(*pair, sheet, locale) for pair in ranked[:MOST_LINES_IN_MAIL]]
    more = len(ranked) - len(shown)
    return [*shown, _("and %(count)s more") % {"count": more}] if more else shown


def _off(line: dict[str, Any], taken: dict[str, Any]) -> int:
    """Basis points off the list price; off the house's, where the line has a price of its own."""
    return int(taken.get("total_discount") or line["discount_bps"])


def _line(line: dict[str, Any], taken: dict[str, Any], sheet: dict[str, Any], locale: str) -> str:
    """ "3  Belt PVC 300 mm, 120 m: €3,884.83 instead of €5,040.00 (−22.92%)"."""
    quantity = formatting.quantity(Quantity(Decimal(line["quantity"]), line["unit"]), locale)
    time = time_note(paid_of(line.get("charge", "one_time"), line.get("asked", {})), locale)
    named = ", ".join(one for one in (f"{line['position']}  {line['name']}", quantity, time) if one)
    said = f"{named}: {_money(line['net_minor'], sheet, locale)}"
    listed = max(line["list_minor"], int(taken.get("list_value") or 0))
    if listed <= line["net_minor"]:
        return said
    before = _("instead of %(amount)s") % {"amount": _money(listed, sheet, locale)}
    return f"{said} {before} (−{formatting.percent(_off(line, taken), locale)})"


def _margin(sheet: dict[str, Any], locale: str) -> str:
    margin = sheet["facts"]["margin"]
    return "" if margin is None else formatting.percent(margin, locale)


def _money(minor: int, sheet: dict[str, Any], locale: str) -> str:
    return formatting.money(Money(minor, sheet["currency"]), locale)


def _queue(
    actor: Actor,
    now: datetime,
    request: ApprovalRequest,
    composed: Composed,
    user: User,
    template: str,
) -> Mail:
    quote = request.quote
    return queue_mail(
        actor=actor,
        now=now,
        seller_id=quote.seller_id,
        composed=composed,
        to=[user.email],
        reply_to=request.requested_by.email if request.requested_by else "",
        about=[About("quote", quote.pk)],
        template=template,
    )
