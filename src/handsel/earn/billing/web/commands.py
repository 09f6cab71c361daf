"""What is done to invoices from pages: issue, send, discard; each once for its form's key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handsel.earn.billing import actions, queries
from handsel.earn.billing.web.words import title
from handsel.ground.identity.access import Request, page
from handsel.ground.kernel.errors import HandselError, NotFound
from handsel.ground.platform.posted import once_posted

MOST_AT_ONCE = 500


def commanded(
    request: Request, route: str, effect: Callable[[], dict[str, Any]]
) -> dict[str, Any] | None:
    """Run a posted command once; a refusal becomes a message and None. Missing is a 404."""
    try:
        return once_posted(
            request, actor=request.actor, now=request.now, route=f"billing.{route}", effect=effect
        )
    except NotFound:
        raise
    except HandselError as refusal:
        messages.error(request, str(refusal))
        return None


def back(invoice_id: int) -> HttpResponseBase:
    """To the page of an invoice."""
    return HttpResponseRedirect(reverse("billing:record", args=[invoice_id]))


@page("billing.issue")
def issue(request: Request, invoice_id: int) -> HttpResponseBase:
    """Give a draft its number; documents and mail are the next step."""
    if request.method == "POST" and _issue(request, invoice_id):
        number = queries.get_invoice(request.actor, invoice_id).number
        messages.success(request, _("Issued as %(number)s.") % {"number": number})
    return back(invoice_id)


def _issue(request: Request, invoice_id: int) -> bool:
    def effect() -> dict[str, Any]:
        issued = actions.issue_invoice(actor=request.actor, now=request.now, invoice_id=invoice_id)
        return {"number": issued.number}

    return commanded(request, "issue", effect) is not None


@page("billing.issue")
def issue_and_send(request: Request, invoice_id: int) -> HttpResponseBase:
    """Issue, documents, mail with one click; goes on where an earlier try stopped."""
    if request.method != "POST" or not _issue(request, invoice_id):
        return back(invoice_id)
    # Outside the command's transaction: once issued, the invoice stands whatever comes next.
    invoice = queries.get_invoice(request.actor, invoice_id)
    outcome = actions.finish_invoice(actor=request.actor, now=request.now, invoice=invoice)
    if outcome.failed_at:
        text = _("%(number)s is issued, but not sent: %(why)s")
        messages.error(request, text % {"number": invoice.number, "why": outcome.why})
    else:
        to = ", ".join(one.recipient for one in queries.sendings_of(invoice_id))
        text = _("%(number)s is issued and handed to the mail for %(to)s.")
        messages.success(request, text % {"number": invoice.number, "to": to})
    return back(invoice_id)


@page("billing.issue")
def send(request: Request, invoice_id: int) -> HttpResponseBase:
    """Send an issued invoice to an address given, or once more to the known one."""

    def effect() -> dict[str, Any]:
        made = actions.make_documents(actor=request.actor, now=request.now, invoice_id=invoice_id)
        if not made.passed:
            return {"recipient": ""}
        recipient = request.POST.get("recipient", "").strip() or None
        sending = actions.send_invoice(
            actor=request.actor,
            now=request.now,
            invoice_id=invoice_id,
            recipient=recipient,
            again=True,
        )
        return {"recipient": sending.recipient}

    if request.method == "POST":
        done = commanded(request, "send", effect)
        if done and done["recipient"]:
            messages.success(
                request, _("Handed to the mail for %(to)s.") % {"to": done["recipient"]}
            )
        elif done:
            messages.error(request, _("A rule failed; nothing was sent. The page says which."))
    return back(invoice_id)


@page("billing.edit")
def discard(request: Request, invoice_id: int) -> HttpResponseBase:
    """Set a draft aside."""

    def effect() -> dict[str, Any]:
        actions.discard_draft(actor=request.actor, now=request.now, invoice_id=invoice_id)
        return {"invoice_id": invoice_id}

    if request.method == "POST" and commanded(request, "discard", effect):
        messages.success(request, _("Draft discarded; it can be drafted again from the plan."))
    return back(invoice_id)


@page("billing.issue")
def issue_many(request: Request) -> HttpResponseBase:
    """Issue the chosen drafts; documents and mails follow in the background."""
    if request.method == "POST":
        chosen = [int(key) for key in request.POST.getlist("ids") if key.isdecimal()]
        issued, refused = 0, []
        for key in chosen[:MOST_AT_ONCE]:
            try:
                actions.issue_then_finish_later(
                    actor=request.actor, now=request.now, invoice_id=key
                )
                issued += 1
            except NotFound:
                continue
            except HandselError as refusal:
                name = title(queries.get_invoice(request.actor, key))
                refused.append(f"{name}: {refusal}")
        _tell(request, issued, refused)
    return HttpResponseRedirect(reverse("billing:to_bill"))


def _tell(request: Request, issued: int, refused: list[str]) -> None:
    if issued:
        text = ngettext(
            "%(n)d invoice issued; its documents and mail follow.",
            "%(n)d invoices issued; their documents and mails follow.",
            issued,
        )
        messages.success(request, text % {"n": issued})
    for text in refused[:5]:
        messages.error(request, text)
    if len(refused) > 5:
        messages.error(request, _("and %(n)d more refused") % {"n": len(refused) - 5})
