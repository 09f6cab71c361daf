"""The queues of work: who does it, how it reads, where all of it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from handsel.ground.platform.actor import Actor
from handsel.site.today import rows

SHOWN = 6

Rows = Callable[[Actor, date], Iterable[rows.Cells]]
Text = Any  # a lazy translation


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of work: who does it, how it reads, where all of it is, and its rows."""

    key: str
    permission: str
    title: Text
    short: Text
    kind: str
    columns: tuple[tuple[Text, str], ...]
    read: Rows
    list_name: str
    query: str = ""


def queues_of(actor: Actor, today: date) -> list[tuple[Queue, list[rows.Cells]]]:
    """The queues an actor works on, with at most MOST rows each, in the stream's order."""
    return [
        (queue, list(queue.read(actor, today))) for queue in QUEUES if actor.may(queue.permission)
    ]


def table_of(queue: Queue, found: Sequence[rows.Cells]) -> dict[str, Any]:
    """The shell's table of a queue's first rows."""
    formats = [(str(label), how) for label, how in queue.columns]
    return {
        "id": f"{queue.key}-rows",
        "caption": str(queue.title),
        "columns": [
            {"key": f"c{place}", "label": label, "format": how}
            for place, (label, how) in enumerate(formats)
        ],
        "rows": [
            {"id": place, "url": url, "cells": cells}
            for place, (url, cells) in enumerate(found[:SHOWN])
        ],
    }


def list_address(queue: Queue) -> str:
    """Where the whole queue is; empty where the room has no list yet."""
    try:
        return reverse(queue.list_name) + queue.query
    except NoReverseMatch:
        return ""


_CUSTOMER, _AMOUNT = gettext_lazy("Customer"), gettext_lazy("Amount")
_QUOTE, _ORDER = gettext_lazy("Quote"), pgettext_lazy("document", "Order")

QUEUES: tuple[Queue, ...] = (
    Queue(
        "leads",
        "lead.edit",
        gettext_lazy("Inquiries nobody has answered"),
        gettext_lazy("Unanswered"),
        "warn",
        (
            (gettext_lazy("Who"), "link"),
            (gettext_lazy("Asks about"), "text"),
            (gettext_lazy("Since"), "instant"),
        ),
        rows.waiting_leads,
        "lead:list",
        "?waiting=1",
    ),
    Queue(
        "late-steps",
        "opportunity.edit",
        gettext_lazy("Next steps that are late"),
        gettext_lazy("Late steps"),
        "warn",
        (
            (gettext_lazy("Opportunity"), "link"),
            (gettext_lazy("Step"), "text"),
            (gettext_lazy("Due"), "instant"),
        ),
        rows.late_steps,
        "opportunity:list",
        "?step=late",
    ),
    Queue(
        "stepless",
        "opportunity.edit",
        gettext_lazy("Opportunities without a next step"),
        gettext_lazy("Without next step"),
        "warn",
        (
            (gettext_lazy("Opportunity"), "link"),
            (gettext_lazy("Stage"), "text"),
            (_AMOUNT, "money"),
        ),
        rows.stepless_deals,
        "opportunity:list",
        "?step=none",
    ),
    Queue(
        "questions",
        "quote.edit",
        gettext_lazy("Questions of buyers"),
        gettext_lazy("Questions"),
        "warn",
        ((_QUOTE, "link"), (gettext_lazy("Asked"), "text"), (gettext_lazy("Since"), "instant")),
        rows.asked_quotes,
        "quote:list",
    ),
    Queue(
        "approvals",
        "quote.approve",
        gettext_lazy("Quotes that wait for your approval"),
        gettext_lazy("To approve"),
        "warn",
        ((_QUOTE, "link"), (gettext_lazy("Since"), "instant"), (_AMOUNT, "money")),
        rows.approvals_asked,
        "quote:approvals",
    ),
    Queue(
        "expiring",
        "quote.edit",
        gettext_lazy("Quotes about to expire"),
        gettext_lazy("Expiring quotes"),
        "warn",
        ((_QUOTE, "link"), (gettext_lazy("Valid until"), "day"), (_AMOUNT, "money")),
        rows.expiring_quotes,
        "quote:list",
        "?state=presented",
    ),
    Queue(
        "orders",
        "order.release",
        gettext_lazy("Orders to check and release"),
        gettext_lazy("To release"),
        "progress",
        ((_ORDER, "link"), (gettext_lazy("Placed"), "instant"), (_AMOUNT, "money")),
        rows.orders_to_check,
        "order:list",
        "?state=placed",
    ),
    Queue(
        "held",
        "order.hold",
        gettext_lazy("Orders on hold"),
        gettext_lazy("On hold"),
        "warn",
        ((_ORDER, "link"), (gettext_lazy("Placed"), "instant"), (_AMOUNT, "money")),
        rows.held_orders,
        "order:list",
        "?held=1",
    ),
    Queue(
        "ship",
        "fulfillment.ship",
        gettext_lazy("Orders that can ship"),
        gettext_lazy("Can ship"),
        "progress",
        ((_ORDER, "link"), (gettext_lazy("To"), "text"), (gettext_lazy("Released"), "instant")),
        rows.shippable_orders,
        "fulfillment:list",
    ),
    Queue(
        "drafts",
        "billing.issue",
        gettext_lazy("Invoices to issue"),
        gettext_lazy("To issue"),
        "progress",
        ((_CUSTOMER, "link"), (gettext_lazy("Drafted"), "instant"), (_AMOUNT, "money")),
        rows.drafts,
        "billing:list",
        "?state=draft",
    ),
    Queue(
        "entries",
        "cash.edit",
        gettext_lazy("Bank entries to match"),
        gettext_lazy("To match"),
        "progress",
        (
            (gettext_lazy("From"), "link"),
            (gettext_lazy("Booked"), "day"),
            (_AMOUNT, "money"),
        ),
        rows.bank_entries,
        "cash:match",
    ),
    Queue(
        "statements",
        "cash.edit",
        gettext_lazy("Bank statements that are held"),
        gettext_lazy("Held statements"),
        "bad",
        (
            (gettext_lazy("Statement"), "link"),
            (gettext_lazy("Until"), "day"),
            (gettext_lazy("Difference"), "money"),
        ),
        rows.held_statements,
        "cash:list",
        "?state=held",
    ),
    Queue(
        "overdue",
        "cash.view",
        gettext_lazy("Overdue receivables"),
        gettext_lazy("Overdue"),
        "bad",
        (
            (gettext_lazy("Invoice"), "link"),
            (gettext_lazy("Due"), "day"),
            (gettext_lazy("Open"), "money"),
        ),
        rows.overdue,
        "cash:ageing",
    ),
    Queue(
        "mails",
        "mail.send",
        gettext_lazy("Mails that were not sent"),
        gettext_lazy("Failed mails"),
        "bad",
        (
            (gettext_lazy("Mail"), "link"),
            (gettext_lazy("Reason"), "text"),
            (gettext_lazy("Written"), "instant"),
        ),
        rows.failed_mails,
        "document:list",
        "?state=failed",
    ),
)
