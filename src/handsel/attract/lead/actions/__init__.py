"""The only writers of leads, one verb a function."""

from handsel.attract.lead.actions.acknowledge import reply
from handsel.attract.lead.actions.assign import assign
from handsel.attract.lead.actions.capture import Captured, Circumstances, capture_lead
from handsel.attract.lead.actions.contacts import log_interaction
from handsel.attract.lead.actions.convert import mark_converted, mark_many_converted
from handsel.attract.lead.actions.file_import import (
    note_failure,
    refused_csv,
    remap_import,
    run_import,
    start_import,
    stop_import,
    summary,
)
from handsel.attract.lead.actions.file_preview import Preview, PreviewRow, preview_import
from handsel.attract.lead.actions.forms import (
    capture_from_form,
    count_use,
    create_form,
    forget_counts,
    revise_form,
)
from handsel.attract.lead.actions.qualify import disqualify, qualify, reopen_lead
from handsel.attract.lead.actions.recognize import decide_recognition

__all__ = [
    "Captured",
    "Circumstances",
    "Preview",
    "PreviewRow",
    "assign",
    "capture_from_form",
    "capture_lead",
    "count_use",
    "create_form",
    "decide_recognition",
    "disqualify",
    "forget_counts",
    "log_interaction",
    "mark_converted",
    "mark_many_converted",
    "note_failure",
    "preview_import",
    "qualify",
    "refused_csv",
    "remap_import",
    "reopen_lead",
    "reply",
    "revise_form",
    "run_import",
    "start_import",
    "stop_import",
    "summary",
]
