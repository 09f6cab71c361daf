"""Pages of the opportunity room: thin, by the same actions as the API."""

from __future__ import annotations

from django.urls import path

from handsel.attract.opportunity.web import board, commands, lists, opening, outcomes, record

urlpatterns = [
    path("", lists.opportunity_list, name="list"),
    path("export.csv", lists.export, name="export"),
    path("views/save/", lists.save_view, name="save_view"),
    path("views/<int:view_id>/delete/", lists.delete_view, name="delete_view"),
    path("board/", board.board, name="board"),
    path("board/move/", board.board_move, name="board_move"),
    path("new/", opening.new, name="new"),
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("convert/<int:lead_id>/", opening.convert_lead, name="convert_lead"),
    path("of-lead/<int:lead_id>/", record.of_lead, name="of_lead"),
    path("<int:opportunity_id>/", record.record, name="record"),
    path("<int:opportunity_id>/move/", commands.move, name="move"),
    path("<int:opportunity_id>/win/", commands.win, name="win"),
    path("<int:opportunity_id>/lose/", commands.lose, name="lose"),
    path("<int:opportunity_id>/reopen/", commands.reopen, name="reopen"),
    path("<int:opportunity_id>/edit/", commands.edit, name="edit"),
    path("<int:opportunity_id>/plan/", commands.plan, name="plan"),
    path("<int:opportunity_id>/step/<int:activity_id>/done/", commands.complete, name="complete"),
    path("<int:opportunity_id>/committee/", commands.seat, name="seat"),
    path(
        "<int:opportunity_id>/committee/<int:member_id>/",
        commands.change_seat,
        name="change_seat",
    ),
]
