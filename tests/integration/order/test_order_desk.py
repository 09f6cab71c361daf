"""An accepted quote becomes an order; the desk checks, holds and releases it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from handsel.commit.order import actions, queries
from handsel.commit.order.errors import (
    ChangesInvalid,
    HoldKindUnknown,
    HoldMissing,
    OrderHeldBack,
    OrderLineMissing,
    OrderMissing,
    OrderStateRefused,
    OrderUnchecked,
    ReasonMissing,
    VersionMissing,
)
from handsel.commit.order.models import Order, OrderHold, OrderLine
from handsel.commit.order.rules.match import TheirLine
from handsel.ground.document.models import Mail
from handsel.ground.kernel.errors import Refused
from handsel.ground.party.models import Organization
from handsel.ground.platform import store
from handsel.ground.platform.models import BusinessEvent
from tests.support.order import (
    Wanted,
    accepted_version,
    lines_of,
    make_product,
    placed_order,
    released_order,
)
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def limit(world: World, minor: int | None) -> None:
    Organization.objects.filter(pk=world.customer.pk).update(credit_limit_minor=minor)


def test_one_line_for_one_chosen_line_and_equal_totals(world):
    belt, roller = make_product(world), make_product(world, "ROLL-1")
    version = accepted_version(
        world, [Wanted(belt, "3", "99.99", list_price="120"), Wanted(roller, "2.5", "0.333333")]
    )
    order = actions.place_order(actor=world.system, now=world.now, version_id=version.pk)
    again = actions.place_order(actor=world.system, now=world.now, version_id=version.pk)
    assert order.pk == again.pk
    assert order.number == "O-2026-00001"
    assert (order.net_minor, order.tax_minor, order.gross_minor) == (
        version.net_minor,
        version.tax_minor,
        version.gross_minor,
    )
    lines = lines_of(order)
    assert [(line.quote_line.version_id, line.net_minor) for line in lines] == [
        (version.pk, 29997),
        (version.pk, 83),
    ]
    assert sum(line.net_minor for line in lines) == order.net_minor
    assert order.purchase_order == "PO-4711"
    assert order.bill_to["street"] == "Hauptstraße 5"
    assert order.ship_to["street"] == "Industrieweg 9"


def test_only_an_accepted_version_of_ours_becomes_an_order(world):
    version = accepted_version(world, [Wanted(make_product(world))])
    with pytest.raises(VersionMissing):
        actions.place_order(actor=world.stranger, now=world.now, version_id=version.pk)
    type(version).objects.filter(pk=version.pk).update(state="superseded")
    with pytest.raises(OrderStateRefused):
        actions.place_order(actor=world.system, now=world.now, version_id=version.pk)


def test_release_twice_is_refused_the_second_time(world):
    order = released_order(world, Wanted(make_product(world)))
    assert order.state == "released"
    with pytest.raises(Refused, match="released"):
        actions.release_order(actor=world.actor("order_desk"), now=world.now, order_id=order.pk)
    assert BusinessEvent.objects.filter(type="order.order.released").count() == 1


def test_an_order_over_the_limit_is_held_until_a_person_lets_it_through(world):
    limit(world, 20_000)
    belt = make_product(world)
    first = placed_order(world, Wanted(belt, "1", "100"))
    second = placed_order(world, Wanted(belt, "1", "100"))
    assert queries.open_holds(first.pk) == []
    (hold,) = queries.open_holds(second.pk)
    assert (hold.kind, hold.source) == ("credit", "credit")
    assert "238.00 would pass the limit of 200.00 EUR" in hold.reason
    desk = {"actor": world.actor("order_desk"), "now": world.now, "order_id": second.pk}
    with pytest.raises(OrderHeldBack, match="credit"):
        actions.release_order(**desk)
    with pytest.raises(ReasonMissing):
        actions.release_hold(**desk, hold_id=hold.pk, reason="  ")
    actions.release_hold(
        actor=world.actor("accountant"),
        now=world.now,
        order_id=second.pk,
        hold_id=hold.pk,
        reason="paid by card",
    )
    actions.release_order(**desk)
    finding = queries.credit_finding(world.system, queries.get_order(world.system, second.pk))
    assert (finding.severity, finding.code) == ("warn", "credit")
    kept = OrderHold.objects.get()
    assert (kept.release_reason, kept.released_by_id) == (
        "paid by card",
        world.users["accountant"].pk,
    )


def test_a_limit_that_is_exactly_reached_holds_nothing(world):
    limit(world, 11_900)
    order = placed_order(world, Wanted(make_product(world), "1", "100"))
    assert queries.open_holds(order.pk) == []


def test_cancelled_orders_free_the_credit(world):
    limit(world, 11_900)
    belt = make_product(world)
    first = placed_order(world, Wanted(belt, "1", "100"))
    actions.cancel_order(
        actor=world.actor("order_desk"), now=world.now, order_id=first.pk, reason="no budget"
    )
    assert queries.open_holds(placed_order(world, Wanted(belt, "1", "100")).pk) == []


def test_holds_are_placed_and_ended_by_hand_with_reasons(world):
    order = placed_order(world, Wanted(make_product(world)))
    desk = {"actor": world.actor("order_desk"), "now": world.now, "order_id": order.pk}
    with pytest.raises(HoldKindUnknown):
        actions.hold_order(**desk, kind="whim", reason="why not")
    hold = actions.hold_order(**desk, kind="deposit", reason="waits for the deposit")
    actions.release_hold(**desk, hold_id=hold.pk, reason="it came")
    with pytest.raises(HoldMissing):
        actions.release_hold(**desk, hold_id=hold.pk, reason="again")
    actions.release_order(**desk)


def test_a_hold_is_ended_on_its_own_order_only(world):
    belt = make_product(world)
    mine, other = placed_order(world, Wanted(belt)), placed_order(world, Wanted(belt))
    desk = {"actor": world.actor("order_desk"), "now": world.now}
    hold = actions.hold_order(**desk, order_id=other.pk, kind="manual", reason="wait")
    with pytest.raises(HoldMissing):
        actions.release_hold(**desk, order_id=mine.pk, hold_id=hold.pk, reason="x")


def test_the_desk_completes_what_it_may_and_only_before_release(world):
    order = placed_order(world, Wanted(make_product(world)))
    desk = {"actor": world.actor("order_desk"), "now": world.now, "order_id": order.pk}
    there = {"name": "Brandt", "street": "Tor 2", "city": "Kiel", "country": "DE"}
    actions.revise_order(
        **desk,
        changes={"purchase_order": " 4500 ", "ship_to": there, "requested_on": date(2026, 5, 4)},
    )
    order.refresh_from_db()
    assert order.purchase_order == "4500"
    assert order.ship_to["city"] == "Kiel"
    assert order.ship_to["postcode"] == ""
    with pytest.raises(ChangesInvalid) as refused:
        actions.revise_order(**desk, changes={"ship_to": {"city": "Kiel", "country": "Germany"}})
    assert set(refused.value.fields) == {"ship_to.name", "ship_to.street", "ship_to.country"}
    with pytest.raises(ChangesInvalid):
        actions.revise_order(**desk, changes={"net_minor": 1})  # type: ignore[typeddict-unknown-key]
    actions.release_order(**desk)
    with pytest.raises(OrderStateRefused):
        actions.revise_order(**desk, changes={"purchase_order": "other"})


def test_an_incomplete_address_stops_the_release(world):
    order = placed_order(world, Wanted(make_product(world)))
    Order.objects.filter(pk=order.pk).update(ship_to={"name": "Brandt"})
    with pytest.raises(OrderUnchecked, match="delivery address"):
        actions.release_order(actor=world.actor("order_desk"), now=world.now, order_id=order.pk)
    order.refresh_from_db()
    assert order.state == "placed"


def their(line: OrderLine, **other: str) -> TheirLine:
    facts = {"quantity": line.quantity, "unit_price": line.unit_net, "sku": line.product.sku}
    facts.update({k: v if k == "sku" else Decimal(v) for k, v in other.items()})
    return TheirLine(line.pk, **facts)


def test_a_purchase_order_is_compared_line_by_line_and_differences_hold(world):
    belt, roller = make_product(world), make_product(world, "ROLL-1")
    order = placed_order(world, Wanted(belt, "3", "100"), Wanted(roller, "2", "50"))
    first, second = lines_of(order)
    desk = {"actor": world.actor("order_desk"), "now": world.now, "order_id": order.pk}
    found = actions.match_purchase_order(
        **desk,
        number="4500177832",
        dated_on=date(2026, 3, 2),
        lines=[their(first, unit_price="95"), their(second, quantity="3")],
    )
    assert [(one.kind, one.line_id, one.ours, one.theirs) for one in found] == [
        ("price", first.pk, "100", "95"),
        ("quantity", second.pk, "2", "3"),
    ]
    assert {hold.kind for hold in queries.open_holds(order.pk)} == {"price", "document"}
    with pytest.raises(OrderHeldBack, match="95 for 100"):
        actions.release_order(**desk)

    assert not actions.match_purchase_order(
        **desk, number="4500177832", lines=[their(first), their(second)]
    )
    assert queries.open_holds(order.pk) == []
    actions.release_order(**desk)
    order.refresh_from_db()
    assert order.purchase_order == "4500177832"


def test_late_missing_and_substituted_are_differences_too(world):
    belt, roller = make_product(world), make_product(world, "ROLL-1")
    order = placed_order(world, Wanted(belt), Wanted(roller))
    first, _second = lines_of(order)
    valid_until = order.quote_version.valid_until
    found = actions.match_purchase_order(
        actor=world.actor("order_desk"),
        now=world.now,
        order_id=order.pk,
        number="1",
        dated_on=valid_until + timedelta(days=1),
        lines=[their(first, sku="BELT-2")],
    )
    assert [one.kind for one in found] == ["validity", "item", "missing"]


def test_a_purchase_order_names_lines_of_this_order_only(world):
    belt = make_product(world)
    mine, other = placed_order(world, Wanted(belt)), placed_order(world, Wanted(belt))
    with pytest.raises(OrderLineMissing):
        actions.match_purchase_order(
            actor=world.system,
            now=world.now,
            order_id=mine.pk,
            number="1",
            lines=[their(lines_of(other)[0])],
        )


def test_the_confirmation_is_written_once_and_mailed_to_the_buyer(world):
    order = released_order(
        world,
        Wanted(make_product(world), "3", "99.99", list_price="120"),
        Wanted(make_product(world, "ROLL-1"), "2", "50"),
    )
    who = {"actor": world.system, "now": world.now, "order_id": order.pk}
    confirmed = actions.confirm_order(**who)
    actions.confirm_order(**who)
    assert confirmed.confirmation is not None
    assert store.read(confirmed.confirmation.pk).startswith(b"%PDF-")
    mail = Mail.objects.get()
    assert mail.to == ["kim@brandt.example"]
    assert order.number in mail.subject
    assert mail.attachments == [
        {"file_id": confirmed.confirmation.pk, "name": f"{order.number}.pdf"}
    ]


def test_nothing_is_confirmed_before_the_release(world):
    order = placed_order(world, Wanted(make_product(world)))
    with pytest.raises(OrderStateRefused):
        actions.confirm_order(actor=world.system, now=world.now, order_id=order.pk)


@pytest.mark.parametrize(
    "verb",
    ["release_order", "confirm_order", "complete_order"],
)
def test_a_foreign_order_is_no_order(world, verb):
    order = placed_order(world, Wanted(make_product(world)))
    with pytest.raises(OrderMissing):
        getattr(actions, verb)(actor=world.stranger, now=world.now, order_id=order.pk)
    with pytest.raises(OrderMissing):
        queries.get_order(world.stranger, order.pk)
