"""One deal of the demo, with a method for each thing that people do about it.

Every method takes the instant first and goes through the same action as the page for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from handsel.attract.lead import actions as leads
from handsel.attract.lead.actions import Circumstances
from handsel.attract.lead.rules.inquiry import Inquiry, Origin
from handsel.attract.opportunity import actions as opportunities
from handsel.attract.opportunity import queries as opportunity_queries
from handsel.attract.opportunity.actions import Parties
from handsel.bid.quote import actions as quotes
from handsel.bid.quote.actions import NewLine, Signature
from handsel.bid.quote.models import QuoteVersion
from handsel.bid.quote.queries.approval_asks import inbox
from handsel.bid.quote.rules.terms import Terms
from handsel.ground.kernel.money import Money
from handsel.ground.party import queries as party
from handsel.site.demo.diary import Diary
from handsel.site.demo.house import House

# (article number, quantity) or (article number, quantity, discount in basis points)
Lines = Sequence[tuple[str, int] | tuple[str, int, int]]


@dataclass
class Deal:
    """A deal from the first contact to the acceptance; `Delivery` goes on from there."""

    house: House
    diary: Diary
    customer: str
    person: str
    title: str
    seller: str = "de"
    lead_id: int = 0
    opportunity_id: int = 0
    quote_id: int = 0
    token: str = ""
    content_hash: str = ""

    def on(self, when: str, verb: Callable[..., Any], *args: Any, **kw: Any) -> None:
        """Let one of this deal's verbs happen at an instant such as "03-16 09:30"."""
        self.diary.on(when, partial(_called, verb, args, kw))

    @property
    def rep(self) -> str:
        """The sales rep's sign-in."""
        return "rep.uk" if self.seller == "uk" else "rep"

    @property
    def seller_id(self) -> int:
        """The company that sells."""
        return self.house.seller(self.seller).pk

    @property
    def email(self) -> str:
        """The mail address of the person on the other side."""
        return party.contact_point(kind="email", person_id=self.house.people[self.person].pk)

    # Attract

    def ask(self, now: datetime, message: str, *, source: str = "", channel: str = "form") -> None:
        """The customer asks."""
        organization = self.house.organizations[self.customer]
        person = self.house.people[self.person]
        inquiry = Inquiry(
            person_name=person.name,
            email=self.email,
            company_name=organization.legal_name or organization.name,
            country=organization.country,
            language=person.language,
            interest=self.title,
            message=message,
        )
        origin = Origin(source=source)
        if channel == "form" and self.seller == "de" and self.house.form is not None:
            captured = leads.capture_from_form(
                form=self.house.form, now=now, inquiry=inquiry, origin=origin, consented=True
            )
        else:
            captured = leads.capture_lead(
                actor=self.house.actor(self.rep),
                now=now,
                seller_id=self.seller_id,
                inquiry=inquiry,
                origin=origin,
                circumstances=Circumstances(
                    channel=channel,
                    owner_id=self.house.users[self.rep].pk,
                    taken_live=channel == "call",
                ),
            )
        self.lead_id = captured.lead.pk

    def call(self, now: datetime, subject: str = "Called back", *, reached: bool = True) -> None:
        """A person of ours calls the customer."""
        leads.log_interaction(
            actor=self.house.actor(self.rep),
            now=now,
            lead_id=self.lead_id,
            direction="out",
            channel="call",
            reached=reached,
            subject=subject,
            body="",
        )

    def reply(self, now: datetime, body: str) -> None:
        """A person of ours answers by mail."""
        leads.reply(
            actor=self.house.actor(self.rep),
            now=now,
            lead_id=self.lead_id,
            subject=f"Your inquiry: {self.title}",
            body=body,
        )

    def qualify(self, now: datetime, grades: str = "3332") -> None:
        """Findings on interest, purchasing power, fit and timing, one digit each."""
        evidence = (
            "asked for a price with a drawing",
            "budget released, said the buyer",
            "line data sheet checked by engineering",
            "shutdown planned for the change-over",
        )
        dimensions = ("interest", "purchasing_power", "fit", "timing")
        for dimension, grade, why in zip(dimensions, grades, evidence, strict=True):
            leads.qualify(
                actor=self.house.actor(self.rep),
                now=now,
                lead_id=self.lead_id,
                dimension=dimension,
                grade=int(grade),
                evidence=why,
            )

    def convert(self, now: datetime, amount: str, close: str) -> None:
        """The lead becomes a deal of the known customer."""
        deal = opportunities.convert_lead(
            actor=self.house.actor(self.rep),
            now=now,
            lead_id=self.lead_id,
            parties=Parties(
                organization_id=self.house.organizations[self.customer].pk,
                person_id=self.house.people[self.person].pk,
            ),
            name=self.title,
            amount=self._money(amount),
            expected_close_on=date.fromisoformat(close),
            owner_id=self.house.users[self.rep].pk,
        )
        self.opportunity_id = deal.pk

    def open(self, now: datetime, amount: str, close: str) -> None:
        """A deal without a lead: a known customer needs something."""
        deal = opportunities.open_opportunity(
            actor=self.house.actor(self.rep),
            now=now,
            seller_id=self.seller_id,
            name=self.title,
            amount=self._money(amount),
            organization_id=self.house.organizations[self.customer].pk,
            person_id=self.house.people[self.person].pk,
            expected_close_on=date.fromisoformat(close),
        )
        self.opportunity_id = deal.pk

    def move(self, now: datetime, stage: str) -> None:
        """The deal goes to another stage, named in English."""
        pipeline = opportunity_queries.default_pipeline()
        found = next(s for s in opportunity_queries.stages(pipeline.pk) if s.name == stage)
        opportunities.move(
            actor=self.house.actor(self.rep),
            now=now,
            opportunity_id=self.opportunity_id,
            stage_id=found.pk,
        )

    def plan(self, now: datetime, kind: str, subject: str, *, days: int) -> None:
        """The next step of the deal."""
        opportunities.plan_activity(
            actor=self.house.actor(self.rep),
            now=now,
            opportunity_id=self.opportunity_id,
            kind=kind,
            subject=subject,
            due_at=now + timedelta(days=days),
            owner_id=self.house.users[self.rep].pk,
        )

    def seat(self, now: datetime, person: str, role: str, sentiment: str = "neutral") -> None:
        """Somebody has a part in the customer's decision."""
        opportunities.seat_member(
            actor=self.house.actor(self.rep),
            now=now,
            opportunity_id=self.opportunity_id,
            person_id=self.house.people[person].pk,
            role=role,
            sentiment=sentiment,
        )

    def lose(self, now: datetime, reason: str, lost_to: str = "") -> None:
        """The deal is lost."""
        opportunities.lose(
            actor=self.house.actor(self.rep),
            now=now,
            opportunity_id=self.opportunity_id,
            reason=reason,
            lost_to=lost_to,
        )

    # Bid

    def draft(self, now: datetime, lines: Lines, **terms: Any) -> None:
        """Begin the quote; `terms` are fields of `Terms`, valid 30 days unless said otherwise."""
        organization = self.house.organizations[self.customer]
        said = {
            "valid_until": (now + timedelta(days=30)).date(),
            "payment_days": organization.payment_days,
            **terms,
        }
        version = quotes.draft_quote(
            actor=self.house.actor(self.rep),
            now=now,
            opportunity_id=self.opportunity_id,
            title=self.title,
            lines=[self._line(*line) for line in lines],
            terms=Terms(**said),
        )
        self.quote_id = version.quote_id

    def add(self, now: datetime, lines: Lines) -> None:
        """Add lines to the draft."""
        quotes.add_lines(
            actor=self.house.actor(self.rep),
            now=now,
            quote_id=self.quote_id,
            lines=[self._line(*line) for line in lines],
        )

    def offer_option(self, now: datetime, sku: str, quantity: int) -> None:
        """Add a line the buyer may choose or leave."""
        line = replace(self._line(sku, quantity), is_optional=True)
        quotes.add_lines(
            actor=self.house.actor(self.rep), now=now, quote_id=self.quote_id, lines=[line]
        )

    def present(self, now: datetime) -> None:
        """Freeze the draft and send the buyer his link."""
        presented = quotes.present_quote(
            actor=self.house.actor(self.rep), now=now, quote_id=self.quote_id, to=self.email
        )
        # What a worker does a moment later.
        quotes.write_offer(
            actor=self.house.system,
            now=now,
            version_id=presented.version.pk,
            mail_id=presented.mail_id,
        )
        self.token = presented.link.rstrip("/").rpartition("/")[2]
        self.content_hash = presented.version.content_hash

    def opened(self, now: datetime) -> None:
        """The buyer opens his link."""
        quotes.record_quote_opened(now=now, token=self.token)

    def question(self, now: datetime, body: str) -> None:
        """The buyer asks on his page."""
        name = self.house.people[self.person].name
        quotes.ask_question(now=now, token=self.token, name=name, body=body)

    def answer(self, now: datetime, body: str) -> None:
        """The rep answers the buyer's question."""
        quotes.answer_question(
            actor=self.house.actor(self.rep), now=now, quote_id=self.quote_id, body=body
        )

    def revise(self, now: datetime) -> None:
        """Begin the next version."""
        quotes.new_version(actor=self.house.actor(self.rep), now=now, quote_id=self.quote_id)

    def discount(self, now: datetime, bps: int) -> None:
        """Take something off the whole draft."""
        quotes.set_terms(
            actor=self.house.actor(self.rep),
            now=now,
            quote_id=self.quote_id,
            changes={"discount_bps": bps},
        )

    def pay_later(self, now: datetime, days: int) -> None:
        """Give the customer more time to pay."""
        quotes.set_terms(
            actor=self.house.actor(self.rep),
            now=now,
            quote_id=self.quote_id,
            changes={"payment_days": days},
        )

    def ask_approval(self, now: datetime, comment: str) -> None:
        """The rep asks whoever must be asked."""
        quotes.request_approval(
            actor=self.house.actor(self.rep), now=now, quote_id=self.quote_id, comment=comment
        )

    def approve(self, now: datetime, login: str, comment: str) -> None:
        """Somebody who is asked agrees."""
        actor = self.house.actor(login)
        for waiting in inbox(actor, now=now):
            if waiting.request.quote_id == self.quote_id:
                quotes.decide(
                    actor=actor,
                    now=now,
                    ask_id=waiting.ask.pk,
                    verdict="approve",
                    comment=comment,
                )

    def accept(self, now: datetime, purchase_order: str = "") -> None:
        """The buyer accepts on his page; the order is placed with it."""
        acceptance = quotes.accept_quote(
            now=now,
            token=self.token,
            content_hash=self.content_hash,
            signature=Signature(
                name=self.house.people[self.person].name,
                email=self.email,
                purchase_order=purchase_order,
                ip_address="192.0.2.10",
                user_agent="Demo browser",
            ),
        )
        # What a worker does a moment later.
        quotes.confirm_acceptance(actor=self.house.system, now=now, acceptance_id=acceptance.pk)

    def decline(self, now: datetime, reason: str) -> None:
        """The buyer says no on his page."""
        quotes.decline_quote(now=now, token=self.token, reason=reason)

    def withdraw(self, now: datetime) -> None:
        """We take the offer back."""
        quotes.withdraw_quote(actor=self.house.actor(self.rep), now=now, quote_id=self.quote_id)

    def expire(self, now: datetime) -> None:
        """The last day of the offer is over."""
        version = QuoteVersion.objects.filter(quote_id=self.quote_id).latest("version_no")
        quotes.expire_quote(
            actor=self.house.system,
            now=now,
            quote_id=self.quote_id,
            version_no=version.version_no,
        )

    def _line(self, sku: str, quantity: int, discount_bps: int = 0) -> NewLine:
        return NewLine(
            product_id=self.house.products[sku].pk,
            quantity=Decimal(quantity),
            discount_bps=discount_bps,
        )

    def _money(self, amount: str) -> Money:
        return Money.parse(amount, self.house.organizations[self.customer].currency)


def _called(
    verb: Callable[..., Any], args: tuple[Any, ...], kw: dict[str, Any], now: datetime
) -> None:
    verb(now, *args, **kw)
