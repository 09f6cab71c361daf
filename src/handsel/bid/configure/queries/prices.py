"""Whose prices a reader sees: the house, a dealer and a visitor look at one model with their own.

What a product costs the house is never among them: a price is the list with its elements, and
what the buyer pays of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from handsel.bid.configure.models import Configuration, ConfigurationLink
from handsel.ground.party.models import Organization

Kind = Literal["none", "list", "own"]
KINDS: tuple[Kind, ...] = ("none", "list", "own")


@dataclass(frozen=True, slots=True)
class Prices:
    """None, the list, or those of an organization; `currency` is "" for the seller's."""

    kind: Kind = "list"
    organization_id: int | None = None
    organization_name: str = ""
    currency: str = ""
    is_inside: bool = True

    @property
    def title(self) -> str:
        """What the price is called."""
        if self.kind != "own":
            return _("List price")
        if self.is_inside:
            return _("Price for %(who)s") % {"who": self.organization_name}
        return _("Your price")

    @property
    def terms_title(self) -> str:
        """What lies between the list and what the buyer pays."""
        if self.is_inside:
            return _("Agreed with %(who)s") % {"who": self.organization_name}
        return _("Your terms")


AT_LIST = Prices()
NO_PRICES = Prices("none", is_inside=False)


def inside(configuration: Configuration) -> Prices:
    """What the house sees: the price of the customer it is for, else the list."""
    return _own(configuration.organization, is_inside=True)


def by_link(link: ConfigurationLink | None, configuration: Configuration) -> Prices:
    """What the holder of a link sees."""
    if link is None or link.prices == "list":
        return Prices("list", is_inside=False)
    if link.prices == "own":
        return _own(link.organization, is_inside=False)
    is_shown = link.prices == "public" and configuration.version.model.public_prices
    return Prices("list", is_inside=False) if is_shown else NO_PRICES


def link_of(grant_id: int) -> ConfigurationLink | None:
    """What was said of a link when it was given out."""
    links = ConfigurationLink.objects.select_related("organization")
    return links.filter(grant_id=grant_id).first()


def _own(organization: Organization | None, *, is_inside: bool) -> Prices:
    if organization is None:
        return Prices("list", is_inside=is_inside)
    return Prices("own", organization.pk, organization.name, organization.currency, is_inside)
