"""What the frame of every page knows; worked out only when a template asks."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from handsel.site.shell import navigation

THEMES = frozenset({"light", "dark"})
MOST_KEPT = 2000
# Parts of the frame already drawn, in this process. A cache only: losing it costs two milliseconds.
_drawn: dict[tuple[object, ...], SafeString] = {}


@lru_cache(maxsize=32)
def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Frame:
    """The frame of one request: menu, user, theme, languages, addresses."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor = getattr(request, "actor", None)
        self.path = request.get_full_path()

    @cached_property
    def menu(self) -> list[navigation.StageItem]:
        """Stages and rooms this actor may open."""
        return navigation.menu(self.actor, path=self.request.path)

    @property
    def before(self) -> SafeString:
        """Bars and menu before the page."""
        return self._part("shell/frame_before.html")

    @property
    def after(self) -> SafeString:
        """Bar, sheets and palette after the page."""
        return self._part("shell/frame_after.html")

    def _part(self, template: str) -> SafeString:
        """A part that many requests share: drawn once for the same user, rights, room and look."""
        rights = self.actor.permissions if self.actor is not None else None
        language = translation.get_language()
        key = (template, language, self.theme, self.user_label, rights, self.room)
        drawn = None if settings.DEBUG else _drawn.get(key)
        if drawn is None:
            drawn = SafeString(get_template(template).render({"frame": self}))
            if len(_drawn) >= MOST_KEPT:
                _drawn.clear()
            _drawn[key] = drawn
        return drawn

    @property
    def room(self) -> str:
        """First part of the address, which names the room."""
        return self.request.path.split("/", 2)[1]

    @cached_property
    def theme(self) -> str:
        """ "light" or "dark" when chosen, else empty: the system decides."""
        chosen = self.request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def user_label(self) -> str:
        """The name of who is signed in."""
        return str(getattr(self.actor, "label", "") or _("Not signed in"))

    @cached_property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = [word for word in self.user_label.replace("@", " ").split() if word]
        return "".join(word[0] for word in words[:2]).upper()

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Languages one can switch to, each in its own words."""
        return [(code, str(name)) for code, name in settings.LANGUAGES]

    @property
    def user_links(self) -> list[tuple[str, str]]:
        """Links of the user menu, from the registry."""
        return navigation.user_links(self.actor)

    @property
    def home_url(self) -> str:
        """Address of the first page."""
        return _address("home") or "/"

    @property
    def search_url(self) -> str:
        """Address of the search page."""
        return _address("shell:search")

    @property
    def palette_url(self) -> str:
        """Address of the palette's results."""
        return _address("shell:palette")

    @property
    def language_url(self) -> str:
        """Where the language is set; empty when it cannot be."""
        return _address("set_language")

    @property
    def sign_out_url(self) -> str:
        """Where one signs out; empty for nobody."""
        return _address("account_logout") if self.actor is not None else ""

    @property
    def blank_toast(self) -> dict[str, str]:
        """The toast that script copies."""
        return {"text": "", "kind": "neutral"}

    @property
    def nothing_here(self) -> dict[str, str]:
        """What an empty table says when its page says nothing."""
        return {"title": _("Nothing here"), "text": _("No row fits the search and the filters.")}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame`."""
    return {"frame": Frame(request)}
