"""The words of the configurator component, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    """Text by the name the component asks for."""
    return {
        "search": _("Search among the options"),
        "groups": _("Groups"),
        "more": _("More"),
        "undo": pgettext("configurator", "Undo"),
        "next_question": _("Next question"),
        "complete": _("Complete for me …"),
        "complete_preference": _("as proposed"),
        "complete_cheapest": _("at the lowest price"),
        "complete_fastest": _("to be had soonest"),
        "proposals": _("Compare proposals"),
        "no_proposal": _("Nothing is left to choose."),
        "take_it": _("Take this one"),
        "units": _("Units"),
        "units_model": _("mm, kg"),
        "units_us": _("in, lb"),
        "you": _("your choice"),
        "default": _("proposed"),
        "implied": _("follows"),
        "blocked": _("not possible now"),
        "choose": _("Choose …"),
        "take_back": _("Take the choice back"),
        "why": _("Why"),
        "to_get_it": _("To get it"),
        "give_up": _("give up"),
        "do_it": _("Do it"),
        "no_repair": _("No product has this, whatever is given up."),
        "close": _("Close"),
        "price": _("List price"),
        "what_follows": _("What follows"),
        "remaining": _("values left"),
        "removed": _("not possible"),
    }
