"""Codes of the log in words: what a timeline says for each value an event carries."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from handsel.attract.lead.web import words as lead
from handsel.attract.opportunity.web import words as opportunity
from handsel.commit.order.web import words as order
from handsel.earn.cash.web import words as cash
from handsel.ground.platform.timeline_view import Words
from handsel.site.roles import ROLES

_DIRECTION = {"in": _("from outside"), "out": _("from us")}
_DIMENSIONS = {
    **{code: title for code, (title, _question) in lead.QUESTIONS.items()},
    "verdict": _("Verdict"),
}
_ROLES = {code: _(title) for code, title in ROLES.items()}
_FACTS = {
    "name": _("Name"),
    "legal_name": _("Legal name"),
    "country": _("Country"),
    "currency": _("Currency"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
    "vat_id": _("VAT id"),
    "registration_number": _("Registration number"),
    "website": _("Website"),
    "segment": _("Segment"),
    "price_segment": _("Price segment"),
    "partner_tier": _("Partner tier"),
    "payment_days": _("Days to pay"),
    "credit_limit_minor": _("Credit limit"),
    "buyer_reference": _("Buyer reference"),
    "electronic_address": _("Electronic invoice address"),
    "electronic_address_scheme": _("Kind of electronic address"),
    "owner_id": _("Owner"),
    "parent_id": _("Parent organization"),
    "is_customer": _("Customer"),
    "street": _("Street and number"),
    "postcode": _("Postcode"),
    "city": _("City"),
    "email": _("E-mail"),
    "phone": _("Phone"),
}

WORDS: Words = {
    ("lead.lead.captured", "channel"): lead.CHANNELS,
    ("lead.interaction.logged", "channel"): lead.CHANNELS,
    ("lead.interaction.logged", "direction"): _DIRECTION,
    ("lead.lead.qualified", "dimension"): _DIMENSIONS,
    ("lead.lead.qualified", "grade"): {
        str(grade): word for grade, (word, _kind) in lead.GRADES.items()
    },
    ("lead.lead.disqualified", "reason"): lead.REASONS,
    ("lead.lead.recognized", "state"): {
        "same": _("the same"),
        "distinct": _("somebody else"),
        "proposed": _("open again"),
    },
    ("opportunity.opportunity.lost", "reason"): opportunity.LOST_REASONS,
    ("opportunity.committee.changed", "change"): {
        "seated": pgettext_lazy("committee", "somebody joined"),
        "changed": pgettext_lazy("committee", "a part changed"),
        "removed": pgettext_lazy("committee", "somebody left"),
    },
    ("quote.quote.questioned", "direction"): _DIRECTION,
    ("quote.approval.decided", "verdict"): {"approve": _("approved"), "reject": _("rejected")},
    ("quote.approval.closed", "state"): {
        "approved": _("approved"),
        "rejected": _("rejected"),
        "recalled": _("taken back"),
        "replaced": _("asked anew"),
    },
    ("order.hold.placed", "kind"): order.HOLDS,
    ("order.hold.released", "kind"): order.HOLDS,
    ("fulfillment.stock.released", "reason"): {
        "shipment": _("it shipped"),
        "the order was cancelled": _("the order was cancelled"),
    },
    ("cash.receivable.written_off", "kind"): cash.ENTRY_KINDS,
    ("cash.write_off.reversed", "kind"): cash.ENTRY_KINDS,
    ("identity.user.added", "roles"): _ROLES,
    ("identity.user.roles_changed", "given"): _ROLES,
    ("identity.user.roles_changed", "taken"): _ROLES,
    ("identity.user.revised", "changed"): _FACTS,
    ("party.organization.revised", "changed"): _FACTS,
    ("party.seller.revised", "changed"): _FACTS,
}

# Parts of the program that act by themselves, by the label they carry in the log.
ACTORS: dict[str, Any] = {
    "absence": _("Handsel, for an absence"),
    "acceptance": _("Handsel, after the acceptance"),
    "acknowledgement": _("Handsel, automatically"),
    "approval": _("Handsel, for the approval"),
    "billing": _("Handsel, billing"),
    "command line": _("Command line"),
    "demo": _("Demo"),
    "import": _("Import"),
    "mail": _("Outgoing mail"),
    "offer": _("Handsel, for the quote"),
    "order desk": _("Handsel, for the order desk"),
    "sign-in": _("Sign-in"),
    "validity": _("Handsel, at the end of validity"),
    "warehouse": _("Handsel, for the warehouse"),
}
