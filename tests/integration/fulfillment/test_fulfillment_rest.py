"""The JSON API of the warehouse."""

import base64

import pytest

from handsel.deliver.fulfillment.models import Shipment, Warehouse
from tests.support.api import ApiClient
from tests.support.order import Wanted, lines_of, make_product, released_order
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def hands(world: World) -> ApiClient:
    return ApiClient(world, "production")


@pytest.fixture
def hall(hands: ApiClient) -> int:
    status, body = hands.post("/fulfillment/warehouses", {"name": "Hall 1"})
    assert status == 201
    return body["id"]


def receive(hands, hall, product, quantity):
    return hands.post(
        "/fulfillment/receipts",
        {"warehouse_id": hall, "product_id": product.pk, "quantity": quantity},
    )


def test_from_receipt_to_proof_of_delivery(world, hands, hall):
    belt = make_product(world)
    status, item = receive(hands, hall, belt, "10")
    assert (status, item["on_hand"], item["available"]) == (201, "10", "10")
    order = released_order(world, Wanted(belt, "4"))
    status, desk = hands.get("/fulfillment/desk", only_ready=True)
    assert [(row["order_id"], row["lines"][0]["ready"]) for row in desk["rows"]] == [
        (order.pk, "4")
    ]
    (line,) = lines_of(order)
    part = {"lines": [{"line_id": line.pk, "quantity": "1"}], "carrier": "Rhenus"}
    status, first = hands.post(f"/fulfillment/orders/{order.pk}/ship", part, key="ship-part")
    assert status == 201
    again = hands.post(f"/fulfillment/orders/{order.pk}/ship", part, key="ship-part")
    assert again == (201, first)
    status, rest = hands.post(f"/fulfillment/orders/{order.pk}/ship", {})
    assert rest["lines"][0]["quantity"] == "3"
    assert hands.get("/fulfillment/desk")[1]["rows"] == []

    for shipment in (first["shipment"], rest["shipment"]):
        status, body = hands.post(
            f"/fulfillment/shipments/{shipment['id']}/deliver",
            {
                "received_by": "Kim Brandt",
                "proof_base64": base64.b64encode(b"%PDF-1.7 signed").decode(),
                "proof_name": "signed.pdf",
            },
        )
        assert (status, body["shipment"]["state"]) == (200, "delivered")
    order.refresh_from_db()
    assert order.state == "completed"
    key = first["shipment"]["id"]
    note = hands.get(f"/fulfillment/shipments/{key}/delivery-note")[1]
    assert base64.b64decode(note["content_base64"]).startswith(b"%PDF-")
    proof = hands.get(f"/fulfillment/shipments/{key}/proof")[1]
    assert (proof["name"], proof["media_type"]) == ("signed.pdf", "application/pdf")
    moves = hands.get(f"/fulfillment/stock/{item['id']}/moves")[1]["rows"]
    assert [move["quantity"] for move in moves] == ["-3", "-1", "10"]
    assert hands.get("/fulfillment/recount") == (200, [])


def test_lists(world, hands, hall):
    belt, roller = make_product(world), make_product(world, "ROLL-1")
    receive(hands, hall, belt, "5")
    receive(hands, hall, roller, "5")
    for _ in range(2):
        order = released_order(world, Wanted(belt))
        hands.post(f"/fulfillment/orders/{order.pk}/ship")
    first = hands.get("/fulfillment/shipments", limit=1)[1]
    second = hands.get("/fulfillment/shipments", limit=1, cursor=first["next_cursor"])[1]
    assert {first["rows"][0]["id"], second["rows"][0]["id"]} == set(
        Shipment.objects.values_list("pk", flat=True)
    )
    assert second["next_cursor"] == ""
    found = hands.get("/fulfillment/shipments", order_id=order.pk)[1]["rows"]
    assert [row["order_id"] for row in found] == [order.pk]
    stock = hands.get("/fulfillment/stock", q="roll")[1]["rows"]
    assert [row["sku"] for row in stock] == ["ROLL-1"]
    assert hands.get("/fulfillment/stock", limit=1)[1]["next_start"] == 1
    assert hands.get("/fulfillment/shipments", state="lost")[0] == 422
    assert hands.get("/fulfillment/shipments", cursor="lost")[0] == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("receipts", {"warehouse_id": 1, "product_id": 1, "quantity": "0"}),
        ("receipts", {"warehouse_id": 1, "product_id": 1, "quantity": "1e3"}),
        ("receipts", {"warehouse_id": 1, "product_id": 1, "quantity": 3}),
        ("receipts", {"warehouse_id": 1, "product_id": 1, "quantity": "1", "on_hand": "9"}),
        ("counts", {"warehouse_id": 1, "product_id": 1, "counted": "-1"}),
        ("tolerances", {"tolerance_bps": 10_000}),
        ("warehouses", {"name": ""}),
        ("warehouses", {"name": "   "}),
        ("orders/1/ship", {"lines": []}),
        ("orders/1/ship", {"shipped_on": "yesterday"}),
        ("shipments/1/deliver", {"received_by": ""}),
    ],
)
def test_bodies_that_are_refused(world, hands, path, body):
    assert hands.post(f"/fulfillment/{path}", body)[0] == 422


def test_too_much_short_and_twice_are_conflicts(world, hands, hall):
    belt = make_product(world)
    receive(hands, hall, belt, "2")
    order = released_order(world, Wanted(belt, "3"))
    (line,) = lines_of(order)
    url = f"/fulfillment/orders/{order.pk}/ship"
    for quantity, code in (("3", "stock_short"), ("4", "over_delivery")):
        status, problem = hands.post(url, {"lines": [{"line_id": line.pk, "quantity": quantity}]})
        assert (status, problem["code"]) == (409, code)
    twice = {"lines": [{"line_id": line.pk, "quantity": "1"}] * 2}
    assert hands.post(url, twice)[0] == 422


def test_who_may_not(world, hands, hall):
    rep = ApiClient(world, "sales_rep")
    order = released_order(world, Wanted(make_product(world, is_stocked=False)))
    assert rep.get("/fulfillment/stock")[0] == 200
    assert rep.post(f"/fulfillment/orders/{order.pk}/ship")[0] == 403
    assert rep.post("/fulfillment/warehouses", {"name": "Mine"})[0] == 403
    desk = ApiClient(world, "order_desk")
    body = {"warehouse_id": hall, "product_id": 1, "quantity": "1"}
    assert desk.post("/fulfillment/receipts", body)[0] == 403


def test_foreign_and_missing_look_the_same(world, hands, hall):
    belt = make_product(world, is_stocked=False)
    order = released_order(world, Wanted(belt))
    key = hands.post(f"/fulfillment/orders/{order.pk}/ship")[1]["shipment"]["id"]
    Shipment.objects.filter(pk=key).update(seller=world.foreign_seller)
    Warehouse.objects.filter(pk=hall).update(seller=world.foreign_seller)
    for shipment in (key, key + 999):
        base = f"/fulfillment/shipments/{shipment}"
        answers = [hands.get(f"{base}{part}") for part in ("", "/delivery-note", "/proof")]
        answers.append(hands.post(f"{base}/deliver", {"received_by": "me"}))
        assert {status for status, _ in answers} == {404}
    for warehouse in (hall, hall + 999):
        body = {"warehouse_id": warehouse, "product_id": belt.pk, "quantity": "1"}
        assert hands.post("/fulfillment/receipts", body)[0] == 404
