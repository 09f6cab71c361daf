"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class ModelDrafted(Event):
    """A product model, or a new version of one, was begun."""

    TYPE: ClassVar[str] = "configure.model.drafted"
    TOUCHES: ClassVar[dict[str, str]] = {"model_id": "configuration_model"}

    model_id: int
    version_no: int
    copied_from_no: int | None


@dataclass(frozen=True, slots=True)
class ModelTested(Event):
    """A draft's golden configurations and analysis ran; how many findings forbid publishing."""

    TYPE: ClassVar[str] = "configure.model.tested"
    TOUCHES: ClassVar[dict[str, str]] = {"model_id": "configuration_model"}

    model_id: int
    version_no: int
    failures: int
    warnings: int


@dataclass(frozen=True, slots=True)
class ModelPublished(Event):
    """A version of a model is what is configured from now on."""

    TYPE: ClassVar[str] = "configure.model.published"
    TOUCHES: ClassVar[dict[str, str]] = {"model_id": "configuration_model"}

    model_id: int
    version_no: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ModelRolledBack(Event):
    """An earlier version was put back in use."""

    TYPE: ClassVar[str] = "configure.model.rolled_back"
    TOUCHES: ClassVar[dict[str, str]] = {"model_id": "configuration_model"}

    model_id: int
    from_no: int
    to_no: int


@dataclass(frozen=True, slots=True)
class ConfigurationBegun(Event):
    """Somebody began to configure a product."""

    TYPE: ClassVar[str] = "configure.configuration.begun"
    TOUCHES: ClassVar[dict[str, str]] = {
        "configuration_id": "configuration",
        "model_id": "configuration_model",
    }

    configuration_id: int
    model_id: int
    version_no: int
    copied_from_id: int | None = None


@dataclass(frozen=True, slots=True)
class ConfigurationCompleted(Event):
    """Every variable has a value, and every law holds."""

    TYPE: ClassVar[str] = "configure.configuration.completed"
    TOUCHES: ClassVar[dict[str, str]] = {"configuration_id": "configuration"}

    configuration_id: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ConfigurationHandedOver(Event):
    """A configuration went from one colleague to another."""

    TYPE: ClassVar[str] = "configure.configuration.handed_over"
    TOUCHES: ClassVar[dict[str, str]] = {"configuration_id": "configuration"}

    configuration_id: int
    from_user_id: int | None
    to_user_id: int
    note: str


@dataclass(frozen=True, slots=True)
class ConfigurationShared(Event):
    """A link to a configuration was given out."""

    TYPE: ClassVar[str] = "configure.configuration.shared"
    TOUCHES: ClassVar[dict[str, str]] = {
        "configuration_id": "configuration",
        "organization_id": "organization",
    }

    configuration_id: int
    recipient: str
    may_decide: bool
    prices: str = "list"
    organization_id: int | None = None
