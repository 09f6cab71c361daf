"""What the order desk types when it completes an order."""

from handsel.commit.order.web.edit import _address_fields, _changes

TYPED = {
    "ship_to.name": "Werk",
    "ship_to.street": "Ringstraße 1",
    "ship_to.postcode": "20095",
    "ship_to.city": "Hamburg",
    "ship_to.country": "DE",
    "bill_to.name": "Verwaltung",
    "bill_to.country": "DE",
}


def test_an_empty_invoice_address_is_where_it_is_delivered() -> None:
    found = _changes(TYPED)["bill_to"]
    assert (found["name"], found["street"], found["city"]) == (
        "Verwaltung",
        "Ringstraße 1",
        "Hamburg",
    )


def test_an_invoice_address_of_its_own_stays() -> None:
    found = _changes({**TYPED, "bill_to.street": "Platz 2", "bill_to.city": "Ulm"})["bill_to"]
    assert (found["street"], found["city"], found["postcode"]) == ("Platz 2", "Ulm", "")


def test_the_browser_lets_it_stay_empty() -> None:
    needed = {one["name"] for one in _address_fields("bill_to", {}, {}) if one["required"]}
    assert needed.isdisjoint({"bill_to.street", "bill_to.city"})
    assert "ship_to.street" in {
        one["name"] for one in _address_fields("ship_to", {}, {}) if one["required"]
    }
