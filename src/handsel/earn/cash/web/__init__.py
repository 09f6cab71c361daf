"""Pages of cash: bank statements, the matching desk, payments, receivables."""

from __future__ import annotations

from django.urls import path

from handsel.earn.cash.web import (
    accounts,
    desk,
    payments,
    receivables,
    statement,
    statements,
)

urlpatterns = [
    path("", statements.statement_list, name="list"),
    path("take-in/", statements.take_in, name="take_in"),
    path("statements/<int:statement_id>/", statement.statement_record, name="statement"),
    path("statements/<int:statement_id>/file/", statement.statement_file, name="statement_file"),
    path("statements/<int:statement_id>/match/", statement.match_clear, name="match_clear"),
    path("statements/<int:statement_id>/decide/", statement.decide, name="decide"),
    path("match/", desk.desk, name="match"),
    path("entries/<int:entry_id>/", desk.entry_page, name="entry"),
    path("entries/<int:entry_id>/confirm/", desk.confirm, name="confirm"),
    path("entries/<int:entry_id>/match/", desk.match_by_hand, name="match_by_hand"),
    path("entries/<int:entry_id>/aside/", desk.set_aside, name="set_aside"),
    path("payments/", payments.payment_list, name="payments"),
    path("payments/<int:payment_id>/", payments.payment_record, name="record"),
    path(
        "payments/<int:payment_id>/allocate/<int:invoice_id>/", payments.allocate, name="allocate"
    ),
    path("payments/<int:payment_id>/undo/<int:allocation_id>/", payments.undo, name="undo"),
    path("receivables/", receivables.ageing, name="ageing"),
    path("receivables/<int:invoice_id>/", receivables.receivable, name="receivable"),
    path("receivables/<int:invoice_id>/pay/", payments.pay, name="pay"),
    path("receivables/<int:invoice_id>/write-off/", receivables.write_off, name="write_off"),
    path(
        "receivables/<int:invoice_id>/again/<int:entry_id>/",
        receivables.take_up_again,
        name="take_up_again",
    ),
    path(
        "receivables/<int:invoice_id>/credit/<int:credit_note_id>/",
        receivables.use_credit,
        name="use_credit",
    ),
    path("customers/<int:organization_id>/", accounts.customer, name="customer"),
    path("customers/<int:organization_id>/paper/", accounts.customer_paper, name="customer_paper"),
]
