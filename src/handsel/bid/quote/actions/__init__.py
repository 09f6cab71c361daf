"""The only writers of quotes."""

from handsel.bid.quote.actions.accept import Signature, accept_for_buyer, accept_quote
from handsel.bid.quote.actions.approval_decide import (
    Identified,
    OpenedLink,
    decide,
    decide_by_link,
    open_approval_link,
)
from handsel.bid.quote.actions.approval_escalate import escalate_ask
from handsel.bid.quote.actions.approval_mailing import STAND_IN_JOB, ask_stand_ins
from handsel.bid.quote.actions.approval_people import (
    end_absence,
    name_superior,
    set_absence,
)
from handsel.bid.quote.actions.approval_request import (
    ESCALATE_JOB,
    recall_approval,
    request_approval,
    require_approved,
)
from handsel.bid.quote.actions.approval_rules import end_rule, set_rule
from handsel.bid.quote.actions.buyer import open_quote
from handsel.bid.quote.actions.close import (
    decline_for_buyer,
    decline_quote,
    expire_quote,
    withdraw_quote,
)
from handsel.bid.quote.actions.confirm import CONFIRM_JOB, confirm_acceptance
from handsel.bid.quote.actions.copying import copy_quote, merge_quotes, split_quote
from handsel.bid.quote.actions.draft import NewLine, draft_quote
from handsel.bid.quote.actions.fitting import (
    Mending,
    mend_quote,
    require_choice_fits,
    require_fitting,
)
from handsel.bid.quote.actions.line_price import (
    ramp_line,
    set_line_price,
    set_pricing,
    set_target,
)
from handsel.bid.quote.actions.lines import (
    add_lines,
    remove_line,
    reorder,
    reprice,
    set_head,
    set_line,
    set_terms,
)
from handsel.bid.quote.actions.presence import (
    Here,
    be_in_quote,
    forget_the_gone,
    leave_quote,
)
from handsel.bid.quote.actions.present import (
    EXPIRE_JOB,
    LINK_KIND,
    Presented,
    present_quote,
    revoke_quote_links,
    send_link,
)
from handsel.bid.quote.actions.proposals import (
    choose_proposal,
    preview_proposal,
    publish_proposal,
    write_proposal,
)
from handsel.bid.quote.actions.quote_templates import (
    draft_from_template,
    end_template,
    keep_as_template,
)
from handsel.bid.quote.actions.scenarios import keep_scenario, offer_scenario, remove_scenario
from handsel.bid.quote.actions.sheet import Outcome, Previewed, apply_edits, preview_edits
from handsel.bid.quote.actions.talk import answer_question, ask_question, record_quote_opened
from handsel.bid.quote.actions.versions import new_version
from handsel.bid.quote.actions.waiving import charge_fee, waive_fee
from handsel.bid.quote.actions.write import WRITE_JOB, write_offer
from handsel.bid.quote.rules.subscription import Step as RampStep

__all__ = [
    "CONFIRM_JOB",
    "ESCALATE_JOB",
    "EXPIRE_JOB",
    "LINK_KIND",
    "STAND_IN_JOB",
    "WRITE_JOB",
    "Here",
    "Identified",
    "Mending",
    "NewLine",
    "OpenedLink",
    "Outcome",
    "Presented",
    "Previewed",
    "RampStep",
    "Signature",
    "accept_for_buyer",
    "accept_quote",
    "add_lines",
    "answer_question",
    "apply_edits",
    "ask_question",
    "ask_stand_ins",
    "be_in_quote",
    "charge_fee",
    "choose_proposal",
    "confirm_acceptance",
    "copy_quote",
    "decide",
    "decide_by_link",
    "decline_for_buyer",
    "decline_quote",
    "draft_from_template",
    "draft_quote",
    "end_absence",
    "end_rule",
    "end_template",
    "escalate_ask",
    "expire_quote",
    "forget_the_gone",
    "keep_as_template",
    "keep_scenario",
    "leave_quote",
    "mend_quote",
    "merge_quotes",
    "name_superior",
    "new_version",
    "offer_scenario",
    "open_approval_link",
    "open_quote",
    "present_quote",
    "preview_edits",
    "preview_proposal",
    "publish_proposal",
    "ramp_line",
    "recall_approval",
    "record_quote_opened",
    "remove_line",
    "remove_scenario",
    "reorder",
    "reprice",
    "request_approval",
    "require_approved",
    "require_choice_fits",
    "require_fitting",
    "revoke_quote_links",
    "send_link",
    "set_absence",
    "set_head",
    "set_line",
    "set_line_price",
    "set_pricing",
    "set_rule",
    "set_target",
    "set_terms",
    "split_quote",
    "waive_fee",
    "withdraw_quote",
    "write_offer",
    "write_proposal",
]
