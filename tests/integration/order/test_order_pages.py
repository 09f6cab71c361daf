"""The order desk's pages, as its people use them."""

import pytest
from django.test import Client
from django.urls import reverse

from handsel.commit.order import actions, queries
from handsel.commit.order.models import Order
from handsel.ground.party.models import Organization
from tests.support.order import Wanted, lines_of, make_product, placed_order, released_order
from tests.support.pages import sign_in, submit, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def desk(world: World) -> Client:
    return sign_in(world, "order_desk")


def url(name: str, *args: int) -> str:
    return reverse(f"order:{name}", args=args)


def test_the_list_shows_filters_and_searches(world, desk):
    belt = make_product(world)
    first, second = placed_order(world, Wanted(belt)), released_order(world, Wanted(belt))
    page = text_of(desk.get(url("list")))
    assert first.number in page
    assert second.number in page
    only = text_of(desk.get(url("list"), {"state": "released", "q": "brandt"}))
    assert first.number not in only
    assert second.number in only
    assert "No orders yet" not in text_of(desk.get(url("list"), {"q": "nobody"}))
    assert desk.get(url("list"), {"from": "x", "sort": "x", "q": "\x00"}).status_code == 200


def test_an_order_is_released_in_one_click(world, desk):
    order = placed_order(world, Wanted(make_product(world), "3", "99.99", list_price="120"))
    page = text_of(desk.get(url("record", order.pk)))
    assert "the value equals the accepted quote to the cent" in page
    assert f'action="{url("release", order.pk)}"' in page
    after = submit(desk, url("release", order.pk))
    assert "Released; the confirmation goes to the buyer" in text_of(after)
    order.refresh_from_db()
    assert order.state == "released"
    assert f"{reverse('fulfillment:ship')}?order={order.pk}" in text_of(after)


def test_the_same_click_twice_is_one_release(world, desk):
    order = placed_order(world, Wanted(make_product(world)))
    fields = {"idempotency_key": "the-same-form"}
    answers = [desk.post(url("release", order.pk), fields).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert submit(desk, url("release", order.pk)).status_code == 409


def test_a_held_order_says_why_and_who_may_ends_the_hold(world, desk):
    Organization.objects.filter(pk=world.customer.pk).update(credit_limit_minor=100)
    order = placed_order(world, Wanted(make_product(world)))
    page = text_of(desk.get(url("record", order.pk)))
    assert "Release is off" in page
    assert "119.00 would pass the limit of 1.00 EUR" in page
    (hold,) = queries.open_holds(order.pk)
    accountant = sign_in(world, "accountant")
    assert "Why may it go on?" in text_of(accountant.get(url("release_hold", order.pk, hold.pk)))
    submit(accountant, url("release_hold", order.pk, hold.pk), reason="paid in advance")
    assert queries.open_holds(order.pk) == []
    assert "paid in advance" in text_of(desk.get(url("record", order.pk)))


def test_holding_and_cancelling_ask_for_a_reason(world, desk):
    order = placed_order(world, Wanted(make_product(world)))
    dialog = desk.get(url("hold", order.pk), headers={"HX-Request": "true"})
    assert "<dialog" in dialog.content.decode()
    assert submit(desk, url("hold", order.pk), kind="manual", reason=" ").status_code == 422
    long = submit(desk, url("hold", order.pk), kind="manual", reason="why " * 100)
    assert long.status_code == 422 and "399 characters; at most 300" in text_of(long)
    assert queries.open_holds(order.pk) == []
    submit(desk, url("hold", order.pk), kind="deposit", reason="waits for the deposit")
    assert queries.open_holds(order.pk)[0].kind == "deposit"
    submit(desk, url("cancel", order.pk), reason="no budget")
    order.refresh_from_db()
    assert (order.state, order.cancelled_reason) == ("cancelled", "no budget")


def test_editing_keeps_what_was_typed_when_it_is_refused(world, desk):
    order = placed_order(world, Wanted(make_product(world)))
    form = {
        "purchase_order": "4500",
        "requested_on": "2026-04-01",
        "contact_name": "Kim",
        "contact_email": "kim@brandt.example",
        **{f"ship_to.{part}": value for part, value in order.ship_to.items()},
        **{f"bill_to.{part}": value for part, value in order.bill_to.items()},
    }
    wrong = submit(desk, url("edit", order.pk), **{**form, "ship_to.country": "Germany"})
    assert wrong.status_code == 422
    assert 'value="Germany"' in text_of(wrong)
    assert "two capital letters" in text_of(wrong)
    submit(desk, url("edit", order.pk), **form)
    order.refresh_from_db()
    assert (order.purchase_order, order.requested_on.isoformat()) == ("4500", "2026-04-01")


def test_comparing_the_purchase_order_line_by_line(world, desk):
    order = placed_order(world, Wanted(make_product(world), "3", "100"))
    (line,) = lines_of(order)
    page = text_of(desk.get(url("purchase_order", order.pk)))
    assert f'name="unit_price.{line.pk}" value="100"' in page
    form = {"number": "4500", f"quantity.{line.pk}": "3", f"unit_price.{line.pk}": "95"}
    after = text_of(submit(desk, url("purchase_order", order.pk), **form))
    assert "1 difference; the order is on hold" in after
    assert "price differs" in after
    form[f"unit_price.{line.pk}"] = "x"
    assert submit(desk, url("purchase_order", order.pk), **form).status_code == 422
    form[f"unit_price.{line.pk}"] = "100"
    after = text_of(submit(desk, url("purchase_order", order.pk), **form))
    assert "agrees in every line" in after
    assert queries.open_holds(order.pk) == []


def test_many_are_released_at_once_and_those_held_back_are_named(world, desk):
    belt = make_product(world)
    good, held = placed_order(world, Wanted(belt)), placed_order(world, Wanted(belt))
    actions.hold_order(
        actor=world.system, now=world.now, order_id=held.pk, kind="manual", reason="wrong item"
    )
    page = text_of(submit(desk, url("release_many"), ids=[good.pk, held.pk]))
    assert "1 order released" in page
    assert "wrong item" in page
    good.refresh_from_db()
    held.refresh_from_db()
    assert (good.state, held.state) == ("released", "placed")


def test_papers_and_the_way_from_the_quote(world, desk):
    order = released_order(world, Wanted(make_product(world)))
    assert desk.get(url("confirmation", order.pk)).status_code == 404
    actions.confirm_order(actor=world.system, now=world.now, order_id=order.pk)
    paper = desk.get(url("confirmation", order.pk))
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert desk.get(url("their_file", order.pk)).status_code == 404
    from_quote = desk.get(url("of_quote", order.quote_version.quote_id))
    assert from_quote["Location"] == url("record", order.pk)
    assert desk.get(url("of_quote", 999_999)).status_code == 404


def test_the_export_is_the_filtered_list(world, desk):
    order = placed_order(world, Wanted(make_product(world)))
    Organization.objects.filter(pk=world.customer.pk).update(name="=cmd()")
    rows = b"".join(desk.get(url("export")).streaming_content).decode()
    assert order.number in rows
    assert "'=cmd()" in rows


def test_foreign_orders_and_roles(world, desk):
    order = placed_order(world, Wanted(make_product(world)))
    rep = sign_in(world, "sales_rep")
    assert rep.get(url("record", order.pk)).status_code == 200
    assert submit(rep, url("release", order.pk)).status_code == 403
    assert rep.get(url("edit", order.pk)).status_code == 403
    Order.objects.filter(pk=order.pk).update(seller=world.foreign_seller)
    for name in ("record", "edit", "purchase_order", "confirmation"):
        assert desk.get(url(name, order.pk)).status_code == 404
    assert Client().get(url("list")).status_code == 302
