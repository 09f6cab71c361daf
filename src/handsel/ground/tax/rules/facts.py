"""What the decision table looks at: a supply, reduced to a few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from handsel.ground.tax.errors import InvalidVatId
from handsel.ground.tax.rules.territories import in_eu, same_country, vat_country
from handsel.ground.tax.rules.vat_id import check_vat_id


class Kind(Enum):
    """What is supplied. Electronic services differ from others only towards consumers."""

    GOOD = "good"
    SERVICE = "service"
    ELECTRONIC = "electronic"


class Product(Enum):
    """How the law of the taxing country treats the product."""

    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"
    EXEMPT = "exempt"


class Route(Enum):
    """From where to where: the goods' way, or from seller to buyer for services."""

    DOMESTIC = "within one country"
    INTRA_EU = "between two EU countries"
    EXPORT = "from the EU to elsewhere"
    INTO_EU = "from elsewhere into the EU"
    ABROAD = "between two countries outside the EU"


class Buyer(Enum):
    """Who buys, by the evidence there is."""

    BUSINESS = "business, with what evidence the route asks for"
    NO_ID = "business without a valid VAT id of another member state"
    ORIGIN_ID = "business whose VAT id is of the country of departure"
    CONSUMER = "consumer"


@dataclass(frozen=True, slots=True)
class Supply:
    """The facts of one supply, countries as VAT countries."""

    kind: Kind
    product: Product
    origin: str
    destination: str
    route: Route
    buyer: Buyer
    registered_at_origin: bool
    registered_at_destination: bool


def route_of(origin: str, destination: str, on: date, *, goods: bool) -> Route:
    """Classify a way; countries as VAT countries."""
    if same_country(origin, destination):
        return Route.DOMESTIC
    from_eu, to_eu = in_eu(origin, on, goods=goods), in_eu(destination, on, goods=goods)
    if from_eu:
        return Route.INTRA_EU if to_eu else Route.EXPORT
    return Route.INTO_EU if to_eu else Route.ABROAD


def buyer_of(
    *, is_business: bool, vat_id: str | None, route: Route, origin: str, on: date, goods: bool
) -> Buyer:
    """Classify the buyer. Only between EU countries does the VAT id decide.

    A number of a wrong format is no evidence; it counts as none.
    """
    if not is_business:
        return Buyer.CONSUMER
    if route is not Route.INTRA_EU:
        return Buyer.BUSINESS
    try:
        country = check_vat_id(vat_id or "").country
    except InvalidVatId:
        return Buyer.NO_ID
    if same_country(country, origin):
        return Buyer.ORIGIN_ID
    return Buyer.BUSINESS if in_eu(country, on, goods=goods) else Buyer.NO_ID


def supply_of(
    *,
    seller_country: str,
    seller_registrations: frozenset[str],
    buyer_country: str,
    buyer_vat_id: str | None,
    buyer_is_business: bool,
    ship_from_country: str | None,
    ship_to_country: str | None,
    kind: str,
    product_category: str,
    on: date,
) -> Supply:
    """Reduce what is known of a supply to what the table looks at."""
    what = Kind(kind)
    goods = what is Kind.GOOD
    home = vat_country(seller_country)
    registrations = {home, *map(vat_country, seller_registrations)}
    origin, destination = home, vat_country(buyer_country)
    if goods:
        origin = vat_country(ship_from_country or seller_country)
        destination = vat_country(ship_to_country or buyer_country)
    route = route_of(origin, destination, on, goods=goods)
    return Supply(
        kind=what,
        product=Product(product_category),
        origin=origin,
        destination=destination,
        route=route,
        buyer=buyer_of(
            is_business=buyer_is_business,
            vat_id=buyer_vat_id,
            route=route,
            origin=origin,
            on=on,
            goods=goods,
        ),
        registered_at_origin=any(same_country(origin, place) for place in registrations),
        registered_at_destination=any(same_country(destination, place) for place in registrations),
    )
