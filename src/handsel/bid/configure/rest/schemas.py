"""What the configurator's API takes and gives."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Path, Query
from pydantic import Field

from handsel.bid.configure import queries
from handsel.bid.configure.models import Configuration, ConfigurationModel, ModelVersion
from handsel.bid.configure.queries.states import Seen, changes
from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform.api import AnswerSchema, ClosedSchema

KeyInPath = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
NumberInPath = Annotated[int, Path(..., ge=1, le=2**31 - 1)]
KeyOut = Annotated[int, Field(ge=1, le=2**63 - 1)]
Name = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
Language = Annotated[str, Query(pattern=r"^[a-z]{2}$")]
NameInQuery = Annotated[str, Query(max_length=300, pattern=r"^[^\x00]*$")]
Limit = Annotated[int, Query(ge=1, le=500)]
Lock = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ModelOut(AnswerSchema):
    """A product model and the version in use, if any."""

    id: int
    key: str
    title: str
    title_texts: dict[str, str]
    kind: str
    product_id: int | None
    seller_id: int | None
    version_no: int | None

    @classmethod
    def of(cls, model: ConfigurationModel) -> ModelOut:
        """From the row."""
        found = queries.versions_of(model.pk).filter(state="published").first()
        return cls(
            id=model.pk,
            key=model.key,
            title=model.title,
            title_texts=model.title_texts,
            kind=model.kind,
            product_id=model.product_id,
            seller_id=model.seller_id,
            version_no=found.version_no if found else None,
        )


class VersionOut(AnswerSchema):
    """A version of a model; `report` is what tests and analysis found."""

    model_id: int
    version_no: int
    state: str
    fingerprint: str
    lock_no: int
    note: str
    source: str
    report: dict[str, Any]
    published_at: datetime | None

    @classmethod
    def of(cls, version: ModelVersion) -> VersionOut:
        """From the row."""
        return cls(**{name: getattr(version, name) for name in cls.model_fields})


class ModelIn(ClosedSchema):
    """A model to begin, with its text."""

    key: Annotated[str, Field(min_length=1, max_length=60)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    source: Annotated[str, Field(min_length=1, max_length=4_000_000, pattern=r"^[^\x00]*$")]
    product_id: KeyOut | None = None


class LawsIn(ClosedSchema):
    """Laws between lines to begin, with their text."""

    key: Annotated[str, Field(min_length=1, max_length=60)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    source: Annotated[str, Field(min_length=1, max_length=4_000_000, pattern=r"^[^\x00]*$")]
    seller_id: KeyOut | None = None


class DraftIn(ClosedSchema):
    """Which version's text the next one begins with; the newest when none is given."""

    from_no: Lock | None = None


class SourceIn(ClosedSchema):
    """A draft's text; `lock_no` is the state its editor saw."""

    source: Annotated[str, Field(min_length=1, max_length=4_000_000, pattern=r"^[^\x00]*$")]
    lock_no: Lock | None = None


class FileIn(ClosedSchema):
    """A file: its name tells its kind, and with folders where an import looks for it."""

    name: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
    content_base64: Annotated[str, Field(max_length=28_000_000)]

    def content(self) -> bytes:
        """The bytes; Invalid where they are no base64."""
        try:
            return base64.b64decode(self.content_base64, validate=True)
        except ValueError:
            raise Invalid(
                "the content is not base64", fields={"content_base64": "the file in base64"}
            ) from None


class FilesIn(ClosedSchema):
    """A model's file, with UVL those that it imports; `lock_no` is the state its editor saw."""

    files: Annotated[list[FileIn], Field(min_length=1, max_length=200)]
    lock_no: Lock | None = None


class NoteIn(ClosedSchema):
    """What is new in a version. With `despite_laws` it is put in use though laws between lines
    could not be read with it; no offer with such lines goes out then."""

    note: Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")] = ""
    despite_laws: bool = False


class BeginIn(ClosedSchema):
    """What to configure, and for which customer: his prices are shown with it."""

    model_id: KeyOut
    title: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    organization_id: KeyOut | None = None


class DecisionIn(ClosedSchema):
    """One decision; the value in its exact form ("food", "true", "2.5")."""

    variable: Name
    value: Name
    operator: Literal["=", "!=", ">=", "<="] = "="
    lock_no: Lock | None = None


class RepairIn(ClosedSchema):
    """A wish and the variables whose choices are given up for it."""

    variable: Name
    value: Name
    give_up: Annotated[list[Name], Field(min_length=1, max_length=100)]
    lock_no: Lock | None = None


class RetractIn(ClosedSchema):
    """The variable whose choice is taken back."""

    variable: Name
    lock_no: Lock | None = None


class CompleteIn(ClosedSchema):
    """How to choose what is open."""

    by: Literal["preference", "cheapest", "fastest"] = "preference"
    lock_no: Lock | None = None


class LockIn(ClosedSchema):
    """The state that was seen."""

    lock_no: Lock | None = None


class AnswerOut(AnswerSchema):
    """One variable: a mark a value (0 can be had, 1 is so, 2 cannot), its value and who set it."""

    states: str
    value: int | None
    origin: str
    bounds: str


class FactOut(AnswerSchema):
    """A derived quantity as a person reads it."""

    label: str
    value: str


class StandOut(AnswerSchema):
    """A configuration with the standing of every variable."""

    id: int
    title: str
    state: str
    model_id: int
    version_no: int
    lock_no: int
    decisions: list[list[str]]
    assignment: dict[str, str]
    fingerprint: str
    answers: dict[str, AnswerOut]
    remaining: int
    removed: int
    facts: list[FactOut]
    price: dict[str, Any] | None
    is_complete: bool
    note: str

    @classmethod
    def of(cls, one: Seen, note: str = "") -> StandOut:
        """From what is seen of it, and what there is to say of the command."""
        row, found = one.configuration, changes(one)
        same = {name: found[name] for name in ("answers", "remaining", "removed", "facts", "price")}
        return cls(
            id=row.pk,
            title=row.title,
            state=row.state,
            model_id=row.version.model_id,
            version_no=row.version.version_no,
            lock_no=row.lock_no,
            decisions=row.decisions,
            assignment=row.assignment,
            fingerprint=row.fingerprint,
            is_complete=found["is_complete"],
            note=note,
            **same,
        )


class ConfigurationOut(AnswerSchema):
    """A configuration in a list."""

    id: int
    title: str
    state: str
    model_id: int
    version_no: int
    changed_at: datetime

    @classmethod
    def of(cls, one: Configuration) -> ConfigurationOut:
        """From the row."""
        return cls(
            id=one.pk,
            title=one.title,
            state=one.state,
            model_id=one.version.model_id,
            version_no=one.version.version_no,
            changed_at=one.changed_at,
        )


class OutlineOut(AnswerSchema):
    """Groups and variables with their values, by name."""

    groups: list[dict[str, Any]]
    variables: list[dict[str, Any]]


class VariantsOut(AnswerSchema):
    """How many products are left: exactly, or at least so many, and no more than `at_most` where
    that is known; `text` says it in words."""

    count: str
    is_exact: bool
    at_most: str
    text: str
    is_busy: bool


class WhyOut(AnswerSchema):
    """Why a value cannot be had, and what to give up for it."""

    title: str
    possible: bool
    reasons: list[dict[str, str]]
    is_fewest: bool
    repairs: list[dict[str, Any]]


class ProposalsOut(AnswerSchema):
    """Complete products side by side."""

    alternatives: list[dict[str, Any]]
    note: str
