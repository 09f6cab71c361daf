"""What tests of approvals start from: rules, people, quotes that break a limit, links of mails."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from handsel.bid.quote import actions
from handsel.bid.quote.actions import NewLine
from handsel.bid.quote.models import (
    ApprovalAsk,
    ApprovalDecision,
    ApprovalRequest,
    ApprovalRule,
    QuoteVersion,
)
from handsel.ground.document.models import Mail
from handsel.ground.identity import actions as identity
from handsel.ground.identity.models import User
from handsel.ground.party import actions as party
from handsel.ground.platform.actor import Actor
from handsel.site.roles import permissions_of
from tests.support.bid import Shelf, make_quote
from tests.support.world import World

REP, MANAGER, DESK, ACCOUNTANT = "sales_rep", "sales_manager", "order_desk", "accountant"
LINE_15 = {"any_line": {"fact": "line.discount", "op": ">", "value": "15"}}
HEADER_10 = {"fact": "header_discount", "op": ">", "value": "10"}
LONG_TERM = {"fact": "payment_days", "op": ">", "value": "60"}


def role(name: str, **more: Any) -> dict[str, Any]:
    """A step that asks anybody of a role."""
    return {"approvers": [{"role": name}], **more}


def user(one: User, **more: Any) -> dict[str, Any]:
    """A step that asks one user."""
    return {"approvers": [{"user": one.pk}], **more}


@dataclass
class Approvals:
    """A world with the verbs of approval; every one at the world's time unless said otherwise."""

    world: World
    shelf: Shelf

    def rule(
        self, name: str, condition: dict[str, Any], *steps: dict[str, Any], **more: Any
    ) -> ApprovalRule:
        """A rule of the world's seller."""
        return actions.set_rule(
            actor=self.world.system,
            now=self.world.now,
            seller_id=self.world.seller.pk,
            name=name,
            condition=condition,
            steps=list(steps),
            **more,
        )

    def hire(self, name: str, *roles: str) -> User:
        """Another user of the world's seller."""
        maker = Actor.system("test")
        now = self.world.now
        found = identity.create_user(
            actor=maker,
            now=now,
            email=f"{name.lower()}@halden.example",
            name=name,
            password=None,
            roles=roles,
        )
        party.add_seller_member(
            actor=maker, now=now, seller_id=self.world.seller.pk, user_id=found.pk
        )
        self.world.users[name] = found
        return found

    def acting(self, one: User) -> Actor:
        """A user as an actor, with the rights he holds now."""
        from handsel.ground.identity.queries import roles_of

        permissions = permissions_of(roles_of(one.pk))
        return Actor("user", one.name, one.pk, permissions, frozenset({self.world.seller.pk}))

    def quote(self, *discounts: int, header: int = 0, **terms: Any) -> QuoteVersion:
        """A draft of the rep: a line of 10 m of belt per discount, in basis points."""
        lines = [
            NewLine(product_id=self.shelf.belt.pk, quantity=Decimal(10), discount_bps=bps)
            for bps in discounts or (0,)
        ]
        version = make_quote(self.world, self.shelf, lines=lines)
        if header or terms:
            changes = {"discount_bps": header, **terms}
            return self.terms(version.quote_id, **changes)
        return version

    def terms(self, quote_id: int, **changes: Any) -> QuoteVersion:
        """Change terms of the draft."""
        return actions.set_terms(
            actor=self.world.actor(REP), now=self.world.now, quote_id=quote_id, changes=changes
        )

    def discount(self, version: QuoteVersion, bps: int, line: int = 0) -> QuoteVersion:
        """Change the discount of a line of the draft, counted from 0."""
        from handsel.bid.quote.queries import lines_of

        return actions.set_line(
            actor=self.world.actor(REP),
            now=self.world.now,
            quote_id=version.quote_id,
            line_key=lines_of(version.pk)[line].key,
            discount_bps=bps,
        )

    def ask(self, version: QuoteVersion, *, by: str = REP, **more: Any) -> ApprovalRequest:
        """Ask for approval."""
        now: datetime = more.pop("now", self.world.now)
        return actions.request_approval(
            actor=self.world.actor(by), now=now, quote_id=version.quote_id, **more
        )

    def decide(
        self,
        ask: ApprovalAsk,
        by: User | str,
        verdict: str = "approve",
        comment: str = "",
        now: datetime | None = None,
        **more: Any,
    ) -> ApprovalDecision:
        """Answer a question as a user, or as the world's user of a role."""
        one = self.world.users[by] if isinstance(by, str) else by
        return actions.decide(
            actor=self.acting(one),
            now=now or self.world.now,
            ask_id=ask.pk,
            verdict=verdict,
            comment=comment,
            **more,
        )

    def present(self, version: QuoteVersion) -> actions.Presented:
        """Present the draft."""
        return actions.present_quote(
            actor=self.world.actor(REP), now=self.world.now, quote_id=version.quote_id
        )


def asks(request: ApprovalRequest) -> list[ApprovalAsk]:
    """The questions of a request, in the order they are put."""
    return list(ApprovalAsk.objects.filter(request=request).order_by("stage", "pk"))


def state_of(request: ApprovalRequest) -> str:
    """A request's state as it is kept."""
    return ApprovalRequest.objects.values_list("state", flat=True).get(pk=request.pk)


def asked_by_mail() -> list[str]:
    """Whom the mails that ask for approval went to, in their order."""
    rows = Mail.objects.filter(template="approval_asked").order_by("pk")
    return [address.partition("@")[0] for mail in rows for address in mail.to]


def token_for(login: str, nth: int = -1) -> str:
    """The token of the link in a user's newest mail that asks for approval."""
    mails = [
        mail
        for mail in Mail.objects.filter(template="approval_asked").order_by("pk")
        if mail.to[0].startswith(f"{login}@")
    ]
    found = re.search(r"/approval/([A-Za-z0-9_\-]{43})/", mails[nth].body_text)
    assert found is not None
    return found[1]
