"""The decision table: which rule a supply falls under. Read from the top; the first row wins.

Law: Directive 2006/112/EC, the articles named in the rows. An empty cell matches anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from handsel.ground.tax.rules.facts import Buyer, Kind, Product, Route, Supply
from handsel.ground.tax.rules.texts import gettext_noop as _


class Outcome(Enum):
    """What a rule says about the tax."""

    ORIGIN = "the country of departure taxes, by the product's category"
    DESTINATION = "the country of arrival taxes, by the product's category"
    INTRA_COMMUNITY = "K"
    REVERSE_CHARGE = "AE"
    EXPORT = "G"
    OUTSIDE_SCOPE = "O"
    REFUSED = "not decided here"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: the conditions, the outcome, and the sentence that explains it to a clerk."""

    rule_id: str
    kinds: tuple[Kind, ...]
    routes: tuple[Route, ...]
    buyers: tuple[Buyer, ...]
    registered_at_destination: bool | None
    outcome: Outcome
    because: str
    product: Product | None = None

    def matches(self, supply: Supply) -> bool:
        """Say whether every cell that is not empty holds for the supply."""
        return (
            (not self.kinds or supply.kind in self.kinds)
            and (not self.routes or supply.route in self.routes)
            and (not self.buyers or supply.buyer in self.buyers)
            and self.registered_at_destination in (None, supply.registered_at_destination)
            and self.product in (None, supply.product)
        )


ANY: tuple[()] = ()
GOOD = (Kind.GOOD,)
SERVICE = (Kind.SERVICE,)
ELECTRONIC = (Kind.ELECTRONIC,)
SERVICES = (Kind.SERVICE, Kind.ELECTRONIC)
DOMESTIC, INTRA = (Route.DOMESTIC,), (Route.INTRA_EU,)
EXPORT, INTO_EU, ABROAD = (Route.EXPORT,), (Route.INTO_EU,), (Route.ABROAD,)
OUT_OF_ELSEWHERE = (Route.INTO_EU, Route.ABROAD)
NOT_INTRA = (Route.EXPORT, Route.INTO_EU, Route.ABROAD)
BUSINESS, CONSUMER = (Buyer.BUSINESS,), (Buyer.CONSUMER,)
NO_ID, ORIGIN_ID = (Buyer.NO_ID,), (Buyer.ORIGIN_ID,)

# fmt: off
TABLE: tuple[Rule, ...] = (
    Rule("exempt", ANY, (Route.DOMESTIC, Route.INTRA_EU), ANY, None, Outcome.ORIGIN,
         _("The product is exempt from VAT."), Product.EXEMPT),
    Rule("domestic", ANY, DOMESTIC, ANY, None, Outcome.ORIGIN,
         _("Supplied within one country: its VAT applies.")),

    # Goods: Articles 31 to 33, 138, 146
    Rule("goods-eu-business", GOOD, INTRA, BUSINESS, None, Outcome.INTRA_COMMUNITY,
         _("Goods go to a business with a VAT id of another member state (Article 138).")),
    Rule("goods-eu-business-no-id", GOOD, INTRA, NO_ID, None, Outcome.ORIGIN,
         _("There is no valid VAT id of another member state: VAT of the country of departure "
           "is charged until there is one.")),
    Rule("goods-eu-business-origin-id", GOOD, INTRA, ORIGIN_ID, None, Outcome.ORIGIN,
         _("The VAT id is of the country the goods leave from: its VAT is charged.")),
    Rule("goods-eu-consumer-registered", GOOD, INTRA, CONSUMER, True, Outcome.DESTINATION,
         _("Distance sale into a country where the seller is registered (Article 33).")),
    Rule("goods-eu-consumer", GOOD, INTRA, CONSUMER, False, Outcome.ORIGIN,
         _("Distance sale below the threshold of EUR 10,000 (Article 59c): the seller is not "
           "registered where the goods arrive.")),
    Rule("goods-export", GOOD, EXPORT, ANY, None, Outcome.EXPORT,
         _("Goods leave the EU (Article 146).")),
    Rule("goods-export-elsewhere", GOOD, OUT_OF_ELSEWHERE, ANY, None, Outcome.EXPORT,
         _("Goods leave a country outside the EU.")),

    # Services to businesses: Articles 44 and 196
    Rule("service-eu-business", SERVICES, INTRA, BUSINESS, None, Outcome.REVERSE_CHARGE,
         _("Service to a business in another member state: it owes the VAT (Article 196).")),
    Rule("service-eu-business-no-id", SERVICES, INTRA, NO_ID, None, Outcome.ORIGIN,
         _("There is no valid VAT id of another member state: the seller's VAT is charged "
           "until there is one.")),
    Rule("service-eu-business-origin-id", SERVICES, INTRA, ORIGIN_ID, None, Outcome.ORIGIN,
         _("The VAT id is of the seller's own country: its VAT is charged.")),
    Rule("service-abroad-business", SERVICES, NOT_INTRA, BUSINESS, None, Outcome.OUTSIDE_SCOPE,
         _("Service to a business in another country: supplied where that is (Article 44).")),

    # Services to consumers: Articles 45, 58, 59
    Rule("service-consumer", SERVICE, (*INTRA, *NOT_INTRA), CONSUMER, None, Outcome.ORIGIN,
         _("Service to a consumer: supplied where the seller is (Article 45).")),
    Rule("electronic-consumer-registered", ELECTRONIC, (*INTRA, *NOT_INTRA), CONSUMER, True,
         Outcome.DESTINATION,
         _("Electronic service into a country where the seller is registered (Article 58).")),
    Rule("electronic-eu-consumer", ELECTRONIC, INTRA, CONSUMER, False, Outcome.ORIGIN,
         _("Electronic service below the threshold of EUR 10,000 (Article 59c): the seller is "
           "not registered where the consumer lives.")),
    Rule("electronic-into-eu-consumer", ELECTRONIC, INTO_EU, CONSUMER, False, Outcome.REFUSED,
         _("Electronic services from outside the EU are taxed where the consumer lives, without "
           "threshold: register there or in the one-stop shop first.")),
    Rule("electronic-abroad-consumer", ELECTRONIC, (*EXPORT, *ABROAD), CONSUMER, False,
         Outcome.OUTSIDE_SCOPE,
         _("Electronic service to a consumer outside the EU: supplied where the consumer lives.")),
)
# fmt: on


def rule_for(supply: Supply) -> Rule:
    """Return the first row that matches; the table has one for every supply."""
    for rule in TABLE:
        if rule.matches(supply):
            return rule
    raise AssertionError(f"no tax rule for {supply}")
