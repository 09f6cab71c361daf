"""Tables of the room; the README tells what each stands for."""

from handsel.bid.quote.models.approvals import (
    ApprovalAsk,
    ApprovalDecision,
    ApprovalLimit,
    ApprovalLink,
    ApprovalRequest,
    ApprovalRule,
    ApproverAbsence,
    Superior,
)
from handsel.bid.quote.models.presence import QuotePresence
from handsel.bid.quote.models.proposals import (
    ProposalChoice,
    ProposalTemplate,
    QuoteTemplate,
)
from handsel.bid.quote.models.quotes import (
    Quote,
    QuoteAcceptance,
    QuoteGroup,
    QuoteLine,
    QuoteMessage,
    QuoteVersion,
)

__all__ = [
    "ApprovalAsk",
    "ApprovalDecision",
    "ApprovalLimit",
    "ApprovalLink",
    "ApprovalRequest",
    "ApprovalRule",
    "ApproverAbsence",
    "ProposalChoice",
    "ProposalTemplate",
    "Quote",
    "QuoteAcceptance",
    "QuoteGroup",
    "QuoteLine",
    "QuoteMessage",
    "QuotePresence",
    "QuoteTemplate",
    "QuoteVersion",
    "Superior",
]
