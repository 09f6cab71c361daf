"""Pages of quotes: for staff, and the one a buyer opens by his link."""

from __future__ import annotations

from django.urls import path

from handsel.bid.quote.web import (
    approval_link,
    approval_people,
    approval_rules,
    approvals,
    commands,
    configured,
    grid,
    lists,
    offer,
    record,
    terms,
    versions,
)

urlpatterns = [
    path("", lists.quote_list, name="list"),
    path("export.csv", lists.export, name="export"),
    path("new/", lists.new, name="new"),
    path("approvals/", approvals.inbox_list, name="approvals"),
    path("approvals/<int:ask_id>/", approvals.ask_page, name="approval"),
    path("approvals/people/", approval_people.people, name="approval_people"),
    path("approvals/people/superior/", approval_people.superior, name="approval_superior"),
    path(
        "approvals/people/<int:absence_id>/end/",
        approval_people.absence_end,
        name="approval_absence_end",
    ),
    path("approvals/rules/", approval_rules.rule_list, name="approval_rules"),
    path("approvals/rules/new/", approval_rules.rule_new, name="approval_rule_new"),
    path("approvals/rules/<int:rule_id>/", approval_rules.rule_record, name="approval_rule"),
    path("approvals/rules/<int:rule_id>/end/", approval_rules.rule_end, name="approval_rule_end"),
    path("<int:quote_id>/approval/", approvals.panel_part, name="approval_panel"),
    path("<int:quote_id>/approval/ask/", approvals.ask, name="approval_ask"),
    path("<int:quote_id>/approval/recall/", approvals.recall, name="approval_recall"),
    path("<int:quote_id>/", record.record, name="record"),
    path("<int:quote_id>/products/", grid.products, name="products"),
    path("<int:quote_id>/lines/add/", grid.line_add, name="line_add"),
    path("<int:quote_id>/lines/configured/", configured.line_add, name="line_configured"),
    path("<int:quote_id>/lines/<uuid:line_key>/", grid.line_set, name="line_set"),
    path("<int:quote_id>/lines/<uuid:line_key>/remove/", grid.line_remove, name="line_remove"),
    path("<int:quote_id>/lines/<uuid:line_key>/words/", versions.line_words, name="line_words"),
    path("<int:quote_id>/<int:version_no>/why/<uuid:line_key>/", versions.why, name="why"),
    path("<int:quote_id>/<int:version_no>/pdf/", versions.pdf, name="pdf"),
    path("<int:quote_id>/accepted.pdf", versions.accepted_pdf, name="accepted_pdf"),
    path("<int:quote_id>/compare/", versions.compare, name="compare"),
    path("<int:quote_id>/terms/", terms.terms, name="terms"),
    path("<int:quote_id>/present/", commands.present, name="present"),
    path("<int:quote_id>/present/with-message/", commands.present_dialog, name="present_dialog"),
    path("<int:quote_id>/reprice/", commands.reprice, name="reprice"),
    path("<int:quote_id>/new-version/", commands.new_version, name="new_version"),
    path("<int:quote_id>/withdraw/", commands.withdraw, name="withdraw"),
    path("<int:quote_id>/link/", commands.link_dialog, name="link_dialog"),
    path("<int:quote_id>/links/revoke/", commands.revoke, name="revoke"),
    path("<int:quote_id>/accept/", commands.accept_dialog, name="accept_dialog"),
    path("<int:quote_id>/decline/", commands.decline_dialog, name="decline_dialog"),
    path("<int:quote_id>/answer/", commands.answer, name="answer"),
]

public_urlpatterns = [
    path("approval/<str:token>/", approval_link.approval, name="approval"),
    path("offer/<str:token>/", offer.offer, name="offer"),
    path("offer/<str:token>/choice/", offer.choice, name="choice"),
    path("offer/<str:token>/accept/", offer.accept, name="accept"),
    path("offer/<str:token>/decline/", offer.decline, name="decline"),
    path("offer/<str:token>/ask/", offer.ask, name="ask"),
    path("offer/<str:token>/quote.pdf", offer.pdf, name="pdf"),
    path("offer/<str:token>/accepted.pdf", offer.accepted_pdf, name="accepted_pdf"),
]
