"""What an error page says by status when the page itself has nothing better to say."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """Title, what happened, what was kept and what to do."""

    title: str | Promise
    happened: str | Promise
    kept: str | Promise
    advice: str | Promise


_NOTHING_CHANGED = _("Nothing was changed.")

_WORDS: dict[int, Words] = {
    400: Words(
        _("This request cannot be read"),
        _("What arrived here is not what this address expects."),
        _NOTHING_CHANGED,
        _("Go back, load the page again and try once more."),
    ),
    403: Words(
        _("You may not do this"),
        _("Your role does not hold the permission this page asks for."),
        _NOTHING_CHANGED,
        _("Ask an administrator for the permission, or a colleague who holds it."),
    ),
    404: Words(
        _("Not found"),
        _("There is nothing at this address, or nothing you may see."),
        _NOTHING_CHANGED,
        _("Check the link, or search for the record by name or number."),
    ),
    409: Words(
        _("Not possible in this state"),
        _("The record has moved on, so this step no longer fits."),
        _("The record is as it was before; your step was not taken."),
        _("Load the page again to see its state now, then decide."),
    ),
    413: Words(
        _("Too much at once"),
        _("More arrived than is taken in one go."),
        _("Nothing was changed; what you typed is still in the form when you go back."),
        _("Send it in smaller parts, or bring it in by an import."),
    ),
    422: Words(
        _("Something in the form is not right"),
        _("At least one value cannot be taken as it is."),
        _("Nothing was saved; what you typed is still in the form when you go back."),
        _("Correct the values named above and send the form again."),
    ),
    500: Words(
        _("Something failed on our side"),
        _("An error that should not happen happened. It has been recorded."),
        _("The step was undone as a whole; nothing is half saved."),
        _("Try again in a moment. If it stays, tell your administrator the incident number."),
    ),
}


STATUSES = frozenset(_WORDS)


def words(status: int | str) -> Words:
    """The words for a status; those of 500 for any other."""
    return _WORDS.get(int(status or 500), _WORDS[500])
