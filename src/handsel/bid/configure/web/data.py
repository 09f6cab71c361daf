"""What the configurator component asks and commands, as JSON: the same for staff and for links."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from handsel.bid.configure import actions, queries
from handsel.bid.configure.actions.decide import Completed
from handsel.bid.configure.errors import NotPossible
from handsel.bid.configure.models import Configuration
from handsel.bid.configure.queries.prices import Prices, inside
from handsel.bid.configure.queries.proofs import proof_told
from handsel.bid.configure.queries.proposals import proposals
from handsel.bid.configure.queries.states import (
    Seen,
    changes,
    kept_decisions,
    outline,
    seen,
    wish_of,
)
from handsel.bid.configure.queries.variants import variants as variants_of
from handsel.bid.configure.queries.why import reasons, why
from handsel.bid.configure.rules.decisions import decided
from handsel.bid.configure.rules.explain import Explanation
from handsel.bid.configure.rules.session import Answer
from handsel.bid.configure.web.words import words
from handsel.ground.identity.access import Request
from handsel.ground.kernel import strict_json
from handsel.ground.kernel.errors import HandselError, Invalid, NotFound
from handsel.ground.kernel.said import said, worded
from handsel.ground.platform.actor import Actor

Data = Callable[..., HttpResponseBase]
MOST_BODY = 1_000_000


def answering(view: Data) -> Data:
    """Refusals as JSON that the component shows; the rest as the view answers."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except HandselError as refused:
            fields = refused.fields if isinstance(refused, Invalid) else {}
            body = {
                "code": refused.code,
                "detail": worded(refused.message, _),
                "fields": {name: worded(text, _) for name, text in fields.items()},
            }
            return JsonResponse(body, status=refused.http_status)

    return guarded


def looked_at(request: Request, configuration: Configuration, prices: Prices) -> Seen:
    """The configuration as this reader sees it."""
    return seen(
        configuration,
        language=get_language() or "en",
        currency=configuration.seller.currency,
        on=request.now.date(),
        units="us" if request.GET.get("units") == "us" else "model",
        prices=prices,
    )


def state(
    request: Request,
    configuration: Configuration,
    prices: Prices,
    *,
    may_decide: bool,
    finish_label: str,
) -> HttpResponse:
    """All of it, once."""
    one = looked_at(request, configuration, prices)
    return JsonResponse(
        {
            **outline(one),
            **changes(one),
            "title": configuration.title,
            "is_open": configuration.state == "open",
            "may_decide": may_decide,
            "texts": words(),
            "finish_label": finish_label,
        }
    )


def reason(request: Request, configuration: Configuration, prices: Prices) -> HttpResponse:
    """Why a value cannot be had, and what to give up for it."""
    one = looked_at(request, configuration, prices)
    key, value = request.GET.get("variable", ""), request.GET.get("value", "")
    fewest = request.GET.get("fewest") == "1"
    return JsonResponse(why(one, wish_of(one, key, value), fewest=fewest))


def question(request: Request, configuration: Configuration, prices: Prices) -> HttpResponse:
    """The question worth asking next; it takes an answer to every question to know."""
    one = looked_at(request, configuration, prices)
    skipped = request.GET.get("skip", "").splitlines()
    return JsonResponse({"next": one.ready.next_question(one.decisions, skipped)})


def alternatives(request: Request, configuration: Configuration, prices: Prices) -> HttpResponse:
    """Up to three complete proposals."""
    return JsonResponse(proposals(looked_at(request, configuration, prices)))


def variants(request: Request, configuration: Configuration, prices: Prices) -> HttpResponse:
    """How many products are left; asked for once nobody decides any more."""
    return JsonResponse(variants_of(looked_at(request, configuration, prices)))


def command(
    request: Request, actor: Actor, configuration_id: int, name: str, prices: Prices | None = None
) -> HttpResponse:
    """Do one thing and answer what changed by it. `prices` are what a link shows; the house sees
    those of the customer it is for."""
    if name not in (*_COMMANDS, "complete"):
        raise NotFound(
            said("There is no command %(wrong)s.", wrong=repr(name[:40])), code="no_command"
        )
    body = _body(request)
    lock_no = _number(body, "lock")
    given = {
        "actor": actor,
        "now": request.now,
        "configuration_id": configuration_id,
        "lock_no": lock_no,
    }
    try:
        note = ""
        if name == "complete":
            done = _complete(body, given, prices)
            changed = done.configuration
            shown = prices or inside(changed)
            currency = "" if shown.kind == "none" else shown.currency or changed.seller.currency
            by = _text(body, "by")
            note = proof_told(by, done.completion, currency, get_language() or "en")
        else:
            changed = _COMMANDS[name](body, given)
    except NotPossible as refused:
        before = queries.get_configuration(actor, configuration_id)
        return _not_possible(looked_at(request, before, prices or inside(before)), refused)
    after = looked_at(request, changed, prices or inside(changed))
    return JsonResponse({**changes(after, _shown_before(after, lock_no, name)), "note": note})


def _shown_before(after: Seen, lock_no: int | None, name: str) -> Answer | None:
    """The answer that the reader sees, where it is known and only what differs need travel."""
    changed = after.configuration
    if lock_no is None or name == "undo" or changed.lock_no == lock_no:
        return None
    before = kept_decisions(after.ready, changed.undo_steps[-1])
    if decided(before) == decided(after.decisions):
        return None
    return after.ready.configurator.answer(before)


def _not_possible(before: Seen, refused: NotPossible) -> HttpResponse:
    explanation = refused.facts.get("explanation")
    detail = _("No valid product has this together with what was chosen.")
    body: dict[str, Any] = {"code": refused.code, "detail": detail}
    if isinstance(explanation, Explanation):
        told = reasons(before, explanation)
        body["why"] = {"title": "", "possible": False, "reasons": told, "repairs": []}
        body["detail"] = f"{detail} {'; '.join(one['text'] for one in told)}"
    return JsonResponse(body, status=409)


def _decide(body: dict[str, Any], given: dict[str, Any]) -> Configuration:
    return actions.decide(
        variable=_text(body, "variable"),
        value=_text(body, "value"),
        operator=_text(body, "operator", "="),
        **given,
    )


def _retract(body: dict[str, Any], given: dict[str, Any]) -> Configuration:
    return actions.retract(variable=_text(body, "variable"), **given)


def _repair(body: dict[str, Any], given: dict[str, Any]) -> Configuration:
    give_up = body.get("give_up", [])
    if not isinstance(give_up, list) or not all(isinstance(key, str) for key in give_up):
        raise Invalid("give_up is a list of variables.", fields={"give_up": "a list of variables"})
    variable, value = _text(body, "variable"), _text(body, "value")
    return actions.repair(variable=variable, value=value, give_up=give_up, **given)


def _undo(_body: dict[str, Any], given: dict[str, Any]) -> Configuration:
    return actions.undo(**given)


def _complete(body: dict[str, Any], given: dict[str, Any], prices: Prices | None) -> Completed:
    configuration = queries.get_configuration(given["actor"], given["configuration_id"])
    shown = prices or inside(configuration)
    return actions.complete_choices(
        by=_text(body, "by"),
        currency=shown.currency or configuration.seller.currency,
        organization_id=shown.organization_id,
        **given,
    )


def _take(body: dict[str, Any], given: dict[str, Any]) -> Configuration:
    choices = body.get("choices", {})
    if not isinstance(choices, dict) or not all(isinstance(v, str) for v in choices.values()):
        raise Invalid("choices are values by variable.", fields={"choices": "texts by variable"})
    return actions.take_choices(choices=choices, **given)


_COMMANDS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Configuration]] = {
    "decide": _decide,
    "retract": _retract,
    "repair": _repair,
    "undo": _undo,
    "take": _take,
}


def lock_of(request: Request) -> int | None:
    """The state the component saw, for a command of its own."""
    return _number(_body(request), "lock")


def _body(request: Request) -> dict[str, Any]:
    if request.method != "POST":
        raise Invalid("This is done by POST.", code="method")
    if len(request.body) > MOST_BODY:
        raise Invalid("This is too much at once.", code="too_large")
    body = strict_json.loads(request.body or b"{}")
    if not isinstance(body, dict):
        raise Invalid("Expected a JSON object.", code="json_kind")
    return body


def _text(body: dict[str, Any], name: str, otherwise: str | None = None) -> str:
    found = body.get(name, otherwise)
    if not isinstance(found, str) or len(found) > 300:
        raise Invalid(said("%(name)s is missing.", name=name), fields={name: "a text"})
    return found


def _number(body: dict[str, Any], name: str) -> int | None:
    found = body.get(name)
    if found is not None and (not isinstance(found, int) or isinstance(found, bool)):
        raise Invalid(said("%(name)s is no number.", name=name), fields={name: "a number"})
    return found
