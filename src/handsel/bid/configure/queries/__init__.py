"""Reading models and configurations.

Models are shared by all sellers of the house; a configuration belongs to one of them, and foreign
and missing are alike.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Q, QuerySet

from handsel.bid.configure.errors import (
    ConfigurationNotFound,
    ModelNotFound,
    ModelNotPublished,
)
from handsel.bid.configure.models import Configuration, ConfigurationModel, ModelVersion
from handsel.ground.kernel.said import said
from handsel.ground.platform.actor import Actor

DRAFTS = ("draft", "tested")
_HEAVY = ("source", "report")


def models() -> QuerySet[ConfigurationModel]:
    """All models of products by title."""
    products = ConfigurationModel.objects.filter(kind="product")
    return products.select_related("product").order_by("title")


def law_sets(actor: Actor) -> QuerySet[ConfigurationModel]:
    """The texts of laws between lines of the actor's sellers, by title."""
    own = ConfigurationModel.objects.filter(kind="laws", seller_id__in=actor.seller_ids)
    return own.select_related("seller").order_by("title")


def _reach(actor: Actor | None, prefix: str = "") -> Q:
    """Models of products, and the actor's own laws: where nobody is named, no laws."""
    found = Q(**{f"{prefix}kind": "product"})
    if actor is None:
        return found
    return found | Q(**{f"{prefix}seller_id__in": actor.seller_ids})


def published_models() -> QuerySet[ConfigurationModel]:
    """Models of which a version is in use, by title."""
    return models().filter(pk__in=ModelVersion.objects.filter(state="published").values("model"))


def public_model(key: str) -> ConfigurationModel:
    """A model outsiders may configure. Raises ModelNotFound for every other alike."""
    found = published_models().filter(key=key[:60], is_public=True).first()
    if found is None:
        raise no_model(key)
    return found


def no_model(key: str) -> ModelNotFound:
    """The refusal of a model that is not there for the one who asks."""
    return ModelNotFound("there is nothing to configure here", key=key[:60])


def begun_by_visitors(model_id: int, *, since: datetime) -> int:
    """How many configurations of a model were begun without an account since an instant."""
    begun = Configuration.objects.filter(version__model_id=model_id, owner=None)
    return begun.filter(created_at__gte=since).count()


def get_model(model_id: int, actor: Actor | None = None) -> ConfigurationModel:
    """A model by its key; laws only for an actor of their seller. Raises ModelNotFound."""
    reached = ConfigurationModel.objects.select_related("product", "seller").filter(_reach(actor))
    found = reached.filter(pk=model_id).first()
    if found is None:
        raise ModelNotFound("this product model does not exist", model_id=model_id)
    return found


def product_of(model_key: str) -> int | None:
    """The product a model configures, by the model's key; None where none is named."""
    found = ConfigurationModel.objects.filter(key=model_key)
    return found.values_list("product_id", flat=True).first()


def versions_of(model_id: int) -> QuerySet[ModelVersion]:
    """The versions of a model, newest first, without their texts."""
    return ModelVersion.objects.filter(model_id=model_id).defer(*_HEAVY).order_by("-version_no")


def get_version(model_id: int, version_no: int, actor: Actor | None = None) -> ModelVersion:
    """One version with its text; laws only for an actor of their seller. Raises ModelNotFound."""
    found = ModelVersion.objects.filter(model_id=model_id, version_no=version_no)
    version = found.filter(_reach(actor, "model__")).select_related("model").first()
    if version is None:
        raise ModelNotFound("this version of the model does not exist", version_no=version_no)
    return version


def draft_of(model_id: int) -> ModelVersion | None:
    """The version being worked on, if there is one."""
    drafts = ModelVersion.objects.filter(model_id=model_id, state__in=DRAFTS)
    return drafts.select_related("model").first()


def published_of(model_id: int, actor: Actor | None = None) -> ModelVersion:
    """The version in use; of laws only for an actor of their seller. Raises ModelNotPublished."""
    version = (
        ModelVersion.objects.select_related("model")
        .filter(_reach(actor, "model__"), model_id=model_id, state="published")
        .first()
    )
    if version is None:
        model = get_model(model_id, actor)
        raise ModelNotPublished(
            said(
                "No version of %(title)s is published; test one and publish it first.",
                title=model.title,
            ),
            model_id=model_id,
        )
    return version


def last_number(model_id: int) -> int:
    """The highest version number a model has used; 0 for none."""
    found = ModelVersion.objects.filter(model_id=model_id).aggregate(last=Max("version_no"))
    return found["last"] or 0


def get_configuration(actor: Actor, configuration_id: int) -> Configuration:
    """A configuration of one of the actor's sellers. Raises ConfigurationNotFound."""
    found = _configurations(actor).filter(pk=configuration_id).first()
    if found is None:
        raise ConfigurationNotFound(
            "this configuration does not exist", configuration_id=configuration_id
        )
    return found


def configurations(
    actor: Actor, *, text: str = "", owner_id: int | None = None
) -> QuerySet[Configuration]:
    """The configurations of the actor's sellers, last changed first."""
    found = _configurations(actor).order_by("-changed_at", "-pk")
    if text:
        found = found.filter(Q(title__icontains=text) | Q(version__model__title__icontains=text))
    return found.filter(owner_id=owner_id) if owner_id is not None else found


def same_product(configuration: Configuration) -> QuerySet[Configuration]:
    """Other complete configurations that are the very same product."""
    same = Configuration.objects.filter(
        seller_id=configuration.seller_id, fingerprint=configuration.fingerprint, state="complete"
    )
    return same.exclude(pk=configuration.pk).order_by("completed_at", "pk")


def _configurations(actor: Actor) -> QuerySet[Configuration]:
    visible = Configuration.objects.filter(seller_id__in=actor.seller_ids)
    return visible.select_related("version__model", "owner", "organization").defer(
        "version__source", "version__report"
    )
