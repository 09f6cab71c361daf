"""Complete configurations as products: what a quote, an order or a price says of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from handsel.bid.configure.models import Configuration, ModelVersion
from handsel.bid.configure.queries.engines import model_of
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.presence import absences, absent_keys
from handsel.bid.configure.rules.texts import title_of, value_of, value_with_unit

SHORT = 8
MOST_CHOICES = 14


@dataclass(frozen=True, slots=True)
class ConfiguredProduct:
    """A configuration as others carry it. `fingerprint` is empty while it is open."""

    configuration_id: int
    seller_id: int
    title: str
    state: str
    fingerprint: str
    product_id: int | None
    model_title: str
    version_no: int
    version_id: int
    model_on: date | None
    country: str
    assignment: Mapping[str, str]
    decided: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every variable has its value and nothing changes any more."""
        return self.state == "complete"

    @property
    def short(self) -> str:
        """The first characters of the fingerprint, as people compare it."""
        return self.fingerprint[:SHORT]


_COLUMNS = (
    "pk",
    "seller_id",
    "title",
    "state",
    "fingerprint",
    "version__model__product_id",
    "version__model__title",
    "version__version_no",
    "version_id",
    "model_on",
    "country",
    "assignment",
    "decisions",
)
_FIELDS = (
    "configuration_id",
    "seller_id",
    "title",
    "state",
    "fingerprint",
    "product_id",
    "model_title",
    "version_no",
    "version_id",
    "model_on",
    "country",
    "assignment",
    "decisions",
)


def configured_products(configuration_ids: Collection[int]) -> dict[int, ConfiguredProduct]:
    """Configurations by key, in one query; keys that are none are left out."""
    if not configuration_ids:
        return {}
    rows = Configuration.objects.filter(pk__in=set(configuration_ids)).values_list(*_COLUMNS)
    return {row[0]: _product(row) for row in rows}


def _product(row: tuple[Any, ...]) -> ConfiguredProduct:
    said: dict[str, Any] = dict(zip(_FIELDS, row, strict=True))
    decisions = said.pop("decisions")
    chosen = tuple(dict.fromkeys(key for key, operator, _value in decisions if operator == "="))
    return ConfiguredProduct(decided=chosen, **said)


def model_and_values(product: ConfiguredProduct) -> tuple[ProductModel, dict[str, Value]]:
    """The flat model a complete configuration is pinned to, and its values as the engine's."""
    model = _flat(product.version_id, product.model_on, product.country)
    variables = {one.key: one for one in model.variables}
    return model, {key: value_of(variables[key], text) for key, text in product.assignment.items()}


@lru_cache(maxsize=24)
def _flat(version_id: int, on: date | None, country: str) -> ProductModel:
    """Configurations are completed with published versions only, whose text never changes."""
    version = ModelVersion.objects.select_related("model").get(pk=version_id)
    return model_of(version, on=on, country=country)


def main_choices(product: ConfiguredProduct, language: str) -> str:
    """What was decided by a person, in the order of the model: "Length 6,000 mm; Belt width …".

    What says "no" or "none" is left out, and so is what goes beyond a line or two.
    """
    model, values = model_and_values(product)
    absent = absent_keys(absences(model), values)
    said = [
        f"{title_of(one, language)} {value_with_unit(one, values[one.key], language)}"
        for one in model.variables
        if one.key in product.decided
        and one.key not in absent
        and values[one.key] not in (False, "none")
    ]
    return "; ".join(said[:MOST_CHOICES]) + (" …" if len(said) > MOST_CHOICES else "")


def told_choices(product: ConfiguredProduct, language: str) -> dict[str, tuple[str, str]]:
    """Every variable of a complete configuration by key: what it is called, and its value; those
    of parts it does not have are left out."""
    model, values = model_and_values(product)
    absent = absent_keys(absences(model), values)
    return {
        one.key: (
            title_of(one, language),
            value_with_unit(one, values[one.key], language),
        )
        for one in model.variables
        if one.key not in absent
    }
