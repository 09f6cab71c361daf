"""Laws between lines that are in use, read against the models of the lines; readings are kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from handsel.bid.configure.models import ModelVersion
from handsel.bid.configure.queries.engines import Reading, moment_of, read_for
from handsel.bid.configure.rules.fit.lines import LawsInUse
from handsel.bid.configure.rules.language import parse_law_set, read_law_set
from handsel.bid.configure.rules.language.law_sets import LawSet, roles_of
from handsel.bid.configure.rules.language.source import ModelSource
from handsel.bid.configure.rules.model import ProductModel
from handsel.ground.platform.actor import Actor

MOST_SETS = 100
MOST_READ = 64
_HEAVY = ("source", "report")  # read where they are not known yet

_sources: OrderedDict[tuple[int, int], ModelSource] = OrderedDict()
_read: OrderedDict[tuple[Any, ...], LawSet] = OrderedDict()
_lock = threading.Lock()


def laws_in_use(seller_id: int, *, on: date, country: str) -> list[LawsInUse]:
    """The published laws of a seller, by key, as they hold on a day for a customer's country.

    One query where there are none. What laws speak of is read against the models in use, lines
    against their own.
    """
    published = ModelVersion.objects.filter(
        state="published", model__kind="laws", model__seller_id=seller_id
    )
    versions = list(published.select_related("model").defer(*_HEAVY).order_by("model__key"))
    if not versions:
        return []
    sources = {one.pk: _source(one) for one in versions}
    wanted = {role.model for one in sources.values() for role in roles_of(one)}
    in_use = _in_use(wanted, on, country)
    return [
        LawsInUse(
            one.model.key,
            roles_of(sources[one.pk]),
            partial(_law_set, one, sources[one.pk], in_use, moment_of(one, on, country)),
        )
        for one in versions[:MOST_SETS]
    ]


def models_in_use(*, on: date) -> dict[str, ProductModel]:
    """The published models by key, as they hold on a day for all markets."""
    return {key: one.model for key, one in _in_use(None, on, "").items()}


def texts_that_name(actor: Actor, model_key: str) -> list[tuple[str, str]]:
    """Title and text of the house's published laws that speak of lines of a model.

    Those of a seller the actor does not act for have no title: what they say is not his to read.
    """
    published = ModelVersion.objects.filter(state="published", model__kind="laws")
    return [
        (one.model.title if one.model.seller_id in actor.seller_ids else "", one.source)
        for one in published.select_related("model").order_by("model__key")
        if any(role.model == model_key for role in roles_of(_source(one)))
    ]


def _in_use(keys: set[str] | None, on: date, country: str) -> dict[str, Reading]:
    published = ModelVersion.objects.filter(state="published", model__kind="product")
    if keys is not None:
        published = published.filter(model__key__in=keys)
    versions = published.select_related("model").defer(*_HEAVY)
    return {one.model.key: read_for(one, on=on, country=country) for one in versions}


def _source(version: ModelVersion) -> ModelSource:
    key = (version.pk, version.lock_no)
    with _lock:
        found = _sources.get(key)
    if found is None:
        found = parse_law_set(version.source, file=version.model.key)
        with _lock:
            _sources[key] = found
            while len(_sources) > MOST_SETS:
                _sources.popitem(last=False)
    return found


def _law_set(
    version: ModelVersion,
    source: ModelSource,
    in_use: Mapping[str, Reading],
    moment: tuple[date | None, str | None],
    versions: Mapping[str, Any],
) -> LawSet:
    """The laws read against readings of models: `versions` by line, otherwise those in use."""
    models: dict[str, ProductModel] = {}
    named: list[tuple[str, Any]] = []
    for role in roles_of(source):
        reading = versions.get(role.key) or in_use.get(role.model)
        if reading is not None and role.model:
            models[role.key] = reading.model
            named.append((role.key, reading.key))
    wanted = (version.pk, version.lock_no, moment, tuple(named))
    with _lock:
        found = _read.get(wanted)
        if found is not None:
            _read.move_to_end(wanted)
            return found
    day, market = moment
    found = read_law_set(source, models, on=day, market=market, tested=False)
    with _lock:
        _read[wanted] = found
        while len(_read) > MOST_READ:
            _read.popitem(last=False)
    return found
