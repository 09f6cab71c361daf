"""Product models: begun, written, tested, published, put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from handsel.bid.configure import queries
from handsel.bid.configure.errors import (
    BadModel,
    ModelNotEditable,
    StaleConfiguration,
)
from handsel.bid.configure.events import (
    ModelDrafted,
    ModelTested,
)
from handsel.bid.configure.models import ConfigurationModel, ModelVersion
from handsel.bid.configure.ports import pricing
from handsel.bid.configure.queries.laws_in_force import models_in_use, texts_that_name
from handsel.bid.configure.rules.examination import AmountsOf, Examined, examine, tell
from handsel.bid.configure.rules.examination_laws import examine_laws, unread_with
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.formats.spreadsheet import read_paste
from handsel.bid.configure.rules.language import LanguageFault, parse_model
from handsel.bid.configure.rules.model import ProductModel
from handsel.ground.kernel.said import said
from handsel.ground.party import queries as party
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import announce

MOST_SOURCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """A version after it was tested, and what was found."""

    version: ModelVersion
    examined: Examined


@transaction.atomic
def draft_model(
    *,
    actor: Actor,
    now: datetime,
    key: str,
    title: str,
    source: str,
    product_id: int | None = None,
    is_public: bool = False,
) -> ModelVersion:
    """Begin a model with its first draft. Raises BadModel for a key that is taken or none."""
    head = {"product_id": product_id, "is_public": is_public}
    return _begun(actor, now, key, title, source, head)


@transaction.atomic
def draft_laws(
    *,
    actor: Actor,
    now: datetime,
    key: str,
    title: str,
    source: str,
    seller_id: int | None = None,
) -> ModelVersion:
    """Begin a text of laws between the lines of a seller's quotes, with its first draft.

    Raises BadModel for a key that is taken or none.
    """
    seller = (
        party.get_seller(actor, seller_id) if seller_id is not None else party.default_seller(actor)
    )
    return _begun(actor, now, key, title, source, {"kind": "laws", "seller_id": seller.pk})


def _begun(
    actor: Actor, now: datetime, key: str, title: str, source: str, head: Mapping[str, object]
) -> ModelVersion:
    _check_head(key, title)
    _check_size(source)
    try:
        with transaction.atomic():
            model = ConfigurationModel.objects.create(
                key=key, title=title.strip(), created_at=now, **head
            )
    except IntegrityError as taken:
        raise BadModel(
            said("A model with the key %(key)s exists already.", key=key),
            fields={"key": "another key"},
        ) from taken
    return _draft(model, 1, source, None, actor, now)


@transaction.atomic
def set_model_head(
    *,
    actor: Actor,
    now: datetime,
    model_id: int,
    title: str,
    product_id: int | None,
    is_public: bool,
    public_prices: bool = True,
) -> ConfigurationModel:
    """Change what a model is called, the product it configures, whether outsiders may, and whether
    they see list prices."""
    model = queries.get_model(model_id, actor)
    _check_head(model.key, title)
    if model.is_laws and (product_id is not None or is_public):
        raise BadModel("Laws between lines configure no product and are not public.")
    model.title, model.is_public = title.strip(), is_public
    model.product_id, model.public_prices = product_id, public_prices
    model.save(update_fields=["title", "product", "is_public", "public_prices"])
    return model


@transaction.atomic
def draft_version(
    *, actor: Actor, now: datetime, model_id: int, from_no: int | None = None
) -> ModelVersion:
    """Begin the next version with the text of another one, by default the newest.

    Where a draft is open already, it is that one.
    """
    model = queries.get_model(model_id, actor)
    ConfigurationModel.objects.select_for_update().get(pk=model_id)
    open_draft = queries.draft_of(model_id)
    if open_draft is not None:
        return open_draft
    last = queries.last_number(model_id)
    source = queries.get_version(model_id, from_no or last, actor)
    return _draft(model, last + 1, source.source, source.version_no, actor, now)


@transaction.atomic
def revise_source(
    *,
    actor: Actor,
    now: datetime,
    model_id: int,
    version_no: int,
    source: str,
    lock_no: int | None = None,
) -> ModelVersion:
    """Keep a draft's text, whether it can be read or not; what was tested must be tested again.

    Raises ModelNotEditable, and StaleConfiguration when somebody else kept another text meanwhile.
    """
    _check_size(source)
    version = lock_draft(actor, model_id, version_no, lock_no)
    if version.source == source:
        return version
    version.source, version.state = source, "draft"
    version.fingerprint, version.report = "", {}
    version.lock_no += 1
    version.changed_at = now
    version.save()
    return version


def add_table(
    *,
    actor: Actor,
    now: datetime,
    model_id: int,
    version_no: int,
    key: str,
    rows: str,
    lock_no: int | None = None,
) -> ModelVersion:
    """Put rows pasted from a spreadsheet at the end of a draft's text, as a table of that key.

    Raises LanguageFault naming every row that is wrong; nothing is kept then.
    """
    version = queries.get_version(model_id, version_no, actor)
    model = parse_model(version.source, file=version.model.key)
    paste = read_paste(rows, model, key=key.strip() or "pasted")
    if paste.table is None:
        raise LanguageFault(paste.problems)
    return revise_source(
        actor=actor,
        now=now,
        model_id=model_id,
        version_no=version_no,
        source=f"{version.source.rstrip()}\n\n{paste.text}\n",
        lock_no=lock_no,
    )


@transaction.atomic
def test_version(*, actor: Actor, now: datetime, model_id: int, version_no: int) -> Outcome:
    """Read, compile and examine a draft; it is tested when nothing forbids to publish it."""
    version = lock_draft(actor, model_id, version_no, None)
    examined = _examined(actor, now, version)
    version.report = examined.report
    version.state = "tested" if examined.may_be_published else "draft"
    if examined.compiled is not None:
        version.fingerprint = examined.compiled.fingerprint
    version.changed_at = now
    version.save()
    tested = ModelTested(
        model_id=model_id,
        version_no=version_no,
        failures=len(examined.report["failures"]),
        warnings=len(examined.report["warnings"]),
    )
    announce(tested, actor=actor, now=now)
    return Outcome(version, examined)


def _examined(actor: Actor, now: datetime, version: ModelVersion) -> Examined:
    model = version.model
    if model.is_laws:
        return examine_laws(version.source, name=model.key, models=models_in_use(on=now.date()))
    examined = examine(version.source, name=model.key, amounts=_amounts(actor, now, model.key))
    if examined.model is not None:
        known = {**models_in_use(on=now.date()), model.key: examined.model}
        for title, source in texts_that_name(actor, model.key):
            tell(examined, "warnings", unread_with(title, source, known))
    return examined


def _amounts(actor: Actor, now: datetime, model_key: str) -> AmountsOf:
    """Amounts by the price list of the day in the house's currency."""
    seller = party.sellers_of(actor).first()

    def found(model: ProductModel, values: Mapping[str, Value]) -> Mapping[str, str] | None:
        if seller is None:
            return None
        return pricing().amounts(
            model_key=model_key,
            model=model,
            assignment=values,
            currency=seller.currency,
            on=now.date(),
        )

    return found


def _draft(
    model: ConfigurationModel,
    version_no: int,
    source: str,
    copied_from_no: int | None,
    actor: Actor,
    now: datetime,
) -> ModelVersion:
    version = ModelVersion.objects.create(
        model=model,
        version_no=version_no,
        source=source,
        created_by_id=actor.user_id,
        created_at=now,
        changed_at=now,
    )
    drafted = ModelDrafted(model_id=model.pk, version_no=version_no, copied_from_no=copied_from_no)
    announce(drafted, actor=actor, now=now)
    return version


def lock_draft(actor: Actor, model_id: int, version_no: int, lock_no: int | None) -> ModelVersion:
    """A version that can be changed, locked. Raises ModelNotEditable and StaleConfiguration."""
    reached = queries.get_version(model_id, version_no, actor)
    rows = ModelVersion.objects.select_for_update(of=("self",)).select_related("model")
    version = rows.get(pk=reached.pk)
    if version.state not in queries.DRAFTS:
        raise ModelNotEditable(
            said(
                "Version %(no)s of %(title)s was published and never changes; begin a new one.",
                no=version_no,
                title=version.model.title,
            )
        )
    if lock_no is not None and lock_no != version.lock_no:
        raise StaleConfiguration(
            "Somebody else kept another text of this version meanwhile. Yours is not kept; copy "
            "it, load the page again, and put in what is missing.",
            lock_no=version.lock_no,
        )
    return version


def _check_head(key: str, title: str) -> None:
    fields = {}
    plain = key.replace("-", "")
    if not (0 < len(key) <= 60 and plain.isascii() and plain.isalnum() and key == key.lower()):
        fields["key"] = "small letters, digits and hyphens"
    if not 0 < len(title.strip()) <= 200:
        fields["title"] = "a title of at most 200 characters"
    if fields:
        raise BadModel("The model cannot be begun as it is.", fields=fields)


def _check_size(source: str) -> None:
    if len(source) > MOST_SOURCE or "\x00" in source:
        raise BadModel(
            said(
                "The text of a model has at most %(most)s characters and no null character.",
                most=f"{MOST_SOURCE:,}",
            ),
            fields={"source": "a shorter text"},
        )
