"""Sign-in as the library does it, less what a company's own program must not offer.

Its mails go through our outbox, so that a quarantined copy sends none; its links begin with the
configured address, never with what a request calls its host.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handsel.ground.document import actions as document
from handsel.ground.document import mail
from handsel.ground.identity import actions as identity
from handsel.ground.identity.access import Request, public_page
from handsel.ground.identity.models import User
from handsel.ground.kernel.clock import SystemClock
from handsel.ground.platform.actor import Actor

DAY_S = 24 * 3600


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Nobody signs himself up; users are added by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed."""
        return False

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Never reached while sign-up is closed."""
        raise PermissionError("sign-up is closed")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the library's words into the outbox. Nobody but its reader can see such a mail."""
        rendered = self.render_mail(template_prefix, email, context)
        user = context.get("user")
        _queue(
            mail.written(
                getattr(user, "language", "") or settings.LANGUAGE_CODE,
                str(rendered.subject),
                str(rendered.body),
            ),
            to=email,
            now=SystemClock().now(),
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The address in a mail, whoever the request said we are."""
        return _absolute(_reset_path(key))


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A link by which a user chooses a password; it works once.

    `is_shown` says that mails of this installation go nowhere, so a page may show it instead.
    """

    url: str
    is_shown: bool


@transaction.atomic
def make_sign_in_link(*, actor: Actor, now: datetime, user: User) -> SignInLink:
    """Mail a user the link by which he chooses a password."""
    actor.require("settings.edit")
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    url = _absolute(_reset_path(f"{user_pk_to_url_str(user)}-{token}"))
    language = user.language if user.language in mail.LANGUAGES else "en"
    days = settings.PASSWORD_RESET_TIMEOUT // DAY_S
    with translation.override(language):
        valid_for = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    values = {
        "recipient_name": user.name,
        "sign_in_link": url,
        "valid_for": valid_for,
        "seller_name": "Handsel",
    }
    _queue(mail.compose("sign_in_link", language, values), to=user.email, now=now)
    identity.note_sign_in_link(actor=actor, now=now, user_id=user.pk)
    return SignInLink(url, is_shown=settings.MAIL_TRANSPORT == "kept")


def _queue(composed: mail.Composed, *, to: str, now: datetime) -> None:
    document.queue_mail(
        actor=Actor.system("sign-in"), now=now, seller_id=None, composed=composed, to=[to]
    )


def _reset_path(key: str) -> str:
    """The library joins the user and the token with a dash in its address."""
    uid, _dash, token = key.partition("-")
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


def _absolute(address: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}{address}"


@public_page("it says that nothing is here")
def not_offered(request: Request, *rest: str) -> HttpResponseBase:
    """Users add no addresses and no accounts by themselves; an administrator does."""
    raise Http404(_("This page does not exist."))


# Before the library's own: pages it has and a company's program must not offer.
urlpatterns = [
    path("signup/", not_offered),
    path("email/", not_offered),
    path("confirm-email/", not_offered),
    path("password/set/", not_offered),
]
