"""The JSON API of the order desk."""

import base64
from datetime import timedelta

import pytest

from handsel.commit.order import actions
from handsel.commit.order.models import Order
from tests.support.api import ApiClient
from tests.support.order import Wanted, lines_of, make_product, placed_order, released_order
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def desk(world: World) -> ApiClient:
    return ApiClient(world, "order_desk")


def test_an_order_is_read_with_its_lines_checks_and_holds(world, desk):
    order = placed_order(world, Wanted(make_product(world), "3", "99.99"))
    status, body = desk.get(f"/order/{order.pk}")
    assert status == 200
    assert body["order"]["gross"] == {"amount": "356.96", "currency": "EUR"}
    assert body["lines"][0]["net"]["amount"] == "299.97"
    assert (body["lines"][0]["delivered"], body["lines"][0]["invoiced"]) == ("0", "0")
    status, found = desk.get(f"/order/{order.pk}/checks")
    assert status == 200
    assert {one["severity"] for one in found} == {"ok"}
    assert [one["code"] for one in found][-1] == "credit"


def test_lists_filter_and_continue(world, desk):
    belt = make_product(world)
    made = [placed_order(world, Wanted(belt)) for _ in range(3)]
    for n, order in enumerate(made):
        Order.objects.filter(pk=order.pk).update(placed_at=world.now + timedelta(minutes=n))
    actions.hold_order(
        actor=world.system, now=world.now, order_id=made[0].pk, kind="manual", reason="wait"
    )
    _, first = desk.get("/order/", limit=2)
    assert [row["id"] for row in first["rows"]] == [made[2].pk, made[1].pk]
    _, rest = desk.get("/order/", limit=2, cursor=first["next_cursor"])
    assert [row["id"] for row in rest["rows"]] == [made[0].pk]
    assert rest["next_cursor"] == ""
    for query, expected in (
        ({"held": True}, [made[0].pk]),
        ({"q": made[1].number.lower()}, [made[1].pk]),
        ({"q": "brandt", "state": "released"}, []),
        ({"q": "PO-47"}, [made[2].pk, made[1].pk, made[0].pk]),
    ):
        assert [row["id"] for row in desk.get("/order/", **query)[1]["rows"]] == expected
    for wrong in ({"cursor": "x"}, {"state": "lost"}, {"cursor": "_1"}, {"limit": 0}):
        assert desk.get("/order/", **wrong)[0] == 422


def test_release_once_and_read_the_confirmation(world, desk):
    order = placed_order(world, Wanted(make_product(world)))
    assert desk.get(f"/order/{order.pk}/confirmation")[0] == 404
    status, body = desk.post(f"/order/{order.pk}/release", key="release-1")
    assert (status, body["state"]) == (200, "released")
    assert desk.post(f"/order/{order.pk}/release", key="release-1") == (200, body)
    status, problem = desk.post(f"/order/{order.pk}/release")
    assert (status, problem["code"]) == (409, "order_state")
    actions.confirm_order(actor=world.system, now=world.now, order_id=order.pk)
    status, file = desk.get(f"/order/{order.pk}/confirmation")
    assert status == 200
    assert base64.b64decode(file["content_base64"]).startswith(b"%PDF-")


def test_revise_hold_and_cancel(world, desk):
    order = placed_order(world, Wanted(make_product(world)))
    status, body = desk.post(
        f"/order/{order.pk}/revise", {"purchase_order": "4500", "requested_on": "2026-04-01"}
    )
    assert (status, body["purchase_order"], body["requested_on"]) == (200, "4500", "2026-04-01")
    assert desk.post(f"/order/{order.pk}/revise", {"requested_on": ""})[1]["requested_on"] is None
    assert desk.post(f"/order/{order.pk}/revise", {"gross": 1})[0] == 422
    assert desk.post(f"/order/{order.pk}/revise", {"requested_on": "1.4.26"})[0] == 422
    status, hold = desk.post(
        f"/order/{order.pk}/holds", {"kind": "deposit", "reason": "waits for the deposit"}
    )
    assert status == 201
    status, problem = desk.post(f"/order/{order.pk}/release")
    assert (status, problem["code"]) == (409, "order_held")
    accountant = ApiClient(world, "accountant")
    ended = accountant.post(f"/order/{order.pk}/holds/{hold['id']}/release", {"reason": "paid"})
    assert ended[0] == 200
    status, body = desk.post(f"/order/{order.pk}/cancel", {"reason": "no budget"})
    assert (status, body["state"], body["cancelled_reason"]) == (200, "cancelled", "no budget")


def test_a_purchase_order_with_a_lower_price(world, desk):
    order = placed_order(world, Wanted(make_product(world), "3", "100"))
    (line,) = lines_of(order)
    body = {
        "number": "4500",
        "lines": [{"line_id": line.pk, "quantity": "3", "unit_price": "95.00"}],
    }
    status, answer = desk.post(f"/order/{order.pk}/purchase-order", body)
    assert status == 200
    assert answer["differences"] == [
        {"kind": "price", "line_id": line.pk, "ours": "100", "theirs": "95"}
    ]
    assert desk.get(f"/order/{order.pk}/purchase-order")[1] == answer
    for wrong in (
        {**body, "lines": []},
        {**body, "number": ""},
        {**body, "lines": [{**body["lines"][0], "quantity": "-1"}]},
        {**body, "lines": [{**body["lines"][0], "quantity": "NaN"}]},
        {**body, "lines": body["lines"] * 2},
    ):
        assert desk.post(f"/order/{order.pk}/purchase-order", wrong)[0] == 422
    foreign = {**body, "lines": [{**body["lines"][0], "line_id": line.pk + 99}]}
    assert desk.post(f"/order/{order.pk}/purchase-order", foreign)[0] == 404


def test_who_may_not(world):
    order = released_order(world, Wanted(make_product(world)))
    rep = ApiClient(world, "sales_rep")
    assert rep.get(f"/order/{order.pk}")[0] == 200
    for path, body in (
        ("release", None),
        ("cancel", {"reason": "x"}),
        ("holds", {"reason": "x"}),
        ("revise", {}),
    ):
        assert rep.post(f"/order/{order.pk}/{path}", body)[0] == 403


def test_foreign_and_missing_orders_look_the_same(world, desk):
    order = placed_order(world, Wanted(make_product(world)))
    Order.objects.filter(pk=order.pk).update(seller=world.foreign_seller)
    for key in (order.pk, order.pk + 999):
        answers = [desk.get(f"/order/{key}{part}") for part in ("", "/checks", "/confirmation")]
        answers += [
            desk.post(f"/order/{key}/release"),
            desk.post(f"/order/{key}/cancel", {"reason": "x"}),
        ]
        assert {status for status, _ in answers} == {404}
        assert {problem["detail"] for _, problem in answers} == {"this order does not exist"}
