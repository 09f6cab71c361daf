"""The only writers of quotes."""

from handsel.bid.quote.actions.accept import Signature, accept_for_buyer, accept_quote
from handsel.bid.quote.actions.buyer import open_quote
from handsel.bid.quote.actions.close import (
    decline_for_buyer,
    decline_quote,
    expire_quote,
    withdraw_quote,
)
from handsel.bid.quote.actions.confirm import CONFIRM_JOB, confirm_acceptance
from handsel.bid.quote.actions.draft import NewLine, draft_quote
from handsel.bid.quote.actions.lines import (
    add_lines,
    remove_line,
    reorder,
    reprice,
    set_head,
    set_line,
    set_terms,
)
from handsel.bid.quote.actions.present import (
    EXPIRE_JOB,
    LINK_KIND,
    Presented,
    present_quote,
    revoke_quote_links,
    send_link,
)
from handsel.bid.quote.actions.talk import answer_question, ask_question, record_quote_opened
from handsel.bid.quote.actions.versions import new_version

__all__ = [
    "CONFIRM_JOB",
    "EXPIRE_JOB",
    "LINK_KIND",
    "NewLine",
    "Presented",
    "Signature",
    "accept_for_buyer",
    "accept_quote",
    "add_lines",
    "answer_question",
    "ask_question",
    "confirm_acceptance",
    "decline_for_buyer",
    "decline_quote",
    "draft_quote",
    "expire_quote",
    "new_version",
    "open_quote",
    "present_quote",
    "record_quote_opened",
    "remove_line",
    "reorder",
    "reprice",
    "revoke_quote_links",
    "send_link",
    "set_head",
    "set_line",
    "set_terms",
    "withdraw_quote",
]
