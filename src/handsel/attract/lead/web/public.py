"""The form strangers fill in, on our own page or in a frame on the seller's website."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from handsel.attract.lead import actions, queries
from handsel.attract.lead.actions.forms import form_actor
from handsel.attract.lead.errors import InquiryInvalid, TooManyInquiries
from handsel.attract.lead.models import CaptureForm
from handsel.attract.lead.rules.inquiry import (
    ORIGIN_LIMITS,
    Origin,
    inquiry,
    origin,
    origin_of_link,
)
from handsel.ground.identity.access import Request, public_page
from handsel.ground.platform import idempotency

FASTEST = timedelta(seconds=3)
HONEYPOT = "website"
BEGUN = "lead.form.begun"
DONE = "lead.form.done"
FIELDS = ("person_name", "email", "phone", "company_name", "country", "interest", "message")


# A stranger has no session to ride on: there is nothing a forged request could borrow, and inside
# a frame on another site the browser would not send the cookie that the check compares.
@csrf_exempt
@public_page("anybody may ask us something")
def form(request: Request, key: str) -> HttpResponseBase:
    """Show the form; take in what was typed; lead on to the thank-you page."""
    asked = queries.public_form(key)
    with translation.override(asked.language):
        if request.method != "POST":
            return _show(request, asked, _blank(request))
        return _receive(request, asked)


def _receive(request: Request, asked: CaptureForm) -> HttpResponseBase:
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    came_from = {name: request.POST.get(name, "") for name in ORIGIN_LIMITS}
    again = {
        **typed,
        **came_from,
        "consent": request.POST.get("consent", ""),
        "begun": request.POST.get("begun", ""),
        "idempotency_key": request.POST.get("idempotency_key", "")[:100] or uuid.uuid4().hex,
    }
    if _too_fast(again["begun"], request.now):
        again["begun"] = _begun(request.now)
        notice = _("That was very quick. Please look it over and send it again.")
        return _show(request, asked, again, notice=notice, status=422)
    try:
        said = inquiry({**typed, "language": asked.language})
    except InquiryInvalid as refused:
        return _show(request, asked, again, errors=refused.fields, status=422)
    try:
        return _capture(request, asked, said, origin(came_from), again)
    except TooManyInquiries as refused:
        return _show(request, asked, again, notice=str(refused), status=429)


def _capture(
    request: Request, asked: CaptureForm, said: Any, came_from: Origin, again: dict[str, str]
) -> HttpResponseBase:
    address = client_address(request)
    trapped = bool(request.POST.get(HONEYPOT, ""))

    def effect() -> dict[str, Any]:
        captured = actions.capture_from_form(
            form=asked,
            now=request.now,
            inquiry=said,
            origin=came_from,
            consented=bool(again["consent"]),
            suspicion="a field that people do not see was filled in" if trapped else "",
        )
        return {"number": captured.lead.number}

    # Typed again after going back, it is another inquiry; sent twice, it is the same one.
    words = {name: again[name] for name in (*FIELDS, "consent")}
    digest = hashlib.sha256(repr(sorted(words.items())).encode()).hexdigest()
    actions.count_use(form=asked, address=address, salt=settings.SECRET_KEY, now=request.now)
    made = idempotency.once(
        actor=form_actor(asked),
        route="form",
        key=f"{again['idempotency_key']}:{digest[:32]}",
        request=words,
        now=request.now,
        effect=effect,
    )
    token = signing.dumps({"number": made["number"], "form": asked.pk}, salt=DONE)
    address_of_thanks = reverse("lead_public:thanks", args=[asked.key])
    answer = HttpResponse(status=303)
    answer["Location"] = f"{address_of_thanks}?{urlencode({'t': token})}"
    return _embeddable(answer, asked)


@public_page("it tells a stranger the number of his own inquiry, which only he was given")
def thanks(request: Request, key: str) -> HttpResponseBase:
    """The inquiry's number, and what happens next."""
    asked = queries.public_form(key)
    try:
        told = signing.loads(request.GET.get("t", ""), salt=DONE, max_age=timedelta(days=7))
    except signing.BadSignature:
        told = {}
    number = told.get("number", "") if told.get("form") == asked.pk else ""
    with translation.override(asked.language):
        context = {"form": asked, "number": number, **_frame(asked)}
        return _embeddable(render(request, "lead/thanks.html", context), asked)


def _blank(request: Request) -> dict[str, str]:
    """What a form begins with: where the visitor came from, and when it was shown."""
    link = {name: str(text)[:300] for name, text in request.GET.items()}
    landing = link.get("landing_page", "") or request.get_full_path()
    referrer = link.get("referrer", "") or request.headers.get("Referer", "")
    came_from = origin_of_link(link, referrer, landing)
    return {
        **{name: getattr(came_from, name) for name in ORIGIN_LIMITS},
        "begun": _begun(request.now),
        "idempotency_key": uuid.uuid4().hex,
    }


def _show(
    request: Request,
    asked: CaptureForm,
    values: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    hidden = {name: values.get(name, "") for name in (*ORIGIN_LIMITS, "begun", "idempotency_key")}
    context = {
        "form": asked,
        "fields": _fields(asked, values, errors or {}),
        "hidden": hidden,
        "honeypot": HONEYPOT,
        "consented": bool(values.get("consent")),
        "notice": {"text": notice, "kind": "warn"} if notice else None,
        **_frame(asked),
    }
    answer = render(request, "lead/public_form.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return _embeddable(answer, asked)


def _fields(
    asked: CaptureForm, values: dict[str, str], errors: dict[str, str]
) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = [
        {"name": "person_name", "label": _("Your name"), "required": True, "autocomplete": "name"},
        {"name": "email", "label": _("E-mail"), "type": "email", "required": True,
         "autocomplete": "email"},
        {"name": "company_name", "label": _("Company"), "autocomplete": "organization"},
        {"name": "phone", "label": _("Phone"), "type": "tel", "autocomplete": "tel"},
    ]  # fmt: skip
    if asked.interest_choices:
        options = [("", _("Choose")), *((one, one) for one in asked.interest_choices)]
        label = _("What is it about?")
        fields.append({"name": "interest", "label": label, "type": "select", "options": options})
    fields.append({"name": "message", "label": _("Your message"), "type": "textarea", "rows": 6})
    for field in fields:
        field["value"] = values.get(field["name"], "")
        if field["name"] in errors:
            field["error"] = _("Please enter: %(expected)s") % {"expected": errors[field["name"]]}
    return fields


def _frame(asked: CaptureForm) -> dict[str, str]:
    seller = asked.seller
    legal = " · ".join(
        part for part in (seller.legal_name, seller.street, f"{seller.postcode} {seller.city}")
        if part.strip()
    )  # fmt: skip
    return {"seller_name": seller.name, "seller_legal": legal}


def _embeddable(answer: HttpResponse, asked: CaptureForm) -> HttpResponse:
    """Let the pages that the form names show it in a frame, and no others."""
    answer.frame_ancestors = " ".join(["'self'", *asked.frame_ancestors])  # type: ignore[attr-defined]  # read by the policy
    answer.xframe_options_exempt = True  # the policy above says more
    return answer


def _begun(now: datetime) -> str:
    return signing.dumps(now.timestamp().__int__(), salt=BEGUN)


def _too_fast(begun: str, now: datetime) -> bool:
    """Whether nobody could have typed in that time; a mark that is not ours counts as no time."""
    try:
        since = int(signing.loads(begun, salt=BEGUN))
    except (signing.BadSignature, TypeError, ValueError):
        return True
    return now.timestamp() - since < FASTEST.total_seconds()


def client_address(request: HttpRequest) -> str:
    """The address a request came from, as far as our own proxies can be trusted for it."""
    trusted = settings.TRUSTED_PROXY_COUNT
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if trusted < 1:
        return direct
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    return hops[-trusted] if len(hops) >= trusted and hops[-trusted] else direct
