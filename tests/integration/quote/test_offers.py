"""Presenting, accepting, declining, expiring: what a buyer with a link can and cannot do."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from handsel.attract.opportunity.models import Opportunity
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, Signature
from handsel.bid.quote.errors import (
    AlreadyAccepted,
    BadQuote,
    NothingToPresent,
    OfferChanged,
    QuoteExpiredRefusal,
    QuoteState,
    ValidityPassed,
)
from handsel.bid.quote.models import Quote, QuoteAcceptance
from handsel.bid.quote.queries.offer import shown_offer
from handsel.ground.document.models import Mail
from handsel.ground.identity.grants import LinkUnusable, grant_link
from handsel.ground.identity.models import LinkGrant
from handsel.ground.platform import store
from handsel.ground.platform.log import timeline
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
KIM = Signature(name="Kim Brandt", email="kim@brandt.example", purchase_order="PO-4711")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def present(world: World, quote_id: int, **more: Any) -> tuple[actions.Presented, str]:
    """Present a quote; returns it with the token of the buyer's link."""
    presented = actions.present_quote(
        actor=world.actor("sales_rep"), now=world.now, quote_id=quote_id, **more
    )
    return presented, presented.link.rstrip("/").rpartition("/")[2]


def accept(world: World, token: str, version_id: int, **more: Any) -> QuoteAcceptance:
    """Accept what the page shows now."""
    chosen = more.pop("chosen", None)
    version = queries.shown_version(version_id)
    assert version is not None
    facts: dict[str, Any] = {
        "now": world.now,
        "token": token,
        "content_hash": shown_offer(version, chosen).content_hash,
        "signature": KIM,
        "chosen": chosen,
    }
    return actions.accept_quote(**(facts | more))


def test_presenting_freezes_bytes_document_link_and_mail(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    presented, token = present(world, draft.quote_id, message="As discussed on the phone.")
    version = queries.get_version(world.system, draft.quote_id)
    content = store.read(version.content_id)
    assert version.state == version.quote.state == "presented"
    assert version.content_hash == hashlib.sha256(content).hexdigest()
    offer = json.loads(content)
    assert offer["totals"]["gross_minor"] == version.gross_minor == 1_130_39
    assert offer["buyer"]["contact"] == "Kim Brandt"
    grant = LinkGrant.objects.get()
    assert bytes(grant.token_hash) == hashlib.sha256(f"quote:{token}".encode()).digest()
    assert presented.mailed_to == "kim@brandt.example"
    mail = Mail.objects.get(template="quote_sent")
    assert token in mail.body_text
    assert "As discussed on the phone." in mail.body_text
    assert "quote.version.presented" in {e.type for e in timeline(("quote", draft.quote_id))}


def test_the_mail_waits_for_the_document(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    presented, _token = present(world, draft.quote_id)
    assert presented.version.document_id is None
    assert jobs_of("document.deliver_mail") == []
    assert jobs_of("quote.write_offer") == [
        {"version_id": presented.version.pk, "mail_id": presented.mail_id}
    ]
    kept = set()
    for _ in range(2):
        version = actions.write_offer(
            actor=world.system,
            now=world.now,
            version_id=presented.version.pk,
            mail_id=presented.mail_id,
        )
        kept.add(version.document_id)
    assert store.read(version.document_id or 0).startswith(b"%PDF-")
    mail = Mail.objects.get(template="quote_sent")
    assert [one["file_id"] for one in mail.attachments] == list(kept)
    assert jobs_of("document.deliver_mail") == [{"mail_id": mail.pk}]


def jobs_of(task: str) -> list[dict[str, Any]]:
    found = ProcrastinateJob.objects.filter(task_name=task).order_by("pk")
    return list(found.values_list("args", flat=True))


def test_nothing_is_presented_when_the_mail_cannot_be_queued(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    with pytest.raises(Exception, match="address"):
        present(world, draft.quote_id, to="not an address")
    assert queries.get_version(world.system, draft.quote_id).state == "draft"
    assert not LinkGrant.objects.exists()


def test_empty_or_outdated_drafts_are_not_presented(world: World, shelf: Shelf) -> None:
    empty = actions.draft_quote(
        actor=world.system, now=world.now, organization_id=world.customer.pk
    )
    with pytest.raises(NothingToPresent):
        present(world, empty.quote_id)
    draft = make_quote(world, shelf)
    actions.set_terms(
        actor=world.system,
        now=world.now,
        quote_id=draft.quote_id,
        changes={"valid_until": date(2026, 3, 1)},
    )
    with pytest.raises(ValidityPassed):
        present(world, draft.quote_id)


def test_accepting_keeps_the_exact_bytes_and_tells_everybody(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    acceptance = accept(world, token, draft.quote_id, now=world.now + timedelta(days=1))
    version = queries.get_version(world.system, draft.quote_id)
    assert version.state == version.quote.state == "accepted"
    assert store.read(acceptance.content_id) == store.read(version.content_id)
    assert acceptance.content_hash == version.content_hash
    assert not Mail.objects.filter(template="quote_accepted_buyer").exists()  # a job does that
    for _ in range(2):
        acceptance = actions.confirm_acceptance(
            actor=world.system, now=world.now, acceptance_id=acceptance.pk
        )
    assert acceptance.document_id is not None
    assert Mail.objects.filter(template="quote_accepted_buyer").count() == 1
    assert store.read(acceptance.document_id).startswith(b"%PDF-")
    templates = set(Mail.objects.values_list("template", flat=True))
    assert {"quote_accepted_buyer", "quote_accepted_rep"} <= templates
    types = {event.type for event in timeline(("quote", draft.quote_id))}
    assert "quote.version.accepted" in types
    with pytest.raises(DatabaseError), transaction.atomic():
        QuoteAcceptance.objects.filter(pk=acceptance.pk).update(name="Somebody else")


def test_accepting_wins_the_deal(world: World, shelf: Shelf) -> None:
    deal = make_opportunity(world)
    draft = actions.draft_quote(
        actor=world.actor("sales_rep"),
        now=world.now,
        opportunity_id=deal.pk,
        lines=[NewLine(product_id=shelf.stand.pk, quantity=Decimal(1))],
    )
    assert draft.quote.title == deal.name
    _, token = present(world, draft.quote_id)
    accept(world, token, draft.quote_id)
    deal.refresh_from_db()
    assert (deal.state, deal.amount_minor) == ("won", 290_00)


def make_opportunity(world: World) -> Opportunity:
    from handsel.attract.opportunity import actions as opportunities
    from handsel.ground.kernel.money import Money

    return opportunities.open_opportunity(
        actor=world.actor("sales_rep"),
        now=world.now,
        seller_id=world.seller.pk,
        name="Packing line 4",
        organization_id=world.customer.pk,
        person_id=world.buyer.pk,
        amount=Money(50_000_00, "EUR"),
    )


def test_accepting_twice_is_one_acceptance(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    first = accept(world, token, draft.quote_id)
    assert accept(world, token, draft.quote_id) == first
    with pytest.raises(AlreadyAccepted, match="Kim Brandt"):
        other = Signature(name="Alex Brandt", email="alex@brandt.example")
        accept(world, token, draft.quote_id, signature=other)
    assert QuoteAcceptance.objects.count() == 1
    accepted = [e for e in timeline(("quote", draft.quote_id)) if e.type.endswith("accepted")]
    assert len(accepted) == 1


def test_a_changed_quote_is_not_accepted_from_an_old_page(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    old = queries.shown_version(draft.quote_id)
    assert old is not None
    seen = shown_offer(old).content_hash
    rep = world.actor("sales_rep")
    second = actions.new_version(actor=rep, now=world.now, quote_id=draft.quote_id)
    with pytest.raises(OfferChanged):  # while the next version is being written
        accept(world, token, draft.quote_id, content_hash=seen)
    line = queries.lines_of(second.pk)[0]
    actions.set_line(
        actor=rep,
        now=world.now,
        quote_id=draft.quote_id,
        line_key=line.key,
        quantity=Decimal(4),
    )
    present(world, draft.quote_id)
    with pytest.raises(OfferChanged):  # and once it is presented
        accept(world, token, draft.quote_id, content_hash=seen)
    assert accept(world, token, draft.quote_id).version.version_no == 2


@pytest.mark.parametrize("content_hash", ["", "0" * 64, "é"])
def test_no_acceptance_without_the_pages_hash(
    world: World, shelf: Shelf, content_hash: str
) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    with pytest.raises(OfferChanged):
        accept(world, token, draft.quote_id, content_hash=content_hash)


def test_validity_ends_with_the_sellers_day(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    assert draft.valid_until == date(2026, 4, 1)  # Berlin, on summer time by then
    in_time = datetime(2026, 4, 1, 21, 59, 59, tzinfo=UTC)
    too_late = datetime(2026, 4, 1, 22, 0, tzinfo=UTC)
    with pytest.raises(QuoteExpiredRefusal):
        accept(world, token, draft.quote_id, now=too_late)
    facts = {"actor": world.system, "quote_id": draft.quote_id, "version_no": 1}
    assert not actions.expire_quote(now=in_time, **facts)
    with transaction.atomic():
        assert accept(world, token, draft.quote_id, now=in_time)
        transaction.set_rollback(True)
    assert actions.expire_quote(now=too_late, **facts)
    assert not actions.expire_quote(now=too_late, **facts)
    assert Quote.objects.get().state == "expired"
    with pytest.raises(QuoteExpiredRefusal):
        accept(world, token, draft.quote_id, now=too_late)


def test_expiry_is_a_job_of_the_presenting_transaction(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    present(world, draft.quote_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args, scheduled_at FROM procrastinate_jobs WHERE task_name = %s",
            [actions.EXPIRE_JOB],
        )
        ((arguments, at),) = cursor.fetchall()
    assert (json.loads(arguments) if isinstance(arguments, str) else arguments) == {
        "quote_id": draft.quote_id,
        "version_no": 1,
    }
    assert at == datetime(2026, 4, 1, 22, 0, tzinfo=UTC)


def test_revoked_expired_foreign_and_wrong_links_open_nothing(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    _, other_kind = grant_link(
        actor=world.system,
        now=world.now,
        kind="invoice",
        seller_id=world.seller.pk,
        object_id=draft.quote_id,
        verbs=["view", "accept"],
        recipient="",
        expires_at=world.now + timedelta(days=9),
    )
    for wrong in (other_kind, token[:-1] + ("A" if token[-1] != "A" else "B"), "x" * 43, ""):
        with pytest.raises(LinkUnusable):
            accept(world, wrong, draft.quote_id)
    much_later = world.now + timedelta(days=200)
    with pytest.raises(LinkUnusable):
        actions.record_quote_opened(now=much_later, token=token)
    assert actions.revoke_quote_links(
        actor=world.actor("sales_rep"), now=world.now, quote_id=draft.quote_id
    )
    with pytest.raises(LinkUnusable):
        accept(world, token, draft.quote_id)
    again = actions.send_link(
        actor=world.actor("sales_rep"), now=world.now, quote_id=draft.quote_id
    )
    assert accept(world, again.link.rstrip("/").rpartition("/")[2], draft.quote_id)


def test_withdrawing_stops_links_and_a_new_version_starts_again(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    rep = world.actor("sales_rep")
    quote = actions.withdraw_quote(actor=rep, now=world.now, quote_id=draft.quote_id)
    assert quote.state == "withdrawn"
    with pytest.raises(LinkUnusable):
        accept(world, token, draft.quote_id)
    second = actions.new_version(actor=rep, now=world.now, quote_id=draft.quote_id)
    assert (second.version_no, second.quote.state) == (2, "draft")
    with pytest.raises(QuoteState):
        actions.new_version(actor=rep, now=world.now, quote_id=draft.quote_id)


def test_the_buyer_chooses_options(world: World, shelf: Shelf) -> None:
    draft = make_quote(
        world,
        shelf,
        lines=[
            NewLine(product_id=shelf.belt.pk, quantity=Decimal(3), discount_bps=900),
            NewLine(
                product_id=shelf.stand.pk, quantity=Decimal(1), is_optional=True, is_chosen=True
            ),
            NewLine(product_id=shelf.visit.pk, quantity=Decimal(2), is_optional=True),
        ],
    )
    actions.set_terms(
        actor=world.system,
        now=world.now,
        quote_id=draft.quote_id,
        changes={"discount_bps": 333},
    )
    _, token = present(world, draft.quote_id)
    version = queries.shown_version(draft.quote_id)
    assert version is not None
    presented = shown_offer(version)
    belt, stand, visit = queries.lines_of(version.pk)
    shown = shown_offer(version, {visit.key})
    assert presented.content == store.read(version.content_id)
    assert shown.priced.net_minor == 369_91 + 196_00 - 18_84  # 3.33 % of 565.91
    with pytest.raises(OfferChanged):  # the hash of another choice
        accept(
            world, token, draft.quote_id, chosen={visit.key}, content_hash=presented.content_hash
        )
    acceptance = accept(world, token, draft.quote_id, chosen={visit.key})
    accepted = acceptance.version
    assert (accepted.version_no, accepted.state) == (2, "accepted")
    assert accepted.net_minor == shown.priced.net_minor
    assert accepted.gross_minor == shown.priced.gross_minor
    assert store.read(acceptance.content_id) == shown.content
    lines = {line.key: line for line in queries.lines_of(accepted.pk)}
    assert [lines[key].is_chosen for key in (belt.key, stand.key, visit.key)] == [
        True,
        False,
        True,
    ]
    counted = sum(line.net_minor for line in lines.values() if line.counts)
    assert counted == accepted.net_minor
    assert queries.get_version(world.system, draft.quote_id, 1).state == "superseded"
    assert accept_again(world, token, draft.quote_id, shown.content_hash, {visit.key}) == acceptance


def accept_again(
    world: World, token: str, quote_id: int, content_hash: str, chosen: Any
) -> QuoteAcceptance:
    return actions.accept_quote(
        now=world.now, token=token, content_hash=content_hash, signature=KIM, chosen=chosen
    )


def test_what_is_no_option_cannot_be_chosen(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    belt = queries.lines_of(draft.pk)[0]
    with pytest.raises(BadQuote):
        accept(world, token, draft.quote_id, chosen={belt.key}, content_hash="0" * 64)


def test_declining_with_a_reason(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    quote = actions.decline_quote(now=world.now, token=token, reason="Too late for us")
    assert (quote.state, quote.declined_reason) == ("declined", "Too late for us")
    with pytest.raises(QuoteState):
        accept(world, token, draft.quote_id)
    with pytest.raises(QuoteState):
        actions.decline_quote(now=world.now, token=token)


def test_questions_and_answers_reach_the_other_side(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    actions.ask_question(now=world.now, token=token, name="Kim", body="Is it food safe?")
    actions.answer_question(
        actor=world.actor("sales_rep"), now=world.now, quote_id=draft.quote_id, body="Yes."
    )
    assert [(m.direction, m.body) for m in queries.messages_of(draft.quote_id)] == [
        ("in", "Is it food safe?"),
        ("out", "Yes."),
    ]
    to = {mail.to[0] for mail in Mail.objects.exclude(template="quote_sent")}
    assert to == {"sales_rep@halden.example", "kim@brandt.example"}
    with pytest.raises(BadQuote):
        actions.ask_question(now=world.now, token=token, name="Kim", body="  ")


def test_opening_is_counted_and_told_once(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    for _ in range(3):
        actions.record_quote_opened(now=world.now, token=token)
    assert LinkGrant.objects.get().open_count == 3
    opened = [e for e in timeline(("quote", draft.quote_id)) if e.type == "quote.quote.opened"]
    assert len(opened) == 1


def test_acceptance_by_another_way_names_its_evidence(world: World, shelf: Shelf) -> None:
    draft = make_quote(world, shelf)
    present(world, draft.quote_id)
    desk = world.actor("order_desk")
    with pytest.raises(BadQuote, match="how the customer accepted"):
        actions.accept_for_buyer(actor=desk, now=world.now, quote_id=draft.quote_id, signature=KIM)
    by_mail = Signature(name="Kim Brandt", email="kim@brandt.example", evidence="PO 4711 by mail")
    acceptance = actions.accept_for_buyer(
        actor=desk, now=world.now, quote_id=draft.quote_id, signature=by_mail
    )
    assert acceptance.recorded_by_id == desk.user_id
    assert acceptance.evidence == "PO 4711 by mail"


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"email": "kim"}, {"purchase_order": "x" * 61}], ids=str
)
def test_a_signature_needs_a_name_and_an_address(
    world: World, shelf: Shelf, wrong: dict[str, str]
) -> None:
    draft = make_quote(world, shelf)
    _, token = present(world, draft.quote_id)
    facts = {"name": "Kim", "email": "kim@brandt.example", "purchase_order": ""} | wrong
    with pytest.raises(BadQuote) as refusal:
        accept(world, token, draft.quote_id, signature=Signature(**facts))
    assert set(refusal.value.fields) == set(wrong)
