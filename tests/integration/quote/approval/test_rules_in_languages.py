"""What a rule of approval is called in the languages of those who read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from handsel.bid.quote import actions
from handsel.bid.quote.errors import ApprovalNeeded, BadCondition
from handsel.bid.quote.models import ApprovalAsk, ApprovalRule
from handsel.ground.document.models import Mail
from handsel.ground.kernel.names import named, texts_of
from handsel.ground.party import actions as party
from handsel.ground.platform.actor import Actor
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.calls import api_of
from tests.support.pages import sign_in, submit, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

LINE = {"en": "Line discount", "de": "Rabatt auf Positionen"}
CONDITION = {"any_line": {"fact": "line.discount", "op": ">", "value": "5"}}
STEPS: list[dict[str, Any]] = [{"approvers": [{"role": "sales_manager"}], "hours": 8}]


@pytest.fixture(autouse=True)
def whose_language() -> Iterator[None]:
    """What a page was read in is not what the next test is told in."""
    yield
    translation.deactivate()


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def make_rule(world: World, name: str = "") -> ApprovalRule:
    return actions.set_rule(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        name=name or named(LINE),
        condition=CONDITION,
        steps=STEPS,
    )


def test_a_rule_is_named_in_the_language_of_whoever_asks(world: World, shelf: Shelf) -> None:
    make_rule(world)
    version = make_quote(world, shelf)
    act = {"actor": world.actor("sales_rep"), "now": world.now, "quote_id": version.quote_id}
    with pytest.raises(ApprovalNeeded) as needed:
        actions.present_quote(**act)
    for language, name in LINE.items():
        with translation.override(language):
            assert f"{name}: " in needed.value.message
    request = actions.request_approval(**act, comment="please")
    (ask,) = ApprovalAsk.objects.filter(request=request)
    assert ask.reasons[0]["rule_name"] == "Line discount"
    assert ask.reasons[0]["rule_name_texts"] == LINE
    client = sign_in(world, "sales_manager")
    for language, other in (("de", "en"), ("en", "de")):
        client.cookies["django_language"] = language
        for address in ("/quote/approvals/", f"/quote/approvals/{ask.pk}/"):
            page = text_of(client.get(address))
            assert LINE[language] in page
            assert LINE[other] not in page


def test_the_mail_names_the_rule_in_the_approvers_language(world: World, shelf: Shelf) -> None:
    user = world.users["sales_manager"]
    user.language = "de"
    user.save(update_fields=["language"])
    make_rule(world)
    version = make_quote(world, shelf)
    actions.request_approval(
        actor=world.actor("sales_rep"), now=world.now, quote_id=version.quote_id, comment=""
    )
    mail = Mail.objects.get(template="approval_asked")
    assert LINE["de"] in mail.body_text
    assert LINE["en"] not in mail.body_text


def test_a_name_is_entered_in_each_language_and_frozen(world: World) -> None:
    client = sign_in(world, "sales_manager")
    typed = {
        "name": " Large  deal ",
        "name_de": "Großer Auftrag",
        "seller_id": str(world.seller.pk),
        "fact_0": "payment_days",
        "op_0": ">",
        "value_0": "60",
        "whom_0": "role:sales_manager",
    }
    submit(client, "/quote/approvals/rules/new/", **typed)
    rule = ApprovalRule.objects.get(name="Large deal")
    assert dict(texts_of(rule.called)) == {"en": "Large deal", "de": "Großer Auftrag"}
    assert 'value="Großer Auftrag"' in text_of(client.get(f"/quote/approvals/rules/{rule.pk}/"))
    with pytest.raises(DatabaseError), transaction.atomic():
        ApprovalRule.objects.filter(pk=rule.pk).update(name_texts={"de": "Anders"})
    with pytest.raises(BadCondition):
        make_rule(world, named({"en": "Short", "de": "x" * 121}))


def test_the_api_takes_a_name_by_language(world: World) -> None:
    api = api_of(world, "sales_manager")
    body: dict[str, Any] = {
        "seller_id": world.seller.pk,
        "condition": CONDITION,
        "steps": STEPS,
    }
    status, made = api.post("/quote/approvals/rules", name=LINE, **body)
    assert (status, made["name"], made["name_texts"]) == (201, "Line discount", LINE)
    status, plain = api.post("/quote/approvals/rules", name="Plain", **body)
    assert (status, plain["name"], plain["name_texts"]) == (201, "Plain", {})
    assert api.post("/quote/approvals/rules", name={"english": "x"}, **body)[0] == 422


def test_rules_of_several_sellers_say_whose_they_are(world: World) -> None:
    both = (world.seller, world.foreign_seller)
    maker = Actor.system("test", seller_ids=[one.pk for one in both])
    for seller in both:
        actions.set_rule(
            actor=maker,
            now=world.now,
            seller_id=seller.pk,
            name=named(LINE),
            condition=CONDITION,
            steps=STEPS,
        )
    client, user_id = sign_in(world, "sales_manager"), world.users["sales_manager"].pk
    address = "/quote/approvals/rules/"
    assert "panel-hint" not in text_of(client.get(address))
    party.add_seller_member(
        actor=world.system, now=world.now, seller_id=both[1].pk, user_id=user_id
    )
    page = text_of(client.get(address))
    for seller in both:
        assert f'panel-hint">{seller.name}' in page
