"""Pages and API of copies, splits, merges, templates, proposals and guidance."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from handsel.attract.opportunity import actions as opportunities
from handsel.bid.quote import actions, queries
from handsel.bid.quote.models import ProposalTemplate, Quote, QuoteTemplate
from handsel.ground.identity import actions as identity
from handsel.ground.kernel.clock import FixedClock
from handsel.site import middleware
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = make_world()
    monkeypatch.setattr(middleware, "clock", FixedClock(made.now))
    yield made


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def browser(world: World, role: str = "sales_rep") -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def test_copy_split_merge_by_page(world: World, shelf: Shelf) -> None:
    client, version = browser(world), make_quote(world, shelf)
    page = f"/quote/{version.quote_id}/"
    for part in ("", "copy/", "split/", "merge/", "keep-template/", "proposal/", "guidance/"):
        assert client.get(page + part).status_code == 200, part
    assert b"Too few deals" in client.get(f"{page}guidance/").content
    copied = client.post(f"{page}copy/", {"idempotency_key": "copying-page-1", "title": "Second"})
    assert Quote.objects.get(title="Second").pk == int(copied["Location"].split("/")[-2])
    keys = [str(line.key) for line in queries.lines_of(version.pk)]
    client.post(
        f"{page}split/", {"idempotency_key": "copying-page-2", "line": keys[:1], "title": "Part"}
    )
    part = Quote.objects.get(title="Part")
    merged = client.post(f"{page}merge/", {"idempotency_key": "copying-page-3", "other": part.pk})
    assert merged["Location"] == page
    part.refresh_from_db()
    assert part.state == "withdrawn"
    client.post(f"{page}split/", {"idempotency_key": "copying-page-4"})
    refused = client.get(f"{page}split/")
    assert b"some of the lines" in refused.content
    assert browser(world, "accountant").post(f"{page}copy/").status_code == 403


def test_a_template_is_found_from_an_opportunity_and_begun_for_it(
    world: World, shelf: Shelf
) -> None:
    client, version = browser(world), make_quote(world, shelf)
    client.post(
        f"/quote/{version.quote_id}/keep-template/",
        {"idempotency_key": "copying-page-5", "name": "Start"},
    )
    assert b"/quote/templates/" in client.get("/quote/").content
    deal = opportunities.open_opportunity(
        actor=world.actor("sales_rep"),
        now=world.now,
        seller_id=world.seller.pk,
        name="Hall 3",
        organization_id=world.customer.pk,
    )
    asked = client.get(f"/opportunity/{deal.pk}/").content.decode()
    there = f"/quote/templates/?opportunity={deal.pk}"
    assert there in asked
    template = QuoteTemplate.objects.get(name="Start")
    begin = f"/quote/templates/{template.pk}/begin/"
    assert f"{begin}?opportunity={deal.pk}" in client.get(there).content.decode()
    form = client.get(f"{begin}?opportunity={deal.pk}").content.decode()
    assert world.customer.name in form
    assert 'name="organization"' not in form
    client.post(begin, {"idempotency_key": "copying-page-6", "opportunity": deal.pk})
    made = Quote.objects.get(opportunity=deal)
    assert (made.organization_id, made.title) == (world.customer.pk, "Start")


def test_a_template_is_begun_for_nobody_by_accident(world: World, shelf: Shelf) -> None:
    client, version = browser(world), make_quote(world, shelf)
    client.post(
        f"/quote/{version.quote_id}/keep-template/",
        {"idempotency_key": "copying-page-7", "name": "Start"},
    )
    begin = f"/quote/templates/{QuoteTemplate.objects.get(name='Start').pk}/begin/"
    assert '<option value="">' in client.get(begin).content.decode()
    client.post(begin, {"idempotency_key": "copying-page-8", "organization": ""})
    assert Quote.objects.count() == 1


def test_templates_by_page(world: World, shelf: Shelf) -> None:
    client, version = browser(world), make_quote(world, shelf)
    kept = client.post(
        f"/quote/{version.quote_id}/keep-template/",
        {"idempotency_key": "copying-page-1", "name": "Start"},
    )
    assert kept["Location"] == "/quote/templates/"
    assert b"Start" in client.get("/quote/templates/").content
    template = QuoteTemplate.objects.get(name="Start")
    begin = f"/quote/templates/{template.pk}/begin/"
    assert client.get(begin).status_code == 200
    fields = {
        "idempotency_key": "copying-page-2",
        "organization": world.customer.pk,
        "title": "Begun",
    }
    client.post(begin, fields)
    assert Quote.objects.filter(title="Begun").exists()
    client.post(f"/quote/templates/{template.pk}/end/", {"idempotency_key": "copying-page-3"})
    assert b"Start" not in client.get("/quote/templates/").content


def test_a_proposal_by_page(world: World, shelf: Shelf) -> None:
    client, version = browser(world), make_quote(world, shelf)
    assert client.get("/quote/proposals/").status_code == 200
    assert b"{block cover}" in client.get("/quote/proposals/new/").content
    wrong = {"idempotency_key": "copying-page-1", "name": "Ours", "body": "Hello\n {nobody}"}
    refused = client.post("/quote/proposals/new/", wrong)
    assert refused.status_code == 422
    assert b"Line 2, column 2" in refused.content
    body = "# Offer {quote.number}\n{block lines}{block totals}"
    saved = client.post(
        "/quote/proposals/new/", {"idempotency_key": "copying-page-2", "name": "Ours", "body": body}
    )
    address = saved["Location"]
    assert b"Show as PDF" in client.get(address).content
    preview = client.get(f"{address}preview.pdf", {"quote": version.quote_id, "language": "de"})
    assert preview.content.startswith(b"%PDF-")
    # What quotes go out with is the house's word, not that of who writes one of them.
    publish = (f"{address}publish/", {"idempotency_key": "copying-page-3"})
    assert b"publish/" not in client.get(address).content
    assert client.post(*publish).status_code == 403
    assert browser(world, "sales_manager").post(*publish).status_code == 303
    template = ProposalTemplate.objects.get(name="Ours")
    assert template.state == "published"
    client.post(
        f"/quote/{version.quote_id}/proposal/",
        {"idempotency_key": "copying-page-4", "template": template.pk},
    )
    assert client.get(f"/quote/{version.quote_id}/1/pdf/").content.startswith(b"%PDF-")


def test_each_command_by_api(world: World, shelf: Shelf) -> None:
    _key, token = identity.create_api_key(
        actor=world.system, now=world.now, user_id=world.users["sales_rep"].pk, label="test"
    )
    client, calls = Client(headers={"Authorization": f"Bearer {token}"}), iter(range(100))

    def post(path: str, **body: Any) -> Any:
        answer = client.post(
            f"/api/quote{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": f"copying-{next(calls):04d}"},
        )
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    version = make_quote(world, shelf)
    at = f"/{version.quote_id}"
    copy = post(f"{at}/copy", title="By program")
    keys = [str(line.key) for line in queries.lines_of(version.pk)]
    part = post(f"{at}/split", line_keys=keys[1:])
    merged = post(f"{at}/merge", other_id=part["id"])
    assert merged["version"]["net"] == copy["version"]["net"]
    kept = post(f"{at}/keep-template", name="API")
    assert client.get("/api/quote/templates").json()[0]["line_count"] == 2
    post(f"/templates/{kept['id']}/begin", organization_id=world.customer.pk)
    post(f"/templates/{kept['id']}/end")
    text = post("/proposals", name="P", body="{quote.net}")
    publish = f"/api/quote/proposals/{text['id']}/publish"
    given = {"content_type": "application/json", "headers": {"Idempotency-Key": "copying-pub1"}}
    assert client.post(publish, "{}", **given).status_code == 403
    manager = Client()
    manager.force_login(world.users["sales_manager"])
    assert manager.post(publish, "{}", **given).status_code == 200
    post(f"{at}/proposal", template_id=text["id"])
    assert client.get("/api/quote/proposals").json()[0]["state"] == "published"
    told = client.get(f"/api/quote{at}/guidance").json()
    assert told["is_enough"] is False


def test_the_comparison_tells_price_steps_and_documents(world: World, shelf: Shelf) -> None:
    client, version = browser(world), make_quote(world, shelf)
    rep, quote_id = world.actor("sales_rep"), version.quote_id
    actions.present_quote(actor=rep, now=world.now, quote_id=quote_id)
    actions.new_version(actor=rep, now=world.now, quote_id=quote_id)
    line = queries.lines_of(version.pk)[0]
    actions.set_line(
        actor=rep, now=world.now, quote_id=quote_id, line_key=line.key, discount_bps=1000
    )
    page = client.get(f"/quote/{quote_id}/compare/?before=1&after=2").content.decode()
    assert "How the price came about" in page
    assert "Documents and prices" in page
    assert "Content (SHA-256)" in page
