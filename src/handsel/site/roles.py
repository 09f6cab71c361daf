"""Who may do what: one table of permissions and the roles that hold them.

A page or endpoint whose permission is not in this table does not start. The administrator holds
what is listed for him and no more: setting up the house is not the same as issuing invoices.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_noop

REP, MANAGER, DESK, PRODUCTION = "sales_rep", "sales_manager", "order_desk", "production"
ACCOUNTANT, SERVICE, MODELLER = "accountant", "service_agent", "product_modeller"
ADMIN = "administrator"

ROLES: dict[str, str] = {
    REP: gettext_noop("Sales rep"),
    MANAGER: gettext_noop("Sales manager"),
    DESK: gettext_noop("Order desk"),
    PRODUCTION: gettext_noop("Production and warehouse"),
    ACCOUNTANT: gettext_noop("Accountant"),
    SERVICE: gettext_noop("Service agent"),
    MODELLER: gettext_noop("Product modeller"),
    ADMIN: gettext_noop("Administrator"),
}

_SALES = (REP, MANAGER)
_ALL = tuple(ROLES)

PERMISSIONS: dict[str, tuple[str, ...]] = {
    "home.view": _ALL,
    "lead.view": (*_SALES, SERVICE, ACCOUNTANT),
    "lead.edit": _SALES,
    "lead.import": (MANAGER,),
    "opportunity.view": (*_SALES, DESK, ACCOUNTANT),
    "opportunity.edit": _SALES,
    "party.view": _ALL,
    "party.edit": (*_SALES, DESK, ACCOUNTANT),
    "catalog.view": _ALL,
    "catalog.edit": (MODELLER,),
    "cost.view": (MANAGER, MODELLER, ACCOUNTANT),
    "cost.edit": (MODELLER, ACCOUNTANT),
    "configure.view": (*_SALES, DESK, PRODUCTION, MODELLER),
    "configure.edit": (*_SALES, DESK, MODELLER),
    "configure.model": (MODELLER,),
    "price.view": (*_SALES, DESK, MODELLER, ACCOUNTANT),
    "price.edit": (MODELLER, MANAGER),
    "quote.view": (*_SALES, DESK, ACCOUNTANT),
    "quote.edit": _SALES,
    "quote.present": _SALES,
    "quote.waive_fee": _SALES,
    "quote.accept_for_buyer": (MANAGER, DESK),
    "quote.approve": (MANAGER, DESK, ACCOUNTANT, MODELLER),
    "quote.approval_rules": (MANAGER, ADMIN),
    "quote.publish_proposals": (MANAGER, ADMIN),
    "order.view": (*_SALES, DESK, PRODUCTION, ACCOUNTANT, SERVICE),
    "order.edit": (DESK,),
    "order.hold": (DESK, ACCOUNTANT, MANAGER),
    "order.release": (DESK,),
    "fulfillment.view": (*_SALES, DESK, PRODUCTION, ACCOUNTANT, SERVICE),
    "fulfillment.ship": (PRODUCTION, DESK),
    "fulfillment.adjust": (PRODUCTION,),
    "billing.view": (*_SALES, DESK, ACCOUNTANT),
    "billing.edit": (ACCOUNTANT,),
    "billing.issue": (ACCOUNTANT,),
    "cash.view": (MANAGER, DESK, ACCOUNTANT),
    "cash.edit": (ACCOUNTANT,),
    "ledger.view": (ACCOUNTANT,),
    "ledger.close": (ACCOUNTANT,),
    "insight.view": (*_SALES, ACCOUNTANT),
    "mail.view": (*_SALES, DESK, ACCOUNTANT, ADMIN),
    "mail.send": (*_SALES, DESK, ACCOUNTANT, ADMIN),
    "settings.view": (ADMIN,),
    "settings.edit": (ADMIN,),
}


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """The permissions that a set of roles holds together."""
    held = set(roles)
    return frozenset(code for code, holders in PERMISSIONS.items() if held & set(holders))
