"""One model, three readers: the house, a dealer with his prices, a visitor with list or none."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from handsel.bid.configure import actions
from handsel.bid.configure.models import Configuration, ConfigurationModel
from handsel.bid.configure.queries.proofs import proof_told
from handsel.bid.configure.rules.complete import Completion
from handsel.bid.price import actions as price
from handsel.ground.kernel.errors import Invalid
from handsel.ground.party.models import Organization
from tests.support.halden_prices import CASE_A, Conveyors, configured, make_conveyors
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

LIST = "9179.52"
DEALER = "6976.44"  # 24 % off the list


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def conveyors(world: World) -> Conveyors:
    made = make_conveyors(world.system, world.now)
    price.agree_price(
        actor=world.system,
        now=world.now,
        organization_id=world.customer.pk,
        currency="EUR",
        valid_from=date(2026, 1, 1),
        product_group="conveyors",
        discount_bps=2400,
        label="Dealer tier 2",
    )
    return made


@pytest.fixture
def incline(world: World, conveyors: Conveyors) -> Configuration:
    """Case A of the reference, all but finished."""
    rep = world.actor("sales_rep")
    begun = actions.begin_configuration(actor=rep, now=world.now, model_id=conveyors.model.pk)
    for variable, value in CASE_A.items():
        actions.decide(
            actor=rep, now=world.now, configuration_id=begun.pk, variable=variable, value=value
        )
    return begun


def link(world: World, one: Configuration, prices: str, organization_id: int | None = None) -> str:
    return actions.share_configuration(
        actor=world.actor("sales_rep"),
        now=world.now,
        configuration_id=one.pk,
        recipient="somebody",
        may_decide=True,
        prices=prices,
        organization_id=organization_id,
        days=36_500,
    )


def ask(token: str, name: str = "state", **asked: str) -> Any:
    return Client().get(f"/configuration/{token}/data/{name}/", asked)


def test_a_dealers_link_shows_what_the_dealer_pays(world: World, incline: Configuration) -> None:
    token = link(world, incline, "own", world.customer.pk)
    shown = ask(token).json()["price"]
    assert shown["title"] == "Your price"
    assert shown["total"] == DEALER
    assert shown["list"] == "9,179.52 EUR"
    assert shown["rows"][-1] == {"label": "Your terms", "amount": "-2203.08", "shown": "-2,203.08"}
    assert "Dealer tier 2" not in json.dumps(shown)


def test_a_dealers_repairs_and_proposals_are_in_his_prices(
    world: World, incline: Configuration
) -> None:
    token = link(world, incline, "own", world.customer.pk)
    told = ask(token, "why", variable="surface", value="smooth").json()
    changes = {one["price_change"] for one in told["repairs"]}
    assert changes and all("EUR" in one for one in changes)
    at_list = link(world, incline, "list")
    others = ask(at_list, "why", variable="surface", value="smooth").json()
    assert changes != {one["price_change"] for one in others["repairs"]}


def test_a_link_at_list_never_shows_what_a_dealer_pays(
    world: World, incline: Configuration
) -> None:
    actions.set_customer(
        actor=world.system,
        now=world.now,
        configuration_id=incline.pk,
        organization_id=world.customer.pk,
    )
    token = link(world, incline, "list")
    for name in ("state", "alternatives"):
        assert "6976" not in ask(token, name).content.decode().replace(",", "")
    assert ask(token).json()["price"]["total"] == LIST
    assert ask(token).json()["price"]["list"] == ""


def test_a_dealer_keeps_his_prices_when_it_is_configured_for_another(
    world: World, incline: Configuration
) -> None:
    token = link(world, incline, "own", world.customer.pk)
    actions.set_customer(
        actor=world.system, now=world.now, configuration_id=incline.pk, organization_id=None
    )
    assert ask(token).json()["price"]["total"] == DEALER


@pytest.mark.parametrize("name", ["state", "alternatives", "why"])
def test_a_link_without_prices_shows_no_amount_anywhere(
    world: World, incline: Configuration, name: str
) -> None:
    token = link(world, incline, "none")
    answer = ask(token, name, variable="surface", value="smooth")
    assert answer.status_code == 200
    assert "EUR" not in answer.content.decode()
    assert ask(token).json()["price"] is None


def test_the_public_sees_list_prices_or_none_as_the_model_says(
    world: World, conveyors: Conveyors
) -> None:
    ConfigurationModel.objects.update(is_public=True)
    begun = Client().post("/configure-it/halden-conveyor/")
    token = begun["Location"].split("/")[2]
    assert ask(token).json()["price"]["title"] == "List price"
    ConfigurationModel.objects.update(public_prices=False)
    assert ask(token).json()["price"] is None
    assert "EUR" not in ask(token, "alternatives").content.decode()


def test_the_house_sees_the_customers_price_and_a_quote_says_the_same(
    world: World, conveyors: Conveyors
) -> None:
    rep = world.actor("sales_rep")
    made = configured(rep, world.now, conveyors.model)
    copy = actions.copy_configuration(actor=rep, now=world.now, configuration_id=made.pk)
    actions.set_customer(
        actor=rep, now=world.now, configuration_id=copy.pk, organization_id=world.customer.pk
    )
    client = Client()
    client.force_login(world.users["sales_rep"], backend="handsel.site.signed_in.Backend")
    shown = client.get(f"/configure/{copy.pk}/data/state/").json()["price"]
    assert shown["total"] == DEALER
    assert shown["title"] == f"Price for {world.customer.name}"


def test_no_answer_of_the_configurator_says_cost_or_margin(
    world: World, incline: Configuration
) -> None:
    token = link(world, incline, "own", world.customer.pk)
    for name in ("state", "alternatives"):
        text = ask(token, name).content.decode().lower()
        assert "margin" not in text and "cost" not in text


@pytest.mark.parametrize(
    ("prices", "has_organization"), [("own", False), ("list", True), ("net", False)]
)
def test_a_link_says_whose_prices_it_shows(
    world: World, incline: Configuration, prices: str, has_organization: bool
) -> None:
    whose = world.customer.pk if has_organization else None
    with pytest.raises(Invalid):
        link(world, incline, prices, whose)


def test_another_organization_pays_list(world: World, incline: Configuration) -> None:
    other = Organization.objects.create(
        name="Other", country="DE", currency="EUR", created_at=world.now
    )
    token = link(world, incline, "own", other.pk)
    assert ask(token).json()["price"]["total"] == LIST


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.users[role], backend="handsel.site.signed_in.Backend")
    return client


def test_what_is_begun_from_a_quote_is_priced_for_its_customer(
    world: World, conveyors: Conveyors
) -> None:
    client, customer = signed_in(world, "sales_rep"), world.customer.pk
    page = client.get(f"/configure/?quote=7&customer={customer}").content.decode()
    assert f'name="customer" value="{customer}"' in page
    begun = client.post(
        f"/configure/new/{conveyors.model.pk}/",
        {"quote": "7", "customer": str(customer), "idempotency_key": "from-quote-0001"},
    )
    assert begun.status_code == 303
    one = Configuration.objects.get()
    assert one.organization_id == customer
    assert client.post(f"/configure/{one.pk}/customer/", {"organization": ""}).status_code == 303
    one.refresh_from_db()
    assert one.organization_id is None


def test_a_link_is_given_out_with_the_prices_that_were_chosen(
    world: World, incline: Configuration
) -> None:
    client = signed_in(world, "sales_rep")
    given = client.post(
        f"/configure/{incline.pk}/share/",
        {"recipient": "Dealer", "prices": "own", "organization": str(world.customer.pk)},
    )
    token = given.content.decode().split("/configuration/")[1].split("/")[0]
    assert ask(token).json()["price"]["total"] == DEALER
    assert (
        client.post(
            f"/configure/{incline.pk}/share/", {"recipient": "x", "prices": "own"}
        ).status_code
        == 422
    )


def test_a_modeller_takes_prices_from_the_public(world: World, conveyors: Conveyors) -> None:
    client, here = signed_in(world, "product_modeller"), f"/configure/models/{conveyors.model.pk}/"
    assert "Visitors see list prices" in client.get(f"{here}settings/").content.decode()
    kept = client.post(
        f"{here}settings/", {"title": "Conveyor", "sku": "HALDEN-BC", "public": "on"}
    )
    assert kept.status_code == 303
    model = ConfigurationModel.objects.get()
    assert (model.title, model.is_public, model.public_prices) == ("Conveyor", True, False)
    wrong = client.post(f"{here}settings/", {"title": "Conveyor", "sku": "NONE", "public": "on"})
    assert wrong.status_code == 422
    assert "an article of the catalog" in wrong.content.decode()


def test_the_cheapest_is_told_with_its_proof(world: World, conveyors: Conveyors) -> None:
    rep = world.actor("sales_rep")
    begun = actions.begin_configuration(actor=rep, now=world.now, model_id=conveyors.model.pk)
    client = Client()
    client.force_login(world.users["sales_rep"])
    here = f"/configure/{begun.pk}/data/"
    told = {}
    for by in ("preference", "cheapest", "fastest"):
        answer = client.post(f"{here}complete/", {"by": by}, content_type="application/json")
        told[by] = answer.json()["note"]
        client.post(f"{here}undo/", {}, content_type="application/json")
    assert told["preference"] == ""
    assert told["cheapest"] == "Proved: no valid product with these choices has a lower list price."
    assert told["fastest"] == "Proved: no valid product with these choices is delivered sooner."


@pytest.mark.parametrize(("currency", "amount"), [("EUR", "12.50 EUR"), ("", "")])
def test_a_gap_that_is_left_is_told_to_who_sees_prices(currency: str, amount: str) -> None:
    found = Completion({}, amount=10_000, bound=8_750, proof="gap")
    told = proof_told("cheapest", found, currency, "en")
    assert "not proved" in told.lower()
    assert amount in told and ("12.50" in told) == bool(amount)


def test_what_is_priced_is_named_in_the_readers_language(
    world: World, incline: Configuration
) -> None:
    token = link(world, incline, "list")
    german = Client(headers={"Accept-Language": "de"})
    labels = []
    for client in (german, Client()):
        price_told = client.get(f"/configuration/{token}/data/state/").json()["price"]
        labels.append([row["label"] for row in price_told["rows"]])
    assert labels[0][:3] == ["Bahnkörper", "Gestell", "Gurt"]
    assert labels[1][:3] == ["Deck", "Frame", "Belt"]
