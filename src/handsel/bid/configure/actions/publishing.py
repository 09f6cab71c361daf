"""Versions put in use and back; what laws between lines say to it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from handsel.bid.configure import queries
from handsel.bid.configure.actions.modelling import lock_draft
from handsel.bid.configure.errors import LawsUnread, ModelFailsItsTests, ModelNotEditable
from handsel.bid.configure.events import ModelPublished, ModelRolledBack
from handsel.bid.configure.models import ConfigurationModel, ModelVersion
from handsel.bid.configure.queries.engines import read_for
from handsel.bid.configure.queries.laws_in_force import models_in_use, texts_that_name
from handsel.bid.configure.rules.examination_laws import check_laws, unread_with
from handsel.bid.configure.rules.language import parse_model
from handsel.ground.kernel.free_text import free_text
from handsel.ground.kernel.names import MAIN
from handsel.ground.kernel.said import said, strung
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.log import announce


@transaction.atomic
def publish_version(
    *,
    actor: Actor,
    now: datetime,
    model_id: int,
    version_no: int,
    note: str = "",
    despite_laws: bool = False,
) -> ModelVersion:
    """Put a tested version in use; the one before it is kept for the configurations it has.

    Raises ModelFailsItsTests unless the text was tested as it is now, and laws can be read against
    the models in use today; and LawsUnread where laws between lines that are in use could not be
    read any more with it. `despite_laws` says that they will be mended after it.
    """
    version = lock_draft(actor, model_id, version_no, None)
    if version.state != "tested" or not _is_still_read(version, now):
        raise ModelFailsItsTests(
            said(
                "Version %(version_no)s of %(title)s is not tested or fails; test it first.",
                version_no=version_no,
                title=version.model.title,
            )
        )
    if not despite_laws:
        _require_laws_read(actor, now, version)
    version.note = free_text(note, field="note", longest=300)
    _retire(model_id)
    version.state, version.published_at = "published", now
    version.save(update_fields=["state", "note", "published_at"])
    _keep_titles(version)
    published = ModelPublished(
        model_id=model_id, version_no=version_no, fingerprint=version.fingerprint
    )
    announce(published, actor=actor, now=now)
    return version


@transaction.atomic
def roll_back(
    *, actor: Actor, now: datetime, model_id: int, to_no: int, despite_laws: bool = False
) -> ModelVersion:
    """Put an earlier version back in use. Raises ModelNotEditable, and LawsUnread as publishing."""
    ConfigurationModel.objects.select_for_update().get(pk=queries.get_model(model_id, actor).pk)
    target = queries.get_version(model_id, to_no, actor)
    if target.state != "retired":
        raise ModelNotEditable(
            said(
                "Version %(to_no)s is %(state)s; only one that was in use can be put back.",
                to_no=to_no,
                state=said(target.state),
            )
        )
    if not despite_laws:
        _require_laws_read(actor, now, target)
    before = queries.published_of(model_id, actor).version_no
    _retire(model_id)
    target.state = "published"
    target.save(update_fields=["state"])
    _keep_titles(target)
    announce(ModelRolledBack(model_id=model_id, from_no=before, to_no=to_no), actor=actor, now=now)
    return target


def _retire(model_id: int) -> None:
    ModelVersion.objects.filter(model_id=model_id, state="published").update(state="retired")


def _keep_titles(version: ModelVersion) -> None:
    """Name the model in other languages as the text in use does."""
    said = dict(parse_model(version.source, file=version.model.key).texts)
    said.pop(MAIN, None)
    ConfigurationModel.objects.filter(pk=version.model_id).update(title_texts=said)


def _is_still_read(version: ModelVersion, now: datetime) -> bool:
    """Whether laws fit the models in use now: these may have changed since the test."""
    if not version.model.is_laws:
        return True
    return not check_laws(version.source, models_in_use(on=now.date()), file=version.model.key)


def _require_laws_read(actor: Actor, now: datetime, version: ModelVersion) -> None:
    if version.model.is_laws:
        return
    key, today = version.model.key, now.date()
    texts = texts_that_name(actor, key)
    if not texts:
        return
    known = {**models_in_use(on=today), key: read_for(version, on=today).model}
    unread = [line for title, source in texts for line in unread_with(title, source, known)]
    if unread:
        raise LawsUnread(
            said(
                "%(unread)s Until they are mended, no offer with such lines goes out.",
                unread=strung(unread, " "),
            )
        )
