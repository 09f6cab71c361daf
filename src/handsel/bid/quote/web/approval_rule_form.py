"""The form of a rule: rows for what most rules say, data for the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext

from handsel.bid.quote.errors import BadCondition
from handsel.bid.quote.models import ApprovalRule
from handsel.bid.quote.rules.approval.fact_types import FACTS, FactType
from handsel.bid.quote.rules.approval.grammar import OPERATORS
from handsel.bid.quote.rules.approval.people import MANAGER_OF, People
from handsel.bid.quote.web import approval_words as words
from handsel.bid.quote.web import parts
from handsel.ground.identity import declared
from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.names import name_values
from handsel.ground.kernel.said import said
from handsel.ground.kernel.strict_json import loads
from handsel.ground.party import queries as party
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.naming import name_field

ROWS: Final = 4
STEPS: Final = 3
# What a fact is, as the reference of the data form calls it.
KINDS: Final = {
    "percent": gettext_noop("percent"),
    "money": gettext_noop("money"),
    "days": gettext_noop("days"),
    "number": gettext_noop("number"),
    "text": gettext_noop("text"),
    "texts": gettext_noop("texts"),
    "flag": gettext_noop("flag"),
}
SIGNS: Final = {
    ">": gettext_lazy("is more than"),
    ">=": gettext_lazy("is at least"),
    "<": gettext_lazy("is less than"),
    "<=": gettext_lazy("is at most"),
    "=": gettext_lazy("is"),
    "!=": gettext_lazy("is not"),
    "in": gettext_lazy("is one of"),
    "not in": gettext_lazy("is none of"),
    "has": gettext_lazy("includes"),
    "has not": gettext_lazy("does not include"),
    "is": gettext_lazy("is (yes or no)"),
}


def read_condition(posted: Mapping[str, Any]) -> Any:
    """The condition of a posted form, as data; raises BadCondition naming the row."""
    data = str(posted.get("condition", "")).strip()
    if data:
        return _json(data, "condition")
    rows = [_row(posted, number) for number in range(ROWS) if posted.get(f"fact_{number}")]
    if not rows:
        raise BadCondition(_("Say when somebody is asked."), fields={"fact_0": "a fact"})
    word = "any" if posted.get("match") == "any" else "all"
    return rows[0] if len(rows) == 1 else {word: rows}


def _row(posted: Mapping[str, Any], number: int) -> dict[str, Any]:
    fact = FACTS.get(str(posted.get(f"fact_{number}")))
    if fact is None:
        raise BadCondition(_("There is no such fact."), fields={f"fact_{number}": "a fact"})
    op, text = str(posted.get(f"op_{number}", "")), str(posted.get(f"value_{number}", "")).strip()
    row = {"fact": fact.name, "op": op, "value": _value(fact, op, text)}
    return {"any_line": row} if fact.is_of_line else row


def _value(fact: FactType, op: str, text: str) -> Any:
    if fact.kind == "flag":
        return text.casefold() in ("yes", "true", "1", _("yes").casefold())
    if fact.kind == "money":
        return _amounts(text)
    if fact.kind in ("text", "texts"):
        return [one.strip() for one in text.split(",")] if op in ("in", "not in") else text
    return text.removesuffix("%").strip().replace(parts.decimal_mark(), ".")


def _amounts(text: str) -> dict[str, str]:
    """ "250000 EUR; 215000 GBP" as amount by currency."""
    found = {}
    for part in text.split(";"):
        amount, _space, currency = part.strip().rpartition(" ")
        found[currency.upper()] = amount.strip().replace(parts.decimal_mark(), ".")
    return found


def read_steps(posted: Mapping[str, Any]) -> Any:
    """The chain of a posted form, as data; raises BadCondition naming the row."""
    data = str(posted.get("steps", "")).strip()
    if data:
        return _json(data, "steps")
    chain = []
    for number in range(STEPS):
        whom = [posted.get(f"{name}_{number}") for name in ("whom", "second")]
        approvers = [_spec(str(one)) for one in whom if one]
        if not approvers:
            continue
        step: dict[str, Any] = {"approvers": approvers}
        for name in ("quorum", "hours"):
            text = str(posted.get(f"{name}_{number}", "")).strip()
            if text:
                step[name] = parts.whole_number(text) if text != "0" else 0
        if posted.get(f"otherwise_{number}"):
            step["otherwise"] = _spec(str(posted.get(f"otherwise_{number}")))
        if posted.get(f"signed_in_{number}"):
            step["signed_in"] = True
        chain.append(step)
    if not chain:
        raise BadCondition(_("Say who is asked."), fields={"whom_0": "somebody"})
    return chain


def _spec(text: str) -> dict[str, Any]:
    kind, _colon, ref = text.partition(":")
    return {kind: parts.whole_number(ref) if kind in ("user", "team") else ref}


def _json(text: str, field: str) -> Any:
    try:
        return loads(text)
    except Invalid as wrong:
        raise BadCondition(
            said("%(field)s: %(message)s", field=field, message=wrong.message),
            fields={field: "JSON"},
        ) from None


def form_context(
    actor: Actor, rule: ApprovalRule | None, posted: Mapping[str, Any], people: People
) -> dict[str, Any]:
    """All fields with what was posted, else what the rule says."""
    values: Mapping[str, Any] = posted or _values_of(rule)
    sellers = [(one.pk, one.name) for one in party.sellers_of(actor)]
    approvers = _approvers(people)
    seller = _field("seller_id", _("For"), values, type="select", options=sellers)
    return {
        "name": name_field(_field("name", _("Name"), values, required=True), values),
        "seller": seller if len(sellers) > 1 and rule is None else None,
        "match": _field(
            "match",
            _("Asks when"),
            values,
            type="select",
            options=[("all", _("all of these hold")), ("any", _("any of these holds"))],
        ),
        "compared": [_compared(number, values) for number in range(ROWS)],
        "chain": [_chained(number, values, approvers) for number in range(STEPS)],
        "condition": _field("condition", _("Condition as data"), values, type="textarea", rows=8),
        "steps": _field("steps", _("Steps as data"), values, type="textarea", rows=6),
        "is_data": bool(values.get("condition") or values.get("steps")),
        "known": [
            {"name": fact.name, "title": _(fact.title), "kind": _(KINDS[fact.kind])}
            for fact in FACTS.values()
        ],
    }


def _field(name: str, label: str, values: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    value = values.get(name, "")
    if more.get("type") == "select":
        more["options"] = [(str(key), text) for key, text in more["options"]]
    return {"name": name, "id": f"rule-{name}", "label": label, "value": value, **more}


def _compared(number: int, values: Mapping[str, Any]) -> dict[str, Any]:
    facts = [("", "–"), *((fact.name, _(fact.title)) for fact in FACTS.values())]
    signs = list(dict.fromkeys(op for ops in OPERATORS.values() for op in ops))
    return {
        "fact": _field(
            f"fact_{number}", pgettext("approval", "Fact"), values, type="select", options=facts
        ),
        "op": _field(
            f"op_{number}",
            _("Compared"),
            values,
            type="select",
            options=[(op, SIGNS[op]) for op in signs],
        ),
        "value": _field(
            f"value_{number}", _("Limit"), values, placeholder="15 · 250000 EUR; 215000 GBP"
        ),
    }


def _chained(
    number: int, values: Mapping[str, Any], approvers: list[tuple[str, str]]
) -> dict[str, Any]:
    step = _("Step %(number)s") % {"number": number + 1}
    return {
        "whom": _field(f"whom_{number}", step, values, type="select", options=approvers),
        "second": _field(
            f"second_{number}", _("and with them"), values, type="select", options=approvers
        ),
        "quorum": _field(
            f"quorum_{number}", _("How many"), values, type="number", min=0, placeholder=_("all")
        ),
        "hours": _field(f"hours_{number}", _("Working hours"), values, type="number", min=0),
        "otherwise": _field(
            f"otherwise_{number}", _("Deputy"), values, type="select", options=approvers
        ),
        "signed_in": _field(
            f"signed_in_{number}",
            _("Answer only after signing in, not by the mail’s link alone"),
            values,
            type="checkbox",
        ),
    }


def _approvers(people: People) -> list[tuple[str, str]]:
    roles = [(f"role:{key}", _(title)) for key, title in declared.ROLES.items()]
    above = [(f"manager_of:{key}", str(words.MANAGER_OF[key])) for key in MANAGER_OF]
    teams = [(f"team:{key}", name) for key, (name, _members) in people.teams.items()]
    able = (one for one in people.colleagues.values() if one.may_approve)
    users = [(f"user:{one.user_id}", one.name) for one in able]
    return [("", "–"), *roles, *above, *teams, *users]


def _values_of(rule: ApprovalRule | None) -> dict[str, Any]:
    """What a rule says, as rows where rows can say it."""
    if rule is None:
        return {}
    values: dict[str, Any] = {**name_values("name", rule.called), "seller_id": str(rule.seller_id)}
    rows = _rows_of(rule.condition)
    if rows is None:
        values["condition"] = json.dumps(rule.condition, indent=1, ensure_ascii=False)
    else:
        values["match"] = "any" if "any" in rule.condition else "all"
        for number, row in enumerate(rows):
            values[f"fact_{number}"], values[f"op_{number}"] = row["fact"], row["op"]
            values[f"value_{number}"] = _shown(row["value"])
    if len(rule.steps) > STEPS or any(len(step["approvers"]) > 2 for step in rule.steps):
        values["steps"] = json.dumps(rule.steps, indent=1, ensure_ascii=False)
        return values
    for number, step in enumerate(rule.steps):
        for name, spec in zip(("whom", "second"), step["approvers"], strict=False):
            values[f"{name}_{number}"] = _spec_text(spec)
        values[f"quorum_{number}"] = step.get("quorum", "")
        values[f"hours_{number}"] = step.get("hours", "")
        values[f"signed_in_{number}"] = step.get("signed_in", False)
        if step.get("otherwise"):
            values[f"otherwise_{number}"] = _spec_text(step["otherwise"])
    return values


def _spec_text(spec: Mapping[str, Any]) -> str:
    kind, ref = next(iter(spec.items()))
    return f"{kind}:{ref}"


def _rows_of(condition: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    listed = condition.get("all") or condition.get("any") or [condition]
    rows = [row.get("any_line", row) for row in listed]
    simple = all("fact" in row and len(row) == 3 for row in rows)
    return rows if simple and len(rows) <= ROWS else None


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return "; ".join(f"{amount} {currency}" for currency, amount in value.items())
    if isinstance(value, list):
        return ", ".join(value)
    return str(value)
