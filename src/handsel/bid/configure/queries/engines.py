"""Models made ready to answer, one for each version and process; they never change once made."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from handsel.bid.configure.errors import ModelNotFound
from handsel.bid.configure.models import Configuration, ModelVersion
from handsel.bid.configure.queries.instead import Instead
from handsel.bid.configure.rules.complete import Completion, complete
from handsel.bid.configure.rules.decisions import Decisions
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.expressions import Value, evaluate
from handsel.bid.configure.rules.guide import next_question
from handsel.bid.configure.rules.language import moments, parse_model, read_model
from handsel.bid.configure.rules.model import LEAD_TIME, Law, ProductModel, TableLaw
from handsel.bid.configure.rules.presence import Absence, absences, not_there_yet
from handsel.bid.configure.rules.session import Configurator
from handsel.ground.kernel.clock import local_date
from handsel.ground.kernel.errors import HandselError
from handsel.ground.kernel.names import text_in
from handsel.ground.party.models import Seller
from handsel.ground.tax.rules.territories import EU_MEMBERS

MOST_READY = 24
MOST_READ = 48
MOST_COMPLETED = 256
MOST_WARMED = 8
MOST_PLACES = 2
MOST_SPOKEN = 500


@dataclass(frozen=True)
class Ready:
    """A version of a model with its configurator."""

    key: str
    version_id: int
    configurator: Configurator

    @property
    def model(self) -> ProductModel:
        """The flat model."""
        return self.configurator.model

    @cached_property
    def laws(self) -> dict[str, Law | TableLaw]:
        """Laws by key."""
        return {law.key: law for law in self.model.laws}

    @cached_property
    def _completions(self) -> OrderedDict[Decisions, Completion]:
        return OrderedDict()

    @cached_property
    def instead(self) -> Instead:
        """What could be chosen instead of what was."""
        return Instead(self.configurator)

    def completion(self, decisions: Decisions) -> Completion:
        """The preferred full configuration with the decisions; the last ones asked for are kept.

        Raises NotPossible when the decisions contradict each other.
        """
        with _lock:
            found = self._completions.get(decisions)
        if found is None:
            found = complete(self.configurator, decisions)
            with _lock:
                self._completions[decisions] = found
                while len(self._completions) > MOST_COMPLETED:
                    self._completions.popitem(last=False)
        return found

    def sentence(self, key: str, language: str) -> str:
        """What a law says to a seller; its key where nobody wrote a sentence."""
        law = self.laws.get(key)
        return text_in(law.sentences, language, key) if law else key

    @cached_property
    def has_lead_time(self) -> bool:
        """Whether the model says how long a product takes."""
        return any(one.key == LEAD_TIME for one in self.model.derived)

    @cached_property
    def absences(self) -> tuple[Absence, ...]:
        """When parts of a product are not there."""
        return absences(self.model)

    def next_question(self, decisions: Decisions, skipped: Collection[str] = ()) -> str | None:
        """The question that narrows most, where the model asks any; parts that are not there ask
        nothing, and neither do those skipped."""
        answer = self.configurator.answer(decisions)
        silent = {*skipped, *not_there_yet(self.absences, answer)}
        found = next_question(self.configurator, decisions, skipped=silent)
        return found.variable if found else None

    def broken_laws(self, values: Mapping[str, Value]) -> list[str]:
        """The laws a full configuration breaks, asked of the laws themselves and no solver."""
        known = dict(values)
        for derived in self.model.derived:
            known[derived.key] = evaluate(derived.expression, known)
        return [
            law.key
            for law in self.model.laws
            if not (
                tuple(known[key] for key in law.scope) in law.rows
                if isinstance(law, TableLaw)
                else evaluate(law.condition, known)
            )
        ]


# A model is read for one day and market; most speak of neither, and then all days are one.
Moment = tuple[date | None, str | None]
Key = tuple[int, int, Moment]


@dataclass(frozen=True, slots=True)
class Reading:
    """A version's flat model for one moment; two are the same by their key."""

    key: Key
    model: ProductModel = field(compare=False)


_ready: OrderedDict[Key, Ready] = OrderedDict()
_read: OrderedDict[Key, Reading] = OrderedDict()
_making: dict[Key, threading.Lock] = {}
_moments: OrderedDict[tuple[int, int], frozenset[Moment]] = OrderedDict()
_lock = threading.Lock()


def ready_for(configuration: Configuration) -> Ready:
    """The version a configuration is pinned to, as it holds on its day in its country."""
    on, country = configuration.model_on, configuration.country
    return ready(configuration.version, on=on, country=country)


def ready(version: ModelVersion, *, on: date | None = None, country: str = "") -> Ready:
    """A version made ready; those asked for last stay in memory. Raises ModelNotFound.

    It is read as it holds `on` a day in a country; without a day, as on the day it was published
    and for all markets. A draft that is tried is made anew with every text that is kept. While one
    is made, others answer; who asks for the same waits for it.
    """
    key = (version.pk, version.lock_no, _moment(version, on, country))
    with _lock:
        found = _ready.get(key)
        if found is not None:
            _ready.move_to_end(key)
            return found
        making = _making.setdefault(key, threading.Lock())
    with making:
        with _lock:
            found = _ready.get(key)
        if found is None:
            found = _made(version.pk, key[2])
            _keep(key, found)
        return found


def is_ready(reading: Reading) -> bool:
    """Whether a reading is ready to answer, so that asking it takes no time."""
    with _lock:
        return reading.key in _ready


def _keep(key: Key, made: Ready) -> None:
    with _lock:
        _ready[key] = made
        _making.pop(key, None)
        while len(_ready) > MOST_READY:
            _ready.popitem(last=False)


def _moment(version: ModelVersion, on: date | None, country: str) -> Moment:
    """The last day up to this one on which the model changes, and its name for the market.

    A model that speaks of no days and markets has one moment, whatever is asked.
    """
    known = _spoken(version)
    if not known or on is None:
        return None, None
    days = sorted({day for day, _market in known if day is not None})
    day = max((one for one in days if one <= on), default=days[0])
    markets = {market for _day, market in known}
    return day, next((name for name in _names(country) if name in markets), "")


def _names(country: str) -> tuple[str, ...]:
    """What a model may call a country's market, the nearest first."""
    names = [country]
    if country == "GB":
        names.append("UK")
    if country in EU_MEMBERS:
        names.append("EU")
    return tuple(names)


def _spoken(version: ModelVersion) -> frozenset[Moment]:
    """The days and markets a version's text speaks of; empty for most."""
    key = (version.pk, version.lock_no)
    with _lock:
        found = _moments.get(key)
    if found is None:
        found = frozenset(moments(parse_model(version.source, file=version.model.key)))
        with _lock:
            _moments[key] = found
            while len(_moments) > MOST_SPOKEN:
                _moments.popitem(last=False)
    return found


def warm_up(*, now: datetime) -> None:
    """Make the models in use ready, the newest first; for a process that begins.

    As they hold today where our sellers are: that is what is configured next.
    """
    products = ModelVersion.objects.filter(state="published", model__kind="product")
    in_use = products.defer("source", "report")
    places = Seller.objects.order_by("pk").values_list("time_zone", "country").distinct()
    today = dict.fromkeys((local_date(now, zone), country) for zone, country in places)
    for version in in_use.order_by("-published_at", "-pk")[:MOST_WARMED]:
        for day, country in [*today][:MOST_PLACES]:
            with suppress(HandselError):  # who asks for it will be told
                ready(version, on=day, country=country)


def prepare_reasons() -> None:
    """Make the models that are ready able to explain at once; each takes a second."""
    with _lock:
        made = list(_ready.values())
    for one in made:
        one.configurator.explainer.prepare()


def model_of(version: ModelVersion, *, on: date | None = None, country: str = "") -> ProductModel:
    """The flat model of a version's text, as `ready` reads it. Raises LanguageFault."""
    return _flat(version, _moment(version, on, country))


def read_for(version: ModelVersion, *, on: date | None = None, country: str = "") -> Reading:
    """The flat model of a version as `ready` reads it, not made ready.

    Those asked for last are kept. Raises LanguageFault.
    """
    key = (version.pk, version.lock_no, _moment(version, on, country))
    with _lock:
        found = _read.get(key)
        if found is not None:
            _read.move_to_end(key)
            return found
    found = Reading(key, _flat(version, key[2]))
    with _lock:
        _read[key] = found
        while len(_read) > MOST_READ:
            _read.popitem(last=False)
    return found


def moment_of(version: ModelVersion, on: date | None, country: str) -> Moment:
    """The day and market that a text speaks of and a day and country fall under."""
    return _moment(version, on, country)


def _flat(version: ModelVersion, moment: Moment) -> ProductModel:
    day, market = moment
    if day is None and version.published_at:
        day = version.published_at.date()
    return read_model(version.source, file=version.model.key, on=day, market=market)


def _made(version_id: int, moment: Moment) -> Ready:
    version = ModelVersion.objects.select_related("model").filter(pk=version_id).first()
    if version is None:
        raise ModelNotFound("this version of the model does not exist", version_id=version_id)
    model = _flat(version, moment)
    return Ready(version.model.key, version_id, Configurator.of(encode(model), model))
