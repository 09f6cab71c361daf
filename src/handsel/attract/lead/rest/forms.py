"""Public forms over the JSON API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from handsel.attract.lead import actions, queries
from handsel.attract.lead.models import CaptureForm
from handsel.attract.lead.rest.routing import router
from handsel.attract.lead.rest.schemas import Key, KeyInPath, Short
from handsel.ground.identity.access import Request
from handsel.ground.party.queries import default_seller_id
from handsel.ground.platform.api import ClosedSchema

Choices = Annotated[list[Short], Field(max_length=50)]
Origins = Annotated[list[Short], Field(max_length=20)]


class FormOut(Schema):
    """A public form; it stands at `/form/{key}/`."""

    id: int
    key: str
    title: str
    intro: str
    language: str
    source: str
    interest_choices: list[str]
    consent_text: str
    frame_ancestors: list[str]
    owner_id: int | None
    is_active: bool

    @classmethod
    def of(cls, form: CaptureForm) -> FormOut:
        """From the model."""
        return cls(**{name: getattr(form, name) for name in cls.model_fields})


class FormIn(ClosedSchema):
    """A new form. `frame_ancestors` are origins of pages that may embed it."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$")]
    title: Short
    intro: Annotated[str, Field(max_length=500)] = ""
    language: Literal["en", "de"] = "en"
    source: Annotated[str, Field(max_length=100)] = ""
    interest_choices: Choices = Field(default_factory=list)
    consent_text: Annotated[str, Field(max_length=5000)] = ""
    frame_ancestors: Origins = Field(default_factory=list)
    owner_id: Key | None = None
    is_active: bool = True
    seller_id: Key | None = None


class FormChangeIn(ClosedSchema):
    """What changes about a form; what is left out stays, and its key always does."""

    title: Short | None = None
    intro: Annotated[str, Field(max_length=500)] | None = None
    language: Literal["en", "de"] | None = None
    source: Annotated[str, Field(max_length=100)] | None = None
    interest_choices: Choices | None = None
    consent_text: Annotated[str, Field(max_length=5000)] | None = None
    frame_ancestors: Origins | None = None
    owner_id: Key | None = None
    is_active: bool | None = None


@router.get(
    "/forms", permission="lead.view", response=list[FormOut], summary="List the public forms"
)
def list_forms(request: Request) -> list[FormOut]:
    """By title."""
    return [FormOut.of(form) for form in queries.forms(request.actor)[:200]]


@router.post(
    "/forms", permission="lead.edit", response=FormOut, summary="Make a public form", status=201
)
def create_form(request: Request, body: FormIn) -> FormOut:
    """Its key is its address and never changes."""
    facts = body.model_dump(exclude={"key", "seller_id"})
    form = actions.create_form(
        actor=request.actor,
        now=request.now,
        seller_id=body.seller_id or default_seller_id(request.actor),
        key=body.key,
        **facts,
    )
    return FormOut.of(form)


@router.post(
    "/forms/{form_id}", permission="lead.edit", response=FormOut, summary="Change a public form"
)
def revise_form(request: Request, form_id: KeyInPath, body: FormChangeIn) -> FormOut:
    """Null empties the owner and leaves everything else as it is."""
    given: dict[str, Any] = body.model_dump(exclude_unset=True)
    facts = {name: value for name, value in given.items() if value is not None}
    if "owner_id" in given:
        facts["owner_id"] = body.owner_id
    form = actions.revise_form(actor=request.actor, now=request.now, form_id=form_id, facts=facts)
    return FormOut.of(form)
