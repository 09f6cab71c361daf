"""Facts this room announces. Payloads hold ids, amounts and dates, never models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from handsel.bid.quote.events.fitting import QuoteAdvised as QuoteAdvised
from handsel.bid.quote.events.fitting import QuoteMended as QuoteMended
from handsel.bid.quote.events.proposals import ProposalChosen as ProposalChosen
from handsel.bid.quote.events.proposals import ProposalPublished as ProposalPublished
from handsel.bid.quote.events.proposals import ProposalWritten as ProposalWritten
from handsel.ground.kernel.money import Money
from handsel.ground.platform.events import Event


@dataclass(frozen=True, slots=True)
class QuoteDrafted(Event):
    """An offer was begun, or a new version of it."""

    TYPE: ClassVar[str] = "quote.quote.drafted"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
        "organization_id": "organization",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None
    organization_id: int


@dataclass(frozen=True, slots=True)
class QuoteRepriced(Event):
    """The lines of a draft changed and were priced.

    `touched` are the serial numbers of the lines that somebody edited, as "1-40,77", `fields` what
    he edited of them; empty where the sheet was not what he used. `lock_no` is the state the draft
    is in now, `changed` which lines are another than in the state before ("*": most of them),
    `is_moved` that lines came, went or stand in another order: so that who has that state need
    read no more than those lines.
    """

    TYPE: ClassVar[str] = "quote.version.repriced"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None
    net: Money
    gross: Money
    touched: str = ""
    fields: tuple[str, ...] = ()
    lock_no: int = 0
    changed: str = ""
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class PartnerTierSet(Event):
    """Somebody priced a quote for another tier of the reseller; empty is a sale without one."""

    TYPE: ClassVar[str] = "quote.version.partner_tier_set"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote"}
    quote_id: int
    version_id: int
    was: str
    tier: str


@dataclass(frozen=True, slots=True)
class FeeWaived(Event):
    """A quote is not charged a fee of its price book."""

    TYPE: ClassVar[str] = "quote.version.fee_waived"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote"}
    quote_id: int
    version_id: int
    fee: str
    reason: str


@dataclass(frozen=True, slots=True)
class FeeCharged(Event):
    """A quote is charged a fee after all that was waived, or stayed with another quote."""

    TYPE: ClassVar[str] = "quote.version.fee_charged"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote"}
    quote_id: int
    version_id: int
    fee: str


@dataclass(frozen=True, slots=True)
class QuotePresented(Event):
    """A version was frozen and given to the buyer."""

    TYPE: ClassVar[str] = "quote.version.presented"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None
    gross: Money
    valid_until: date
    content_hash: str


@dataclass(frozen=True, slots=True)
class QuoteOpened(Event):
    """The buyer opened the link."""

    TYPE: ClassVar[str] = "quote.quote.opened"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
    }

    quote_id: int
    version_id: int


@dataclass(frozen=True, slots=True)
class QuoteQuestioned(Event):
    """The buyer asked, or we answered."""

    TYPE: ClassVar[str] = "quote.quote.questioned"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
    }

    quote_id: int
    message_id: int
    direction: str


@dataclass(frozen=True, slots=True)
class QuoteAccepted(Event):
    """The buyer accepted exactly this version."""

    TYPE: ClassVar[str] = "quote.version.accepted"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
        "organization_id": "organization",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None
    organization_id: int
    acceptance_id: int
    gross: Money
    purchase_order: str


@dataclass(frozen=True, slots=True)
class QuoteDeclined(Event):
    """The buyer said no."""

    TYPE: ClassVar[str] = "quote.quote.declined"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class QuoteExpired(Event):
    """The offer's last day passed."""

    TYPE: ClassVar[str] = "quote.quote.expired"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None


@dataclass(frozen=True, slots=True)
class QuoteWithdrawn(Event):
    """We took the offer back."""

    TYPE: ClassVar[str] = "quote.quote.withdrawn"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "opportunity_id": "opportunity",
    }

    quote_id: int
    version_id: int
    opportunity_id: int | None


@dataclass(frozen=True, slots=True)
class ApprovalAsked(Event):
    """Somebody asked for a version to be approved; `asks` is how many questions that makes."""

    TYPE: ClassVar[str] = "quote.approval.asked"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote", "version_id": "quote_version"}

    quote_id: int
    version_id: int
    request_id: int
    asks: int


@dataclass(frozen=True, slots=True)
class ApprovalDecided(Event):
    """One approver answered."""

    TYPE: ClassVar[str] = "quote.approval.decided"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote", "version_id": "quote_version"}

    quote_id: int
    version_id: int
    request_id: int
    decision_id: int
    verdict: str
    comment: str
    channel: str = ""
    is_signed_in: bool | None = None


@dataclass(frozen=True, slots=True)
class ApprovalClosed(Event):
    """A request came to its end: approved, rejected, recalled or replaced by a newer one."""

    TYPE: ClassVar[str] = "quote.approval.closed"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote", "version_id": "quote_version"}

    quote_id: int
    version_id: int
    request_id: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class ApprovalEscalated(Event):
    """Time ran out for a question; `also_asked_ids` are asked as well since."""

    TYPE: ClassVar[str] = "quote.approval.escalated"
    TOUCHES: ClassVar[dict[str, str]] = {
        "quote_id": "quote",
        "version_id": "quote_version",
        "also_asked_ids": "user",
    }

    quote_id: int
    version_id: int
    request_id: int
    ask_id: int
    level: int
    also_asked_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ApprovalRuleSet(Event):
    """A rule was made or changed; the version in force is this one."""

    TYPE: ClassVar[str] = "quote.approval_rule.set"
    TOUCHES: ClassVar[dict[str, str]] = {"rule_id": "approval_rule"}

    rule_id: int
    name: str
    version_no: int


@dataclass(frozen=True, slots=True)
class ApprovalRuleEnded(Event):
    """A rule asks nobody any more."""

    TYPE: ClassVar[str] = "quote.approval_rule.ended"
    TOUCHES: ClassVar[dict[str, str]] = {"rule_id": "approval_rule"}

    rule_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ApproverRepresented(Event):
    """A user is represented for a while, or no longer."""

    TYPE: ClassVar[str] = "quote.approver.represented"
    TOUCHES: ClassVar[dict[str, str]] = {"user_id": "user", "delegate_id": "user"}

    user_id: int
    delegate_id: int | None
    is_absent: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class SuperiorNamed(Event):
    """It was said whom a user reports to; None: nobody."""

    TYPE: ClassVar[str] = "quote.superior.named"
    TOUCHES: ClassVar[dict[str, str]] = {"user_id": "user", "superior_id": "user"}

    user_id: int
    superior_id: int | None


@dataclass(frozen=True, slots=True)
class QuoteCopied(Event):
    """A quote was begun with the lines of another one."""

    TYPE: ClassVar[str] = "quote.quote.copied"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote", "source_id": "quote"}

    quote_id: int
    source_id: int
    source_version: int


@dataclass(frozen=True, slots=True)
class QuoteSplit(Event):
    """Lines of a draft went into a quote of their own."""

    TYPE: ClassVar[str] = "quote.quote.split"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote", "part_id": "quote"}

    quote_id: int
    part_id: int
    lines: int


@dataclass(frozen=True, slots=True)
class QuotesMerged(Event):
    """The lines of one draft went into another; the one they came from is withdrawn."""

    TYPE: ClassVar[str] = "quote.quote.merged"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote", "merged_id": "quote"}

    quote_id: int
    merged_id: int
    lines: int


@dataclass(frozen=True, slots=True)
class QuoteTemplateKept(Event):
    """Lines and terms were kept under a name, to begin quotes from."""

    TYPE: ClassVar[str] = "quote.template.kept"
    TOUCHES: ClassVar[dict[str, str]] = {"template_id": "quote_template"}

    template_id: int
    name: str


@dataclass(frozen=True, slots=True)
class QuoteTemplateEnded(Event):
    """Quotes no longer begin from a template."""

    TYPE: ClassVar[str] = "quote.template.ended"
    TOUCHES: ClassVar[dict[str, str]] = {"template_id": "quote_template"}

    template_id: int
    name: str


@dataclass(frozen=True, slots=True)
class QuoteScenariosChanged(Event):
    """A named choice of options was kept, offered (with no name: none is) or removed."""

    TYPE: ClassVar[str] = "quote.version.scenarios_changed"
    TOUCHES: ClassVar[dict[str, str]] = {"quote_id": "quote", "version_id": "quote_version"}

    quote_id: int
    version_id: int
    name: str
    change: str
