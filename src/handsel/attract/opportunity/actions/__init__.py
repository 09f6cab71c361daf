"""The only writers of opportunities, one verb a function."""

from handsel.attract.opportunity.actions.conversion import Parties, convert_lead
from handsel.attract.opportunity.actions.moving import lose, move, reopen, win
from handsel.attract.opportunity.actions.opening import NewDeal, open_many, open_opportunity
from handsel.attract.opportunity.actions.outcomes import OutcomesRead, import_outcomes
from handsel.attract.opportunity.actions.revising import revise, revise_amount
from handsel.attract.opportunity.actions.setting_up import set_up_pipeline
from handsel.attract.opportunity.actions.steps import (
    change_member,
    complete_activity,
    plan_activity,
    remove_member,
    seat_member,
)
from handsel.attract.opportunity.actions.views import delete_view, save_view

__all__ = [
    "NewDeal",
    "OutcomesRead",
    "Parties",
    "change_member",
    "complete_activity",
    "convert_lead",
    "delete_view",
    "import_outcomes",
    "lose",
    "move",
    "open_many",
    "open_opportunity",
    "plan_activity",
    "remove_member",
    "reopen",
    "revise",
    "revise_amount",
    "save_view",
    "seat_member",
    "set_up_pipeline",
    "win",
]
