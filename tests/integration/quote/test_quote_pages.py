"""The pages of a quote as a browser asks for them: staff's, and the buyer's by his link."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import Quote, QuoteAcceptance, QuoteVersion
from handsel.ground.identity.models import LinkGrant
from handsel.ground.kernel.clock import FixedClock
from handsel.site import middleware
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = make_world()
    clock = FixedClock(made.now)
    monkeypatch.setattr(middleware, "clock", clock)
    yield made


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def browser(world: World, role: str = "sales_rep") -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def keyed(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {"idempotency_key": f"page-test-{number}"} | fields


def test_pages_of_every_state_answer(world: World, shelf: Shelf) -> None:
    client, version = browser(world), make_quote(world, shelf)
    page = f"/quote/{version.quote_id}/"
    assert b"Present and send" in client.get(page).content
    assert client.get(f"{page}1/pdf/").content.startswith(b"%PDF-")
    line = queries.lines_of(version.pk)[0]
    why = client.get(f"{page}1/why/{line.key}/").content.decode()
    assert "List price × quantity" in why
    assert "369.91" in why
    assert client.get("/quote/").status_code == 200
    assert client.get("/quote/", {"q": "Brandt", "state": "draft"}).content.count(b"Line 4") >= 1
    assert b"Line 4" not in client.get("/quote/", {"state": "accepted"}).content
    exported = b"".join(client.get("/quote/export.csv").streaming_content)  # type: ignore[attr-defined]
    assert b"Q-2026-00001,Line 4,Brandt Lebensmittel GmbH,draft,EUR,949.91,1130.39" in exported
    client.post(f"{page}present/", keyed(lock_no=version.lock_no))
    assert b"Send the link again" in client.get(page).content
    client.post(f"{page}new-version/", keyed(2))
    compared = client.get(f"{page}compare/", {"before": 1, "after": 2})
    assert b"offer the same" in compared.content


def test_one_click_from_an_opportunity_makes_a_draft(world: World, shelf: Shelf) -> None:
    client = browser(world)
    form = keyed(organization=world.customer.pk, title="New line")
    answers = [client.post("/quote/new/", form) for _ in range(2)]
    assert {answer["Location"] for answer in answers} == {f"/quote/{Quote.objects.get().pk}/"}
    assert b"Brandt" in client.get("/quote/new/", {"customer": "brandt"}).content
    assert client.post("/quote/new/", keyed(2)).status_code == 422


def test_presenting_is_one_click_and_once(world: World, shelf: Shelf) -> None:
    client, version = browser(world), make_quote(world, shelf)
    for _ in range(2):
        answer = client.post(f"/quote/{version.quote_id}/present/", keyed(lock_no=version.lock_no))
        assert answer.status_code == 303
    assert LinkGrant.objects.count() == 1


def test_lines_are_edited_in_place(world: World, shelf: Shelf) -> None:
    client, version = browser(world), make_quote(world, shelf)
    line = queries.lines_of(version.pk)[1]
    url = f"/quote/{version.quote_id}/lines/{line.key}/"
    answer = client.post(f"{url}?lock=1", {"quantity": "10"}, headers=HTMX)
    body = answer.content.decode()
    assert 'id="quote-lines"' in body
    assert "2,755.00" in body
    assert 'id="quote-totals" hx-swap-oob' in body
    wrong = client.post(f"{url}?lock=2", {"quantity": "1,000"}, headers=HTMX).content.decode()
    assert 'aria-invalid="true"' in wrong
    assert "can be read in two ways" in wrong
    assert queries.get_line(version.pk, line.key).quantity == 10
    added = client.post(
        f"/quote/{version.quote_id}/lines/add/?lock=2",
        keyed(product_id=shelf.visit.pk),
        headers=HTMX,
    )
    assert b"Service visit" in added.content
    found = client.get(f"/quote/{version.quote_id}/products/", {"q": "stand"}, headers=HTMX)
    assert b"STAND-900" in found.content
    client.post(f"{url}remove/?lock=3", headers=HTMX)
    assert len(queries.lines_of(version.pk)) == 2


def test_the_second_editor_keeps_what_he_typed(world: World, shelf: Shelf) -> None:
    first, second = browser(world), browser(world, "sales_manager")
    version = make_quote(world, shelf)
    belt, stand = queries.lines_of(version.pk)
    url = f"/quote/{version.quote_id}/lines"
    first.post(f"{url}/{belt.key}/?lock=1", {"quantity": "7"}, headers=HTMX)
    late = second.post(f"{url}/{stand.key}/?lock=1", {"quantity": "12"}, headers=HTMX)
    assert late.status_code == 409
    assert late["HX-Retarget"] == "#messages"
    body = late.content.decode()
    assert "Sales rep changed this quote" in body
    assert "Quantity: 12" in body
    again = re.search(r'action="([^"]+)"', body)
    assert again is not None
    kept = dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', body))
    assert kept["quantity"] == "12"
    assert second.post(again[1], kept).status_code == 303
    quantities = [line.quantity for line in queries.lines_of(version.pk)]
    assert quantities == [Decimal(7), Decimal(12)]


def test_terms_are_checked_where_they_are_typed(world: World, shelf: Shelf) -> None:
    client, version = browser(world), make_quote(world, shelf)
    url = f"/quote/{version.quote_id}/terms/"
    form = {
        "valid_until": "2026-05-31",
        "payment_days": "14",
        "billing_method": "shares",
        "billing_shares": "30 / 60 / 20",
        "discount_bps": "2.5",
        "lock_no": "1",
    }
    wrong = client.post(url, form, headers=HTMX)
    assert wrong.status_code == 422
    assert b"come to 100" in wrong.content
    client.post(url, form | {"billing_shares": "30 / 60 / 10"}, headers=HTMX)
    kept = QuoteVersion.objects.get(pk=version.pk)
    assert (kept.billing_shares, kept.discount_bps) == ([3000, 6000, 1000], 250)
    late = client.post(url, form | {"billing_shares": "50 / 50"}, headers=HTMX)
    assert late.status_code == 409


def test_roles_may_do_what_they_may(world: World, shelf: Shelf) -> None:
    version = make_quote(world, shelf)
    page = f"/quote/{version.quote_id}/"
    assert browser(world, "product_modeller").get(page).status_code == 403
    accountant = browser(world, "accountant")
    assert accountant.get(page).status_code == 200
    assert accountant.post(f"{page}present/", keyed()).status_code == 403
    assert Client().get(page).status_code == 302


@pytest.fixture
def link(world: World, shelf: Shelf) -> str:
    """The path of a presented quote with a fixed line and two options, one of them chosen."""
    version = make_quote(
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
    presented = actions.present_quote(
        actor=world.actor("sales_rep"), now=world.now, quote_id=version.quote_id
    )
    return presented.link.removeprefix("http://localhost:8000")


def hidden_hash(body: str) -> str:
    found = re.search(r'name="content_hash" value="([0-9a-f]{64})"', body)
    assert found is not None
    return found[1]


def signed(body: str, **more: Any) -> dict[str, Any]:
    return {
        "content_hash": hidden_hash(body),
        "name": "Kim Brandt",
        "email": "kim@brandt.example",
        "agree": "on",
        **more,
    }


def test_the_offer_tells_nobody_and_is_kept_nowhere(world: World, link: str) -> None:
    answer = Client().get(link)
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    body = answer.content.decode()
    assert "785.29" in body  # 369.91 + 290.00 and 19 %
    assert "/quote/" not in body
    gone = Client().get(link[:-3] + "xx/")
    assert gone.status_code == 404
    assert b"opens nothing" in gone.content
    assert gone["Referrer-Policy"] == "no-referrer"


def test_openings_by_people_are_counted(world: World, link: str) -> None:
    client = Client()
    client.head(link, headers={"User-Agent": PHONE})
    client.get(link, headers={"User-Agent": "Slackbot-LinkExpanding 1.0"})
    assert LinkGrant.objects.get().open_count == 0
    client.get(link, headers={"User-Agent": PHONE})
    assert LinkGrant.objects.get().open_count == 1


def test_options_are_reckoned_by_the_server(world: World, link: str) -> None:
    client = Client()
    page = client.get(link).content.decode()
    keys = re.findall(r'name="chosen" value="([0-9a-f-]{36})"', page)
    chosen = client.post(f"{link}choice/", {"chosen": keys}, headers=HTMX).content.decode()
    assert "1,018.53" in chosen
    assert hidden_hash(chosen) != hidden_hash(page)
    refused = client.post(f"{link}accept/", signed(page, chosen=keys))
    assert refused.status_code == 409
    client.post(f"{link}accept/", signed(chosen, chosen=keys))
    accepted = QuoteAcceptance.objects.get().version
    assert (accepted.version_no, accepted.gross_minor) == (2, 1_018_53)


def test_accepting_as_presented_and_again(world: World, link: str) -> None:
    client = Client()
    page = client.get(link).content.decode()
    chosen = re.findall(r'value="([0-9a-f-]{36})" checked', page)
    form = signed(page, chosen=chosen, purchase_order="PO-1")
    for _ in range(2):
        answer = client.post(f"{link}accept/", form, headers={"User-Agent": PHONE})
        assert (answer.status_code, answer["Location"]) == (303, link)
    acceptance = QuoteAcceptance.objects.get()
    assert (acceptance.purchase_order, acceptance.user_agent) == ("PO-1", PHONE)
    assert acceptance.ip_address == "127.0.0.1"
    done = client.get(link).content.decode()
    assert "Thank you, the quote is accepted." in done
    assert client.get(f"{link}accepted.pdf").content.startswith(b"%PDF-")
    assert client.get(f"{link}quote.pdf").content.startswith(b"%PDF-")


def test_what_was_typed_is_kept_when_something_is_missing(world: World, link: str) -> None:
    client = Client()
    form = signed(client.get(link).content.decode(), purchase_order="PO-77")
    del form["agree"]
    answer = client.post(f"{link}accept/", form)
    assert answer.status_code == 422
    assert b"PO-77" in answer.content
    assert b"Tick this box" in answer.content
    assert not QuoteAcceptance.objects.exists()


def test_an_old_page_leads_to_the_newest_version(world: World, link: str) -> None:
    client = Client()
    old = client.get(link).content.decode()
    chosen = re.findall(r'value="([0-9a-f-]{36})" checked', old)
    quote_id = Quote.objects.get().pk
    rep = world.actor("sales_rep")
    actions.new_version(actor=rep, now=world.now, quote_id=quote_id)
    revised = client.get(link).content
    assert b"We are working on a new version" in revised
    assert b'id="accept-form"' not in revised
    between = client.post(f"{link}accept/", signed(old, chosen=chosen))
    assert between.status_code == 409
    assert b"We are working on a new version" in between.content
    actions.set_terms(actor=rep, now=world.now, quote_id=quote_id, changes={"payment_days": 14})
    actions.present_quote(actor=rep, now=world.now, quote_id=quote_id)
    late = client.post(f"{link}accept/", signed(old, chosen=chosen))
    assert late.status_code == 409
    assert b"There is a newer version" in late.content
    assert not QuoteAcceptance.objects.exists()
    assert b"Version" not in late.content
    assert link.encode() in late.content


def test_an_expired_offer_says_so(world: World, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Client().get(link).content.decode()
    over = FixedClock(datetime(2026, 4, 1, 22, 0, tzinfo=UTC))
    monkeypatch.setattr(middleware, "clock", over)
    assert b"This quote was valid until" in Client().get(link).content
    chosen = re.findall(r'value="([0-9a-f-]{36})" checked', page)
    answer = Client().post(f"{link}accept/", signed(page, chosen=chosen))
    assert answer.status_code == 409
    assert b"This quote is no longer valid." in answer.content


def test_asking_and_declining(world: World, link: str) -> None:
    client = Client()
    client.post(f"{link}ask/", {"question": "How <b>long</b>?", "asker": "Kim"})
    body = client.get(link).content.decode()
    assert "How &lt;b&gt;long&lt;/b&gt;?" in body
    assert client.post(f"{link}ask/", {"question": " "}).status_code == 422
    client.post(f"{link}decline/", {"reason": "Too late"})
    assert Quote.objects.get().declined_reason == "Too late"
    assert b"You declined this quote." in client.get(link).content
    assert client.post(f"{link}decline/", {}).status_code == 409
    staff = browser(world)
    staff.post(f"/quote/{Quote.objects.get().pk}/answer/", keyed(body="Six weeks."))
    assert b"Six weeks." in client.get(link).content


def test_a_link_shown_once_is_kept_nowhere(world: World, link: str) -> None:
    client = browser(world)
    quote_id = Quote.objects.get().pk
    shown = client.post(f"/quote/{quote_id}/link/", keyed(to="", message=""))
    found = re.search(r"/offer/([A-Za-z0-9_-]{43})/", shown.content.decode())
    assert found is not None
    assert Client().get(f"/offer/{found[1]}/").status_code == 200
    client.post(f"/quote/{quote_id}/links/revoke/", keyed(2))
    assert Client().get(f"/offer/{found[1]}/").status_code == 404
    assert Client().get(link).status_code == 404


def test_an_opportunity_becomes_a_quote_in_one_click(world: World, shelf: Shelf) -> None:
    from handsel.attract.opportunity import actions as opportunities

    deal = opportunities.open_opportunity(
        actor=world.actor("sales_rep"),
        now=world.now,
        seller_id=world.seller.pk,
        name="Packing line 4",
        organization_id=world.customer.pk,
        person_id=world.buyer.pk,
    )
    answer = browser(world).post("/quote/new/", keyed(opportunity=deal.pk))
    quote = Quote.objects.get()
    assert answer["Location"] == f"/quote/{quote.pk}/"
    assert (quote.title, quote.opportunity_id, quote.person_id) == (
        "Packing line 4",
        deal.pk,
        world.buyer.pk,
    )
