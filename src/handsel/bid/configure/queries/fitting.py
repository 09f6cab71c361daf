"""Whether lines of a quote fit together by the laws in use, told in a reader's language.

Costs one query where the seller has no laws. Lines come from the quote room, which knows them;
this room knows what their configurations say.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from handsel.bid.configure.models import Configuration, ModelVersion
from handsel.bid.configure.ports import QuoteAround
from handsel.bid.configure.queries.engines import Reading, Ready, is_ready, read_for, ready_for
from handsel.bid.configure.queries.laws_in_force import laws_in_use
from handsel.bid.configure.queries.states import kept_decisions
from handsel.bid.configure.rules.derived import derived_values
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.fit.changes import Chosen, Mend
from handsel.bid.configure.rules.fit.check import check
from handsel.bid.configure.rules.fit.lines import (
    FitLine,
    LawsInUse,
    LineKey,
    Misfit,
    OfferedLine,
    Spoken,
)
from handsel.bid.configure.rules.fit.mend import mends
from handsel.bid.configure.rules.language import LanguageFault
from handsel.bid.configure.rules.texts import value_of
from handsel.ground.kernel.errors import HandselError

MOST_OPTIONS = 20
MOST_KEPT = 4_000
MINE = UUID(int=0)
"""The line a configuration would become."""


@dataclass(frozen=True, slots=True)
class Found:
    """A broken law. With an `option` it is broken only where that line is chosen."""

    misfit: Misfit
    option: LineKey | None = None

    @property
    def forbids(self) -> bool:
        """Whether an offer cannot go out with it."""
        return self.option is None and not self.misfit.law.is_advice


@dataclass(frozen=True)
class Fitting:
    """What was found among the lines that laws speak of, the forbidding first."""

    found: tuple[Found, ...] = ()
    lines: Mapping[LineKey, OfferedLine] | None = None
    unread: bool = False
    is_cut: bool = False
    laws: tuple[LawsInUse, ...] = ()
    checked: tuple[FitLine, ...] = ()

    @property
    def forbidding(self) -> tuple[Found, ...]:
        """What an offer cannot go out with."""
        return tuple(one for one in self.found if one.forbids)

    @cached_property
    def by_line(self) -> Mapping[LineKey, FitLine]:
        """The lines as laws see them."""
        return {one.key: one for one in self.checked}


NOTHING = Fitting()


def spoken_of(seller_id: int, *, on: date, country: str) -> Spoken | None:
    """What laws in use speak of; None, after one query, where there are none."""
    try:
        laws = laws_in_use(seller_id, on=on, country=country)
    except LanguageFault:
        return Spoken((), frozenset(), frozenset(), unread=True)
    if not laws:
        return None
    return Spoken(
        tuple(laws),
        frozenset().union(*(one.models for one in laws)),
        frozenset().union(*(one.products for one in laws)),
    )


def fitting(spoken: Spoken, lines: Sequence[OfferedLine]) -> Fitting:
    """Which laws the lines break: those that count, and what each open option would break."""
    if spoken.unread:
        return Fitting(unread=True)
    seen = _fit_lines(spoken, lines)
    if not seen:
        return NOTHING
    return judged(spoken, lines, seen)


def judged(
    spoken: Spoken, lines: Sequence[OfferedLine], seen: Mapping[LineKey, FitLine]
) -> Fitting:
    """The same with lines read already."""
    counting = [seen[one.key] for one in lines if one.counts and one.key in seen]
    options = [one for one in lines if not one.counts and one.key in seen][:MOST_OPTIONS]
    found: list[Found] = []
    read: list[LawsInUse] = []
    is_cut = False
    for laws in spoken.laws:
        try:
            base = check([laws], counting)
            known = {one for misfit in base.misfits for one in misfit.bindings}
            own = [Found(one) for one in base.misfits]
            for option in options:
                own += _of_option(laws, lines, seen, option, known)
        except LanguageFault:  # the other laws speak all the same
            continue
        read.append(laws)
        found += own
        is_cut = is_cut or base.is_cut
    found.sort(key=lambda one: (not one.forbids, one.option is not None))
    return Fitting(
        tuple(found),
        {one.key: one for one in lines},
        unread=len(read) < len(spoken.laws),
        is_cut=is_cut,
        laws=tuple(read),
        checked=tuple(counting),
    )


def _of_option(
    laws: LawsInUse,
    lines: Sequence[OfferedLine],
    seen: Mapping[LineKey, FitLine],
    option: OfferedLine,
    known: Collection[Any],
) -> list[Found]:
    """What choosing an option would break beyond what is broken; it takes the place of its
    alternative."""
    others = [
        seen[one.key]
        for one in lines
        if one.key in seen
        and one.counts
        and not (option.alternative_set and one.alternative_set == option.alternative_set)
    ]
    misfits = check([laws], [*others, seen[option.key]]).misfits
    return [Found(one, option.key) for one in misfits if not one.bindings <= set(known)]


# -- lines as laws see them

_kept: OrderedDict[int, tuple[str, Any, Mapping[str, Value]]] = OrderedDict()
_lock = threading.Lock()


def _fit_lines(spoken: Spoken, lines: Sequence[OfferedLine]) -> dict[LineKey, FitLine]:
    """The lines laws speak of; a complete configuration never changes, so it is read once."""
    read = _read({one.configuration_id for one in lines if one.configuration_id is not None})
    found: dict[LineKey, FitLine] = {}
    for one in lines:
        line = FitLine(one.key, one.place, one.sku, one.quantity, one.group)
        if one.configuration_id in read:
            model, version, values = read[one.configuration_id]
            if model in spoken.models:
                line = replace(line, model=model, version=version, values=values)
        if line.model or line.product in spoken.products:
            found[one.key] = line
    return found


def _read(keys: Collection[int]) -> dict[int, tuple[str, Any, Mapping[str, Value]]]:
    with _lock:
        found = {key: _kept[key] for key in keys if key in _kept}
    missing = [key for key in keys if key not in found]
    if not missing:
        return found
    rows = list(Configuration.objects.filter(pk__in=missing, state="complete"))
    versions = (
        ModelVersion.objects.select_related("model")
        .defer("source", "report")
        .in_bulk({one.version_id for one in rows})
    )
    for one in rows:
        version = versions[one.version_id]
        reading = read_for(version, on=one.model_on, country=one.country)
        model = reading.model
        variables = {each.key: each for each in model.variables}
        values = {key: value_of(variables[key], text) for key, text in one.assignment.items()}
        values |= derived_values(model, values)
        found[one.pk] = version.model.key, reading, values
    with _lock:
        for one in rows:
            _kept[one.pk] = found[one.pk]
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


# -- a line that is still being configured


def fitting_with(
    around: QuoteAround, configuration: Configuration, made: Ready, values: Mapping[str, Value]
) -> Fitting:
    """What a configuration breaks with the other lines of a quote, were it finished with these
    values and put at the quote's end; what the others break among themselves is left out."""
    spoken, model = around.spoken, configuration.version.model
    if spoken.unread or model.key not in spoken.models:
        return Fitting(unread=spoken.unread)
    place = max((one.place for one in around.lines), default=0) + 1
    sku = model.product.sku if model.product else ""
    mine = OfferedLine(MINE, place, configuration.title, sku, Decimal(1))
    reading = read_for(
        configuration.version, on=configuration.model_on, country=configuration.country
    )
    known = {**values, **derived_values(made.model, values)}
    line = FitLine(MINE, place, sku, Decimal(1), "", model.key, reading, known)
    others = [one for one in around.lines if one.counts]
    fit = judged(spoken, [*others, mine], {**_fit_lines(spoken, others), MINE: line})
    about = tuple(one for one in fit.found if MINE in {each.key for each in one.misfit.all_lines})
    return replace(fit, found=about)


# -- what mends it


def is_quick(found: Collection[Found]) -> bool:
    """Whether repairs can be told at once: the models of all lines concerned are ready."""
    readings = {line.version for one in found for line in one.misfit.all_lines}
    return all(is_ready(one) for one in readings if isinstance(one, Reading))


def mends_of(fit: Fitting, found: Found) -> list[Mend]:
    """The smallest repairs of something broken; none for an option nobody chose."""
    if found.option is not None:
        return []
    offered = fit.lines or {}

    def chosen(key: LineKey) -> Chosen | None:
        line = offered.get(key)
        if line is None or line.configuration_id is None:
            return None
        rows = Configuration.objects.select_related("version__model")
        configuration = rows.get(pk=line.configuration_id)
        try:
            made = ready_for(configuration)
            return Chosen(made.configurator, kept_decisions(made, configuration.decisions))
        except HandselError:  # a model that cannot be made ready offers no other choice
            return None

    return mends(found.misfit, fit.laws, fit.checked, chosen)
