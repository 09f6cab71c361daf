"""The only writers of billing; one file for each verb or two."""

from handsel.earn.billing.actions.credit import credit_invoice, credit_whole_invoice
from handsel.earn.billing.actions.draft import (
    draft_by_hand,
    draft_for_shipment,
    draft_planned,
)
from handsel.earn.billing.actions.issue import discard_draft, issue_invoice
from handsel.earn.billing.actions.plan import plan_billing

__all__ = [
    "credit_invoice",
    "credit_whole_invoice",
    "discard_draft",
    "draft_by_hand",
    "draft_for_shipment",
    "draft_planned",
    "issue_invoice",
    "plan_billing",
]
