"""The demo company: every state is there, the books balance, every e-invoice passed the rules."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth import authenticate
from django.db import connection

from handsel.attract.lead.models import Lead
from handsel.attract.opportunity.models import Opportunity
from handsel.bid.configure.models import Configuration, ModelVersion
from handsel.bid.configure.queries.fitting import mends_of
from handsel.bid.quote.models import (
    ApprovalAsk,
    ApprovalRequest,
    Quote,
    QuoteLine,
    QuoteMessage,
    QuoteVersion,
)
from handsel.bid.quote.queries.approval import picture_of
from handsel.bid.quote.queries.fitting import fitting_of
from handsel.commit.order.models import Order, OrderHold
from handsel.deliver.fulfillment.models import Shipment
from handsel.earn.billing.models import Invoice, InvoiceSending, ValidationReport
from handsel.earn.cash.models import BankEntry, BankStatement, ReceivableBalance
from handsel.earn.ledger import queries as ledger
from handsel.earn.ledger.models import JournalLine
from handsel.ground.document.models import Mail
from handsel.ground.kernel.errors import Refused
from handsel.ground.party.models import Organization, Seller
from handsel.ground.platform import installation
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.thread import thread_of
from handsel.site import demo
from handsel.site.demo.year import LAST
from handsel.site.roles import ROLES, permissions_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

UNFIT = "Schrägförderer mit Care, Halle 3"


def states(model: type) -> set[str]:
    """The states that records of a table are in."""
    return set(model.objects.values_list("state", flat=True))  # type: ignore[attr-defined]


def test_the_demo_year_has_every_state_and_books_that_balance() -> None:
    heard: list[tuple[int, int]] = []
    demo.seed(lambda done, total: heard.append((done, total)))
    assert heard[-1][0] == heard[-1][1] > 300
    assert installation.demo_is_loaded()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    every_state_is_there()
    documents_passed_the_rules()
    books_balance()
    money_is_where_it_belongs()
    numbers_and_dates_are_fixed()
    a_conveyor_is_configured()
    a_law_between_lines_speaks()
    a_thin_margin_asks()
    people_can_sign_in()
    with pytest.raises(Refused):
        demo.seed(lambda done, total: None)


def every_state_is_there() -> None:
    assert states(Lead) == {"new", "working", "qualified", "disqualified", "converted"}
    assert states(Opportunity) == {"open", "won", "lost"}
    open_deals = Opportunity.objects.filter(state="open")
    assert set(open_deals.values_list("stage__name", flat=True)) == {
        "Qualified",
        "Needs understood",
        "Offer",
        "Negotiation",
    }
    reasons = set(Opportunity.objects.filter(state="lost").values_list("lost_reason", flat=True))
    assert {"price", "competitor", "no_decision", "no_budget", "product_gap"} <= reasons
    assert states(Quote) == {
        "draft",
        "presented",
        "accepted",
        "declined",
        "expired",
        "withdrawn",
    }
    assert QuoteVersion.objects.filter(version_no=2, state="presented").exists()
    assert QuoteMessage.objects.filter(quote__state="presented").exists()
    assert states(ApprovalRequest) == {"approved", "open"}
    (waiting,) = ApprovalAsk.objects.filter(state="open")
    assert waiting.step["approvers"] == [{"role": "accountant"}]
    assert states(Order) == {"placed", "released", "completed", "cancelled"}
    holds = OrderHold.objects.filter(released_at=None).values_list("kind", flat=True)
    assert set(holds) == {"credit", "price"}
    assert states(Shipment) == {"shipped", "delivered"}
    assert states(BankStatement) == {"accepted", "held"}
    assert states(BankEntry) == {"matched", "open"}


def a_thin_margin_asks() -> None:
    """Every discount is within its limit: 9 % by the list, 15 % on the line, 8 % on the quote."""
    quote = Quote.objects.select_related("seller").get(title__startswith="Zwölf Förderer")
    version = QuoteVersion.objects.select_related("quote__seller").get(quote=quote)
    picture = picture_of(version, now=version.created_at, requester_id=quote.owner_id)
    (ask,) = picture.plan.asks
    assert [reason.rule_name for reason in ask.reasons] == ["Margin too thin"]
    assert ask.reasons[0].found[0].value == 1849  # 2,890 at 58 %; 24,681 of 34,680 net


def a_conveyor_is_configured() -> None:
    assert set(ModelVersion.objects.values_list("model__key", "state")) == {
        ("halden-conveyor", "published"),
        ("halden-care", "published"),
        ("halden-lines", "published"),
        ("halden-covered", "published"),
    }
    assert states(Configuration) == {"open", "complete"}
    carrying = QuoteLine.objects.filter(configuration__isnull=False)
    line, care = carrying.exclude(version__quote__title=UNFIT).order_by("list_minor")
    # Case A of the reference: 9,179.52 at list.
    assert (line.list_minor, line.version.state) == (917_952, "draft")
    assert QuoteLine.objects.filter(version=line.version).count() == 3
    # And its worked deal of Halden Care: 117,944.96 over three years.
    assert (care.list_minor, care.net_minor) == (11_794_496, 11_794_496)
    assert care.description.startswith("Laufzeit 3 Jahre; ") and " person" not in care.description
    charged = {row["label"]: row["amount_minor"] for row in care.waterfall}
    assert charged["Monitoring, year 3"] == 2_199_696
    assert charged["Service level, year 2"] == 1_108_692
    assert charged["Platform, year 2"] == 617_028


def a_law_between_lines_speaks() -> None:
    version = QuoteVersion.objects.select_related("quote__seller", "quote__organization").get(
        quote__title=UNFIT
    )
    fit = fitting_of(version, now=LAST)
    (found,) = fit.found
    assert (found.misfit.law.key, found.forbids) == ("S4", True)
    assert {one.wish.variable for one in mends_of(fit, found) if one.wish} == {
        "conveyor_control",
        "control",
    }
    fitting = QuoteVersion.objects.select_related("quote__seller", "quote__organization")
    for one in fitting.filter(state="draft").exclude(pk=version.pk):
        assert fitting_of(one, now=LAST).found == ()


def documents_passed_the_rules() -> None:
    issued = Invoice.objects.filter(state="issued")
    kinds = set(issued.values_list("kind", flat=True))
    assert kinds == {"invoice", "deposit", "final", "credit_note"}
    assert Invoice.objects.filter(state="draft").exists()
    assert set(issued.values_list("currency", flat=True)) == {"EUR", "USD", "GBP"}
    assert InvoiceSending.objects.count() == issued.count()
    for report in ValidationReport.objects.all():
        assert report.rules_run > 100, report
        assert (report.rules_failed, report.own_failed) == (0, 0), report
    assert ValidationReport.objects.count() >= 2 * issued.count()
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


def books_balance() -> None:
    sellers = list(Seller.objects.order_by("pk"))
    assert [seller.currency for seller in sellers] == ["EUR", "GBP"]
    actor = Actor.system("test", seller_ids=[seller.pk for seller in sellers])
    for seller in sellers:
        rows = ledger.trial_balance(
            actor, seller_id=seller.pk, from_on=date(2026, 1, 1), until_on=date(2027, 1, 1)
        )
        assert rows
        for currency in {row.currency for row in rows}:
            assert sum(r.closing_minor for r in rows if r.currency == currency) == 0
        for proof in ledger.proofs(actor, seller_id=seller.pk):
            assert proof.counted_minor == proof.posted_minor, proof
    assert JournalLine.objects.exists()


def money_is_where_it_belongs() -> None:
    open_minor = dict(
        ReceivableBalance.objects.filter(invoice__seller__currency="EUR").values_list(
            "invoice__number", "open_minor"
        )
    )
    assert open_minor["I-2026-00001"] == 0
    paid_in_part = Invoice.objects.get(number="I-2026-00004")
    assert 0 < open_minor["I-2026-00004"] < paid_in_part.payable_minor
    final = Invoice.objects.get(kind="final")
    deposits = Invoice.objects.filter(kind="deposit", order=final.order)
    paid_before = sum(one.payable_minor for one in deposits)
    assert final.payable_minor == final.net_minor + final.tax_minor - paid_before
    actor = Actor.system("test", seller_ids=[final.seller_id])
    numbered = [step["stage"] for step in thread_of("invoice", final.pk, actor)["steps"]]
    assert numbered[0] == "lead"


def numbers_and_dates_are_fixed() -> None:
    first = Invoice.objects.filter(state="issued").order_by("issued_on", "pk").first()
    assert first is not None
    assert (first.number, first.issued_on, first.payable_minor) == (
        "I-2026-00001",
        date(2026, 1, 16),
        377325,
    )
    assert (Lead.objects.count(), Organization.objects.filter(parent=None).count()) >= (120, 5)


def people_can_sign_in() -> None:
    signing_in = demo.sign_ins()
    assert {one.role for one in signing_in} == set(ROLES.values())
    for one in signing_in:
        role, email, password = one
        assert one.name and role
        assert authenticate(None, username=email, password=password) is not None
    assert permissions_of(["accountant"])
