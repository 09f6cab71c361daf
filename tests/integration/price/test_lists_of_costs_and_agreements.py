"""Costs and agreed prices brought in as CSV: by action, command, page and API."""

from argparse import Namespace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from handsel.bid.catalog import actions as catalog
from handsel.bid.catalog.models import ProductCost
from handsel.bid.price import actions as price
from handsel.bid.price.models import ContractedPrice
from handsel.ground.kernel.errors import Forbidden
from handsel.ground.platform.csv_table import BadTable
from handsel.site.cli.output import Output
from handsel.site.cli.table_import import bring_in_agreements, bring_in_costs
from tests.support.bid import Shelf, make_quote, make_shelf
from tests.support.calls import api_of
from tests.support.pages import submit, text_of
from tests.support.signed_in import session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

COSTS = """sku,valid_from,unit_cost,currency,list_share_percent
BELT-PU-600,2026-01-01,81.20,EUR,
STAND-900,2026-01-01,,,55
VISIT,2026-01-01,,,
NONE,2026-01-01,1,EUR,
BELT-PU-600,2026-01-01,82,EUR,
BELT-PU-600,31.02.2026,82,EUR,
STAND-900,2026-02-01,-1,EUR,
STAND-900,2026-02-01,1,XXX,
VISIT,2026-02-01,"1,5",EUR,
"""


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def shelf(world: World) -> Shelf:
    return make_shelf(world.system, world.now)


def agreed(world: World, *more: str) -> str:
    head = "organization,sku,group,currency,unit_price,discount_percent,is_net,valid_from,last_day"
    number = world.customer.number
    rows = [
        f"{number},STAND-900,,EUR,250,,,2026-01-01,2026-12-31",
        f"{world.customer.name},,belts,EUR,,12.5,yes,2026-01-01,",
        *more,
    ]
    return "\n".join([head, *rows]) + "\n"


def given(path: Path, **more: Any) -> Namespace:
    options: dict[str, Any] = {
        "map": [],
        "decimal_mark": ".",
        "preview": False,
        "refused": str(path.with_suffix(".refused.csv")),
    }
    return Namespace(**options | more)


def test_costs_are_set_row_by_row(world: World, shelf: Shelf) -> None:
    manager = world.system
    tried = catalog.import_costs(actor=manager, now=world.now, text=COSTS, is_trial=True)
    assert (len(tried.new), ProductCost.objects.count()) == (2, 0)
    assert [one.line_no for one in tried.refused] == [4, 5, 6, 7, 8, 9, 10]
    done = catalog.import_costs(actor=manager, now=world.now, text=COSTS)
    assert (len(done.new), len(done.refused)) == (2, 7)
    again = catalog.import_costs(actor=manager, now=world.now, text=COSTS)
    assert (len(again.new), len(again.changed), again.known) == (0, 0, 2)
    other = COSTS.replace("81.20", "80")
    changed = catalog.import_costs(actor=manager, now=world.now, text=other)
    assert (len(changed.changed), changed.known) == (1, 1)
    belt = ProductCost.objects.get(product_id=shelf.belt.pk)
    assert (belt.unit_cost, belt.currency, belt.valid_from) == (80, "EUR", date(2026, 1, 1))
    assert ProductCost.objects.get(product_id=shelf.stand.pk).list_share_bps == 5_500
    with pytest.raises(Forbidden):
        catalog.import_costs(actor=world.actor("sales_rep"), now=world.now, text=COSTS)


def test_agreed_prices_come_with_their_organizations(world: World, shelf: Shelf) -> None:
    text = agreed(
        world,
        "Nobody,STAND-900,,EUR,1,,,2026-01-01,",
        f"{world.customer.number},NONE,,EUR,1,,,2026-01-01,",
        f"{world.customer.number},STAND-900,,EUR,251,,,2026-01-01,",
        f"{world.customer.number},STAND-900,,EUR,1,2,,2026-02-01,",
        f"{world.customer.number},VISIT,,EUR,1,,,2026-02-01,2026-01-01",
        f"{world.customer.number},STAND-900,belts,EUR,1,,,2026-02-01,",
    )
    manager = world.actor("sales_manager")
    tried = price.import_agreements(actor=manager, now=world.now, text=text, is_trial=True)
    assert (len(tried.new), ContractedPrice.objects.count()) == (2, 0)
    done = price.import_agreements(actor=manager, now=world.now, text=text)
    assert [one.line_no for one in done.refused] == [one.line_no for one in tried.refused]
    assert [one.line_no for one in done.refused] == [4, 5, 6, 7, 8, 9]
    stand, belts = ContractedPrice.objects.order_by("pk")
    assert (stand.unit_price, stand.valid_until) == (250, date(2027, 1, 1))
    assert (belts.product_group, belts.discount_bps, belts.is_net) == ("belts", 1_250, True)
    again = price.import_agreements(actor=manager, now=world.now, text=text)
    assert (len(again.new), again.known, ContractedPrice.objects.count()) == (0, 2, 2)
    # 2 × 250; 406.50 less 12.5 and 9 %
    assert make_quote(world, shelf).net_minor == 500_00 + 323_68
    with pytest.raises(Forbidden):
        price.import_agreements(actor=world.actor("sales_rep"), now=world.now, text=text)
    with pytest.raises(BadTable):
        price.import_agreements(actor=manager, now=world.now, text="a,b\n1,2")


def test_the_commands_map_columns_and_keep_what_was_refused(
    world: World, shelf: Shelf, tmp_path: Path
) -> None:
    path = tmp_path / "costs.csv"
    text = "Artikel;ab;EK;Währung;Notiz\nBELT-PU-600;1.1.2026;81,20;EUR;x\n=1+1;1.1.2026;1;EUR;y\n"
    wanted = given(
        path,
        map=["Artikel=sku", "ab=valid_from", "EK=unit_cost", "Währung=currency"],
        decimal_mark=",",
    )
    preview = Namespace(**vars(wanted) | {"preview": True})
    assert bring_in_costs(text.encode(), path, preview, Output()) == 1
    assert not ProductCost.objects.exists()
    assert bring_in_costs(text.encode(), path, wanted, Output()) == 1
    assert ProductCost.objects.get().unit_cost == Decimal("81.20")
    kept = Path(wanted.refused).read_text("utf-8-sig").splitlines()
    assert kept[0] == "Artikel,ab,EK,Währung,Notiz,reason"
    assert kept[1].startswith("'=1+1,")
    good = agreed(world).encode()
    assert bring_in_agreements(good, path, given(path), Output()) == 0
    assert bring_in_agreements(b"\xff", path, given(path), Output()) == 1
    assert ContractedPrice.objects.count() == 2


def test_the_pages_show_first_what_they_would_do(world: World, shelf: Shelf) -> None:
    client = session_of(world.users["sales_manager"])
    address = "/price/agreements/import/"
    assert address in text_of(client.get("/price/agreements/"))
    seen = text_of(submit(client, address, text=agreed(world, "Nobody,,,EUR,1,,,2026-01-01,")))
    assert "What it would do" in seen
    assert "there is no organization Nobody" in seen
    assert not ContractedPrice.objects.exists()
    submit(client, address, text=agreed(world), sure="1", decimal_mark=".")
    assert ContractedPrice.objects.count() == 2
    assert client.post(address, {"text": "nonsense"}).status_code in (403, 422)
    modeller = session_of(world.users["product_modeller"])
    page = "/catalog/costs/import/"
    assert page in text_of(modeller.get("/catalog/"))
    submit(modeller, page, text=COSTS, sure="1", decimal_mark=".")
    assert ProductCost.objects.count() == 2
    rep = session_of(world.users["sales_rep"])
    assert page not in text_of(rep.get("/catalog/"))
    assert (rep.get(page).status_code, rep.get(address).status_code) == (403, 403)


def test_programs_bring_lists_in(world: World, shelf: Shelf) -> None:
    manager = api_of(world, "sales_manager")
    status, answer = manager.post("/price/agreements/import", text=agreed(world), is_trial=True)
    assert (status, answer["new"], ContractedPrice.objects.count()) == (200, 2, 0)
    assert manager.post("/price/agreements/import", text=agreed(world))[1]["new"] == 2
    modeller = api_of(world, "product_modeller")
    answer = modeller.post("/catalog/costs/import", text=COSTS)[1]
    assert (answer["new"], len(answer["refused"])) == (2, 7)
    assert api_of(world, "sales_rep").post("/catalog/costs/import", text=COSTS)[0] == 403
    assert manager.post("/price/agreements/import", text="x")[0] == 422
