"""Pages of billing: lists, one invoice, crediting, and the billing plan of an order."""

from __future__ import annotations

from django.urls import path

from handsel.earn.billing.web import commands, credit, lists, plan, record

urlpatterns = [
    path("", lists.invoice_list, name="list"),
    path("to-bill/", lists.to_bill, name="to_bill"),
    path("issue-and-send/", commands.issue_many, name="issue_many"),
    path("invoices/<int:invoice_id>/", record.invoice_record, name="record"),
    path("invoices/<int:invoice_id>/preview/", record.preview, name="preview"),
    path("invoices/<int:invoice_id>/documents/<str:kind>/", record.document, name="document"),
    path("invoices/<int:invoice_id>/issue/", commands.issue, name="issue"),
    path("invoices/<int:invoice_id>/issue-and-send/", commands.issue_and_send, name="issue_send"),
    path("invoices/<int:invoice_id>/send/", commands.send, name="send"),
    path("invoices/<int:invoice_id>/discard/", commands.discard, name="discard"),
    path("invoices/<int:invoice_id>/credit/", credit.credit, name="credit"),
    path("orders/<int:order_id>/", plan.of_order, name="of_order"),
    path("orders/<int:order_id>/draft/", plan.draft_rest, name="draft_rest"),
    path("plan-items/<int:item_id>/draft/", plan.draft_item, name="draft_item"),
]
