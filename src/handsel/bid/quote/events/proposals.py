"""Facts about the texts that offers go out as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class ProposalWritten(Event):
    """The text of a proposal was written or changed, as a draft."""

    TYPE: ClassVar[str] = "quote.proposal.written"
    TOUCHES: ClassVar[dict[str, str]] = {"template_id": "proposal_template"}

    template_id: int
    name: str
    version_no: int


@dataclass(frozen=True, slots=True)
class ProposalPublished(Event):
    """A version of a proposal's text can be chosen for quotes from now on."""

    TYPE: ClassVar[str] = "quote.proposal.published"
    TOUCHES: ClassVar[dict[str, str]] = {"template_id": "proposal_template"}

    template_id: int
    name: str
    version_no: int


@dataclass(frozen=True, slots=True)
class ProposalChosen(Event):
    """It was chosen what a draft goes out as; without a template, as the standard document."""

    TYPE: ClassVar[str] = "quote.proposal.chosen"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "template_id": "proposal_template",
    }

    quote_id: int
    version_id: int
    template_id: int | None
