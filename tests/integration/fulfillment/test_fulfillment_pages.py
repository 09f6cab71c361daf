"""The warehouse's pages, as its people use them."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from handsel.commit.order import actions as orders
from handsel.deliver.fulfillment import actions
from handsel.deliver.fulfillment.models import Shipment, StockItem, Warehouse
from tests.support.order import Wanted, lines_of, make_product, placed_order, released_order
from tests.support.pages import sign_in, submit, text_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def hand(world: World) -> Client:
    return sign_in(world, "production")


@pytest.fixture
def hall(world: World) -> Warehouse:
    return actions.create_warehouse(
        actor=world.system, now=world.now, seller_id=world.seller.pk, name="Hall 1"
    )


def receive(world, hall, product, quantity):
    return actions.receive_stock(
        actor=world.system,
        now=world.now,
        warehouse_id=hall.pk,
        product_id=product.pk,
        quantity=Decimal(quantity),
    )


def url(name: str, *args: int) -> str:
    return reverse(f"fulfillment:{name}", args=args)


def test_the_desk_says_what_can_go_and_sends_it_in_one_click(world, hand, hall):
    belt, roller = make_product(world, name="Belt"), make_product(world, "ROLL", name="Roller")
    receive(world, hall, belt, 5)
    ready = released_order(world, Wanted(belt, "2"))
    waiting = released_order(world, Wanted(roller, "3"))
    held = released_order(world, Wanted(belt))
    orders.hold_order(
        actor=world.system, now=world.now, order_id=held.pk, kind="manual", reason="wait"
    )
    page = text_of(hand.get(url("list")))
    assert f'action="{url("ship_all", ready.pk)}"' in page
    assert f'action="{url("ship_all", waiting.pk)}"' not in page
    assert f'action="{url("ship_all", held.pk)}"' not in page
    assert "missing: 3 pcs Roller" in page
    assert "on hold" in page
    only = text_of(hand.get(url("list"), {"view": "ready"}))
    assert ready.number in only
    assert waiting.number not in only
    after = submit(hand, url("ship_all", ready.pk))
    shipment = Shipment.objects.get()
    assert after.address == url("record", shipment.pk)
    assert "Confirm delivery" in text_of(after)
    assert ready.number not in text_of(hand.get(url("list")))


def test_the_ship_page_is_filled_in_and_takes_a_part(world, hand, hall):
    belt = make_product(world, name="Belt")
    receive(world, hall, belt, 5)
    order = released_order(world, Wanted(belt, "4"))
    (line,) = lines_of(order)
    page = text_of(hand.get(url("ship"), {"order": order.pk}))
    assert f'name="line.{line.pk}" value="4"' in page
    form = {"order": order.pk, "warehouse": hall.pk, "carrier": "Rhenus"}
    for wrong, words in (("x", "cannot be read"), ("9", "over what was agreed"), ("0", "nothing")):
        refused = submit(hand, url("ship"), **form, **{f"line.{line.pk}": wrong})
        assert refused.status_code == 422
        assert words in text_of(refused)
        assert 'value="Rhenus"' in text_of(refused)
    after = text_of(submit(hand, url("ship"), **form, **{f"line.{line.pk}": "1.5"}))
    assert "Ship the rest" in after
    assert "Rhenus" in after
    assert StockItem.objects.get().on_hand == Decimal("3.5")


def test_the_ship_page_says_why_nothing_can_go(world, hand, hall):
    belt = make_product(world, name="Belt")
    placed = placed_order(world, Wanted(belt))
    page = text_of(hand.get(url("ship"), {"order": placed.pk}))
    assert "has to release this order first" in page
    short = released_order(world, Wanted(belt))
    assert "missing: 1 pc Belt" in text_of(hand.get(url("ship"), {"order": short.pk}))
    accountant = sign_in(world, "accountant")
    receive(world, hall, belt, 5)
    assert "may look, not ship" in text_of(accountant.get(url("ship"), {"order": short.pk}))
    assert submit(accountant, url("ship"), order=short.pk).status_code == 403
    assert hand.get(url("ship")).status_code == 302
    assert hand.get(url("ship"), {"order": "999999"}).status_code == 404


def test_a_delivery_is_confirmed_with_its_paper_and_the_order_is_complete(world, hand, hall):
    belt = make_product(world)
    receive(world, hall, belt, 5)
    order = released_order(world, Wanted(belt))
    submit(hand, url("ship_all", order.pk))
    shipment = Shipment.objects.get()
    assert "Kim Brandt" in text_of(hand.get(url("deliver", shipment.pk)))
    wrong = SimpleUploadedFile("proof.pdf", b"<script>", "application/pdf")
    refused = submit(hand, url("deliver", shipment.pk), received_by="Kim", proof=wrong)
    assert refused.status_code == 422
    paper = SimpleUploadedFile("../signed.pdf", b"%PDF-1.7 signed", "text/html")
    page = text_of(submit(hand, url("deliver", shipment.pk), received_by="Kim Brandt", proof=paper))
    assert "Received by Kim Brandt" in page
    order.refresh_from_db()
    assert order.state == "completed"
    kept = hand.get(url("proof", shipment.pk))
    assert kept.content == b"%PDF-1.7 signed"
    assert kept["Content-Type"] == "application/pdf"
    assert "sandbox" in kept["Content-Security-Policy"]
    note = hand.get(url("note", shipment.pk))
    assert note.content.startswith(b"%PDF-")
    assert hand.get(url("note", shipment.pk)).content == note.content


def test_stock_is_received_counted_and_explained(world, hand):
    belt = make_product(world, name="Belt")
    assert "Open a warehouse first" in text_of(hand.get(url("stock")))
    submit(hand, url("warehouse_new"), name="Hall 1")
    hall = Warehouse.objects.get()
    place = {"warehouse_id": hall.pk, "product_id": belt.pk}
    page = text_of(submit(hand, url("receive"), **place, quantity="7", note="first delivery"))
    assert "first delivery" in page
    order = released_order(world, Wanted(belt, "2"))
    page = text_of(submit(hand, url("count"), **place, counted="6"))
    assert "the sum of the moves below" in page
    assert "−1 pc" in page
    assert order.number in page
    assert submit(hand, url("receive"), **place, quantity="1_000").status_code == 422
    assert submit(hand, url("receive"), **place, quantity="-1").status_code == 422
    listed = text_of(hand.get(url("stock"), {"q": "belt", "warehouse": hall.pk}))
    assert "4 pcs" in listed
    rows = b"".join(hand.get(url("stock_export")).streaming_content).decode()
    assert "BELT-1,Belt,Hall 1,piece,6.000000,2.000000,4.000000" in rows


def test_lists_and_exports_of_shipments(world, hand, hall):
    belt = make_product(world)
    receive(world, hall, belt, 5)
    order = released_order(world, Wanted(belt))
    submit(hand, url("ship_all", order.pk))
    shipment = Shipment.objects.get()
    for query in ({}, {"q": order.number}, {"q": "brandt"}, {"state": "shipped"}):
        assert shipment.number in text_of(hand.get(url("shipments"), query))
    assert shipment.number not in text_of(hand.get(url("shipments"), {"state": "delivered"}))
    rows = b"".join(hand.get(url("shipments_export")).streaming_content).decode()
    assert shipment.number in rows


def test_foreign_records_and_roles(world, hand, hall):
    belt = make_product(world)
    item = receive(world, hall, belt, 5)
    order = released_order(world, Wanted(belt))
    submit(hand, url("ship_all", order.pk))
    shipment = Shipment.objects.get()
    rep = sign_in(world, "sales_rep")
    assert rep.get(url("record", shipment.pk)).status_code == 200
    assert "Confirm delivery" not in text_of(rep.get(url("record", shipment.pk)))
    assert rep.get(url("deliver", shipment.pk)).status_code == 403
    assert submit(rep, url("ship_all", order.pk)).status_code == 403
    assert rep.get(url("receive")).status_code == 403
    Shipment.objects.update(seller=world.foreign_seller)
    Warehouse.objects.update(seller=world.foreign_seller)
    for name in ("record", "note", "proof", "deliver"):
        assert hand.get(url(name, shipment.pk)).status_code == 404
    assert hand.get(url("stock_item", item.pk)).status_code == 404
    assert hand.get(url("record", shipment.pk + 999)).status_code == 404
