"""Pages of the order desk: thin, by the same actions as the API."""

from __future__ import annotations

from django.urls import path

from handsel.commit.order.web import commands, edit, lists, match, record

urlpatterns = [
    path("", lists.order_list, name="list"),
    path("export.csv", lists.order_export, name="export"),
    path("release/", lists.release_many, name="release_many"),
    path("of-quote/<int:quote_id>/", record.of_quote, name="of_quote"),
    path("<int:order_id>/", record.order_record, name="record"),
    path("<int:order_id>/release/", commands.release, name="release"),
    path("<int:order_id>/hold/", commands.hold, name="hold"),
    path("<int:order_id>/holds/<int:hold_id>/", commands.release_hold, name="release_hold"),
    path("<int:order_id>/cancel/", commands.cancel, name="cancel"),
    path("<int:order_id>/edit/", edit.order_edit, name="edit"),
    path("<int:order_id>/purchase-order/", match.purchase_order, name="purchase_order"),
    path("<int:order_id>/purchase-order/file/", match.purchase_order_file, name="their_file"),
    path("<int:order_id>/confirmation/", record.confirmation, name="confirmation"),
]
