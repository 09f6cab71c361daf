"""The only writers of billing; one file for each verb or two."""

from handsel.earn.billing.actions.cancel import cancel_billing
from handsel.earn.billing.actions.credit import credit_invoice, credit_whole_invoice
from handsel.earn.billing.actions.documents import Made, make_documents, preview
from handsel.earn.billing.actions.draft import (
    draft_by_hand,
    draft_for_shipment,
    draft_planned,
)
from handsel.earn.billing.actions.issue import discard_draft, issue_invoice
from handsel.earn.billing.actions.plan import plan_billing
from handsel.earn.billing.actions.send import (
    Outcome,
    finish_invoice,
    issue_and_send,
    issue_then_finish_later,
    send_invoice,
)

__all__ = [
    "Made",
    "Outcome",
    "cancel_billing",
    "credit_invoice",
    "credit_whole_invoice",
    "discard_draft",
    "draft_by_hand",
    "draft_for_shipment",
    "draft_planned",
    "finish_invoice",
    "issue_and_send",
    "issue_invoice",
    "issue_then_finish_later",
    "make_documents",
    "plan_billing",
    "preview",
    "send_invoice",
]
