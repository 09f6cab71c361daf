"""What this room refuses."""

from __future__ import annotations

from handsel.ground.kernel.errors import Invalid, Refused


class DoesNotAddUp(Invalid):
    """A document's amounts contradict each other; it is never typeset."""

    default_code = "document_does_not_add_up"


class BadAddress(Invalid):
    """Not one mail address that a server would take."""

    default_code = "bad_mail_address"


class BadMergeValues(Invalid):
    """The values given to a mail template are not exactly the ones it names."""

    default_code = "bad_merge_values"


class MailHeldBack(Refused):
    """This installation is in quarantine (restored or cloned) and sends nothing."""

    default_code = "mail_held_back"


class TypesettingFailed(RuntimeError):
    """The typesetter refused a template: a mistake of ours, so not an expected failure."""
