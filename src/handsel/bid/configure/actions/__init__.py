"""The only writers of product models and configurations."""

from __future__ import annotations

from handsel.bid.configure.actions.alter import alter_configuration
from handsel.bid.configure.actions.begin import (
    begin_configuration,
    copy_configuration,
    rename_configuration,
    set_customer,
    try_version,
)
from handsel.bid.configure.actions.decide import (
    complete_choices,
    decide,
    repair,
    retract,
    take_choices,
    undo,
)
from handsel.bid.configure.actions.finish import finish_configuration
from handsel.bid.configure.actions.give import (
    hand_over,
    open_shared,
    revoke_configuration_links,
    share_configuration,
)
from handsel.bid.configure.actions.importing import import_files
from handsel.bid.configure.actions.modelling import (
    add_table,
    draft_laws,
    draft_model,
    draft_version,
    revise_source,
    set_model_head,
    test_version,
)
from handsel.bid.configure.actions.public import begin_as_visitor
from handsel.bid.configure.actions.publishing import publish_version, roll_back
from handsel.bid.configure.actions.reopen import renew_configuration, reopen_configuration

__all__ = [
    "add_table",
    "alter_configuration",
    "begin_as_visitor",
    "begin_configuration",
    "complete_choices",
    "copy_configuration",
    "decide",
    "draft_laws",
    "draft_model",
    "draft_version",
    "finish_configuration",
    "hand_over",
    "import_files",
    "open_shared",
    "publish_version",
    "rename_configuration",
    "renew_configuration",
    "reopen_configuration",
    "repair",
    "retract",
    "revise_source",
    "revoke_configuration_links",
    "roll_back",
    "set_customer",
    "set_model_head",
    "share_configuration",
    "take_choices",
    "test_version",
    "try_version",
    "undo",
]
