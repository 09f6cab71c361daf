"""Products that a percentage is taken of: people write their numbers, books keep their keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from handsel.bid.catalog.models import Product
from handsel.ground.kernel.errors import Invalid

_LISTS = ("products", "except_products")


def named_products(kind: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    """A kept rule with the products' numbers where their keys stand."""
    found = dict(definition)
    if kind != "percent_of":
        return found
    keys = [str(one) for name in _LISTS for one in found.get(name, ())]
    numbers = dict(
        Product.objects.filter(pk__in=[int(key) for key in keys if _is_key(key)]).values_list(
            "pk", "sku"
        )
    )
    for name in _LISTS:
        if name in found:
            found[name] = [
                numbers.get(int(one), str(one)) if _is_key(str(one)) else str(one)
                for one in found[name]
            ]
    return found


def keyed_products(kind: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as people write it with keys for the numbers; raises Invalid naming what is none."""
    found = dict(definition)
    if kind != "percent_of":
        return found
    lists = {name: found[name] for name in _LISTS if isinstance(found.get(name), list)}
    numbers = {str(one) for listed in lists.values() for one in listed}
    keys = dict(Product.objects.filter(sku__in=numbers).values_list("sku", "pk"))
    for name, listed in lists.items():
        missing = [str(one) for one in listed if str(one) not in keys]
        if missing:
            message = _("there is no product %(sku)s") % {"sku": ", ".join(missing[:5])}
            raise Invalid(message, fields={name: message})
        found[name] = [str(keys[str(one)]) for one in listed]
    return found


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
