"""What Halden wants to be asked about before an offer goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handsel.bid.quote import actions as quotes
from handsel.site.demo.house import House, in_both

MANAGER: dict[str, Any] = {"role": "sales_manager"}
ACCOUNTANT: dict[str, Any] = {"role": "accountant"}
# A rule's name is read by everybody who is told that it asks; one that names a margin tells costs.
RULES: tuple[tuple[str, dict[str, Any], list[dict[str, Any]]], ...] = (
    (
        in_both("More than 15 % on a line", "Mehr als 15 % auf eine Position"),
        {"any_line": {"fact": "line.discount", "op": ">", "value": "15"}},
        [{"approvers": [MANAGER], "hours": 8}],
    ),
    (
        in_both("More than 10 % on the whole quote", "Mehr als 10 % auf das ganze Angebot"),
        {"fact": "header_discount", "op": ">", "value": "10"},
        [{"approvers": [MANAGER], "hours": 8}],
    ),
    (
        in_both("Large deal", "Großer Auftrag"),
        {
            "fact": "net_value",
            "op": ">",
            "value": {"EUR": "250000", "GBP": "215000", "USD": "275000"},
        },
        [{"approvers": [ACCOUNTANT, MANAGER], "hours": 16}],
    ),
    (
        in_both("Margin too thin", "Zu wenig Marge"),
        {"fact": "margin", "op": "<", "value": "20"},
        [{"approvers": [MANAGER], "hours": 8}],
    ),
    (
        in_both("More than 60 days to pay", "Mehr als 60 Tage Zahlungsziel"),
        {"fact": "payment_days", "op": ">", "value": 60},
        [{"approvers": [ACCOUNTANT], "hours": 8, "otherwise": MANAGER}],
    ),
)


def set_rules(house: House, now: datetime) -> None:
    """The rules of both companies, and to whom the reps report."""
    manager = house.actor("sales")
    for seller in (house.german, house.british):
        for name, condition, steps in RULES:
            quotes.set_rule(
                actor=manager,
                now=now,
                seller_id=seller.pk,
                name=name,
                condition=condition,
                steps=steps,
            )
    for rep in ("rep", "rep.uk"):
        quotes.name_superior(
            actor=manager,
            now=now,
            user_id=house.users[rep].pk,
            superior_id=house.users["sales"].pk,
        )
