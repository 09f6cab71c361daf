"""Pages and API of prices that are asked, of targets and scenarios, and the buyer's choice."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from handsel.bid.price import actions as price
from handsel.bid.quote import actions, queries
from handsel.bid.quote.actions import NewLine, RampStep
from handsel.bid.quote.models import QuoteAcceptance, QuoteVersion
from handsel.bid.quote.queries.offer import shown_offer
from handsel.bid.quote.rules.sheet.edits import AddGroup, MoveLine, SetField
from handsel.bid.quote.rules.subscription import Subscription
from handsel.ground.kernel.clock import SystemClock
from tests.support.api import ApiClient
from tests.support.bid import make_quote, make_shelf
from tests.support.pages import sign_in, submit, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class House:
    """A quote of the machine's day: a belt, a stand, a visit and two belts to choose from."""

    def __init__(self) -> None:
        self.world: World = make_world(now=SystemClock().now())
        shelf = make_shelf(self.world.system, self.world.now)
        belt, stand, visit = shelf.belt.pk, shelf.stand.pk, shelf.visit.pk
        one = Decimal(1)
        lines = [
            NewLine(product_id=belt, quantity=Decimal(3), discount_bps=900),
            NewLine(product_id=stand, quantity=Decimal(2)),
            NewLine(product_id=visit, quantity=one, name="Care"),
            NewLine(product_id=belt, quantity=one, name="Blue", is_optional=True),
            NewLine(product_id=belt, quantity=Decimal(2), name="White", is_optional=True),
            NewLine(product_id=stand, quantity=one, name="Spare", is_optional=True),
        ]
        self.id = make_quote(self.world, shelf, lines=lines).quote_id
        self.act: dict[str, Any] = {
            "actor": self.world.actor("sales_rep"),
            "now": self.world.now,
            "quote_id": self.id,
        }
        self.keys = [line.key for line in self.lines]
        self.client = sign_in(self.world, "sales_rep")

    @property
    def version(self) -> QuoteVersion:
        return queries.get_version(self.world.actor("sales_rep"), self.id)

    @property
    def lines(self) -> list[queries.LineView]:
        return queries.lines_of(self.version.pk)

    def url(self, rest: str) -> str:
        return f"/quote/{self.id}/{rest}"


@pytest.fixture
def house() -> House:
    return House()


def test_a_term_and_a_price_by_hand_are_typed_into_the_dialog(house: House) -> None:
    url = house.url(f"lines/{house.keys[1]}/price/")
    page = text_of(house.client.get(url))
    assert "How it is paid" in page and "Own list price per unit" in page
    assert "quote-form" in text_of(house.client.get(url, headers=HTMX))
    form = {
        "charge": "recurring",
        "start_on": "2026-04-01",
        "end_on": "2027-03-31",
        "price_months": "12",
        "charge_months": "1",
        "convention": "",
    }
    refused = submit(house.client, url, **form, how="target_line", amount="45")
    assert refused.status_code == 422
    assert 'value="45"' in text_of(refused) and "reason" in text_of(refused)
    wrong = submit(house.client, url, **{**form, "end_on": "2027-03-30"})
    assert wrong.status_code == 422 and "whole periods" in text_of(wrong)
    submit(house.client, url, **form, how="target_line", amount="45", reason="Agreed by phone")
    line = house.lines[1]
    assert (line.net_minor, line.charge, line.asked["periods"]) == (45_00, "recurring", "12")
    again = text_of(house.client.get(url))
    assert 'value="2026-04-01"' in again and 'value="Agreed by phone"' in again
    why = text_of(house.client.get(house.url(f"1/why/{house.keys[1]}/")))
    assert "price by hand: Agreed by phone" in why and "every month, 12 times" in why


def test_a_share_of_other_lines_is_typed_in(house: House) -> None:
    url = house.url(f"lines/{house.keys[2]}/price/")
    form = {"charge": "one_time", "price_months": "12", "charge_months": "1"}
    submit(house.client, url, **form, percent="18", of="list", lines=[str(house.keys[0])])
    assert house.lines[2].net_minor == 73_17  # 18 % of 406.50
    wrong = submit(house.client, url, **form, percent="x")
    assert wrong.status_code == 422


def test_periods_are_typed_as_steps(house: House) -> None:
    url = house.url(f"lines/{house.keys[0]}/ramp/")
    form = {
        "start_on": "2026-04-01",
        "price_months": "12",
        "charge_months": "0",
        "convention": "ANNIV",
        "uplift": "3",
    }
    wrong = submit(house.client, url, **form, steps="12\t3\n12 times\t-3\t101 %\tx")
    shown = text_of(wrong)
    assert wrong.status_code == 422 and "12 times\t-3" in wrong.content.decode()
    for place, text in enumerate(("months", "quantity", "percentage", "price"), 1):
        assert re.search(f"Row 2, column {place}: Expected a[^.]* {text}", shown), text
    assert "Give at least one period." in text_of(submit(house.client, url, **form, steps="\n"))
    priced = submit(house.client, url, **form, steps="12\t3\n12\t6\t\t100")
    assert priced.status_code == 422  # a price of its own wants a reason
    steps = "12\t3\t9 %\r\n12\t6\t\t100\r\n"
    submit(house.client, url, **form, steps=steps, reason="Two years at once")
    first, second = house.lines[:2]
    assert (first.net_minor, second.net_minor) == (369_91, 618_00)
    page = house.client.get(url).content.decode()
    assert ">12\t3\t9\n12\t6\t\t100</textarea>" in page


def test_targets_and_codes_have_dialogs(house: House) -> None:
    submit(house.client, house.url("target/"), total="900", reason="Closing")
    assert house.version.net_minor == 900_00
    assert submit(house.client, house.url("target/"), total="800").status_code == 422
    submit(house.client, house.url("target/"), total="", reason="")
    assert house.version.target_minor is None
    submit(house.client, house.url("pricing/"), codes="SPRING, FAIR", partner="gold")
    assert house.version.pricing == {"codes": ["SPRING", "FAIR"], "partner": "gold"}
    assert "SPRING, FAIR" in text_of(house.client.get(house.url("")))


def test_a_target_no_line_can_bear_is_refused_in_the_readers_words(house: House) -> None:
    before = house.version.net_minor
    held = {name: {"discountable": False} for name in house.keys[:2]}
    for key, asked in held.items():
        actions.set_line_price(**house.act, line_key=key, asked=asked)
    house.client.cookies["django_language"] = "de"
    answer = submit(house.client, house.url("target/"), total="600,00", reason="Abschluss")
    shown = text_of(answer)
    assert answer.status_code == 422
    # 406.50 and 580.00 take no discount; 98.00 is all that could.
    assert "Der Rabatt auf das Ganze wäre 484,50 EUR, mehr als die 98,00 EUR" in shown
    assert house.version.target_minor is None and house.version.net_minor >= before


def test_scenarios_have_a_page(house: House) -> None:
    assert "No scenarios yet" in text_of(house.client.get(house.url("scenarios/")))
    for name, chosen in (("Lean", house.keys[3]), ("Rich", house.keys[4])):
        for key in house.keys[3:]:
            actions.set_line(**house.act, line_key=key, is_chosen=key == chosen)
        submit(house.client, house.url("scenarios/keep/"), name=name)
    page = text_of(house.client.get(house.url("scenarios/")))
    assert "Lines they differ in" in page and page.count("Offer this scenario") == 2
    answer = submit(house.client, house.url("scenarios/offer/"), name="Lean")
    assert "Offer all options again" in text_of(answer)
    assert [line.is_chosen for line in house.lines[3:]] == [True, False, False]
    assert "Offered" in text_of(house.client.get(house.url("")))
    submit(house.client, house.url("scenarios/remove/"), name="Rich")
    assert [one["name"] for one in house.version.scenarios] == ["Lean"]
    viewer = sign_in(house.world, "accountant")
    assert "Offer all options again" not in text_of(viewer.get(house.url("scenarios/")))


def ready(house: House) -> str:
    """The offer presented: groups, alternatives, a share of all lines, a ramp; its address."""
    belt, _stand, care, blue, white, spare = house.keys
    hall = UUID("00000000-0000-4000-8000-000000000001")
    edits = [AddGroup(group_key=hall, title="Hall 1"), MoveLine(line_key=belt, group_key=hall)]
    sets = [
        SetField(line_key=k, field="alternative_set", was="", now="Colour") for k in (blue, white)
    ]
    actions.apply_edits(**house.act, edits=[*edits, *sets])
    share = {"percent_of": {"percent": "10"}}
    actions.set_line_price(**house.act, line_key=care, asked=share)
    steps = [RampStep(months=12, quantity=Decimal(n)) for n in (1, 2)]
    actions.ramp_line(**house.act, line_key=spare, start_on=date(2026, 4, 1), steps=steps)
    path: str = actions.present_quote(**house.act, mail=False).link.split("/", 3)[3]
    return f"/{path}"


def test_the_buyer_chooses_alternatives_and_periods_and_accepts(house: House) -> None:
    link = ready(house)
    client = Client()
    page = client.get(link).content.decode()
    fixed = house.version.net_minor
    assert 'type="radio"' in page and "Subtotal Hall 1" in page and "10% of other lines" in page
    field = re.findall(r'name="(set-[0-9]+)"', page)[0]
    choice = {field: str(house.keys[4]), "chosen": [str(house.keys[5])]}
    seen = client.post(f"{link}choice/", choice, headers=HTMX).content.decode()
    shown = re.findall(r'name="content_hash" value="([0-9a-f]{64})"', seen)[0]
    signed = {"name": "Ada", "email": "ada@example.com", "agree": "on", "content_hash": shown}
    client.post(f"{link}accept/", {**choice, **signed})
    accepted = QuoteAcceptance.objects.get().version
    lines = {line.name: [] for line in queries.lines_of(accepted.pk)}
    for line in queries.lines_of(accepted.pk):
        lines[line.name].append((line.counts, line.net_minor))
    assert lines["Blue"] == [(False, 135_50)] and lines["White"] == [(True, 271_00)]
    # Both periods of the spare stand are taken, and care is a tenth of all of it.
    assert [counts for counts, _net in lines["Spare"]] == [True, True]
    others = accepted.net_minor - lines["Care"][0][1]
    assert lines["Care"][0][1] == round(others / 10)
    assert accepted.net_minor > fixed
    told = shown_offer(accepted).facts
    outer = {one["key"] for one in told["groups"] if "parent" not in one}
    loose = [one for one in told["lines"] if "group" not in one and one["is_chosen"]]
    assert (
        sum(told["subtotals"][key] for key in outer) + sum(one["net_minor"] for one in loose)
        == (told["totals"]["net_minor"])
    )
    assert [one["paid"]["segment"] for one in told["lines"] if "paid" in one] == [1, 2]


def test_what_is_refused_to_a_buyer_is_said_on_his_page(house: House) -> None:
    link = ready(house)
    client = Client()
    both = {"chosen": [str(house.keys[3]), str(house.keys[4])]}
    assert client.post(f"{link}choice/", both, headers=HTMX).status_code == 422
    price.agree_price(
        actor=house.world.system,
        now=house.world.now,
        organization_id=house.world.customer.pk,
        currency="EUR",
        discount_bps=5_000,
        valid_from=date(2026, 1, 1),
    )
    choice = {"set-1": str(house.keys[4])}
    answer = client.post(f"{link}choice/", choice, headers=HTMX)
    assert "can no longer be priced as it was offered" in answer.content.decode()
    assert client.get(link).status_code == 200


def test_the_api_says_and_tells_all_of_it(house: House) -> None:
    api = ApiClient(house.world, "sales_rep")

    def call(path: str, body: dict[str, Any]) -> int:
        return api.post(f"/quote/{house.id}/{path}", body)[0]

    term = Subscription(start_on=date(2026, 4, 1), end_on=date(2027, 3, 31), charge_months=3)
    body = {"charge": "recurring", "asked": term.asked()}
    assert call(f"lines/{house.keys[1]}/price", body) == 200
    path = f"lines/{house.keys[1]}/price"
    assert call(path, {"asked": {"manual": {"target_line": 1.5}}, "charge": "one_time"}) == 422
    assert call(path, {"asked": {"discount": "5"}}) == 422
    steps = [{"quantity": "1"}, {"months": 6, "quantity": "2", "discount_bps": 500}]
    ramp = {"start_on": "2026-04-01", "steps": steps}
    assert call(f"lines/{house.keys[0]}/ramp", ramp) == 200
    assert call("target", {"total": "500.00", "reason": "Closing"}) == 200
    assert call("pricing", {"codes": ["SPRING"]}) == 200
    actions.set_line(**house.act, line_key=house.keys[3], is_chosen=True)
    assert call("scenarios", {"name": "Lean"}) == 200
    assert call("scenarios/offer", {"name": "Lean"}) == 200
    told = api.get(f"/quote/{house.id}/scenarios")[1]
    assert (told["scenarios"][0]["name"], told["scenarios"][0]["is_offered"]) == ("Lean", True)
    assert told["scenarios"][0]["net"] == {"amount": "500.00", "currency": "EUR"}
    assert [one["charge"] for one in told["scenarios"][0]["sums"]["charges"]] == [
        "one_time",
        "recurring",
    ]
    record = api.get(f"/quote/{house.id}")[1]
    assert record["quote"]["version"]["target"]["amount"] == "500.00"
    assert record["lines"][0]["asked"]["ramp"]["count"] == "2"
    assert [one["charge"] for one in record["sums"]["charges"]] == ["one_time", "recurring"]
    assert call("scenarios/remove", {"name": "Lean"}) == 200
