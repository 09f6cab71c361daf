"""What a permission allows, in words: the room, and what may be done there."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handsel.site.shell.navigation import ROOM_LABELS

_PLACES: dict[str, str | Promise] = {
    "home": gettext_lazy("First page"),
    "party": gettext_lazy("Organizations and persons"),
    "mail": gettext_lazy("Mails"),
    "cost": gettext_lazy("Standard costs"),
    "settings": gettext_lazy("Settings"),
    **{name: label for name, (label, _icon) in ROOM_LABELS.items()},
}
_VERBS: dict[str, str | Promise] = {
    "view": gettext_lazy("look at"),
    "edit": gettext_lazy("edit"),
    "import": gettext_lazy("import"),
    "model": gettext_lazy("maintain product models"),
    "present": gettext_lazy("present to the customer"),
    "accept_for_buyer": gettext_lazy("accept for the customer"),
    "waive_fee": gettext_lazy("waive a fee"),
    "approve": gettext_lazy("approve"),
    "approval_rules": gettext_lazy("set the rules of approval"),
    "publish_proposals": gettext_lazy("publish proposals, the words quotes go out with"),
    "hold": gettext_lazy("hold"),
    "release": gettext_lazy("release"),
    "ship": gettext_lazy("ship"),
    "adjust": gettext_lazy("correct stock"),
    "issue": gettext_lazy("issue"),
    "close": gettext_lazy("close months"),
    "send": gettext_lazy("send"),
}


def permission_title(code: str) -> str:
    """A permission as people read it, such as "Leads: import"."""
    place, _dot, verb = code.partition(".")
    return _("%(place)s: %(verb)s") % {
        "place": _PLACES.get(place, place),
        "verb": _VERBS.get(verb, verb.replace("_", " ")),
    }
