"""The many inquiries beside the stories: every state, source and way of being answered.

What happens to the n-th inquiry follows from n alone, so that the figures on the pages of insight
are the same every time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handsel.attract.lead import actions as leads
from handsel.attract.lead.actions import Circumstances
from handsel.attract.lead.rules.inquiry import Inquiry, Origin
from handsel.attract.opportunity import actions as opportunities
from handsel.ground.kernel.money import Money
from handsel.site.demo.diary import HOME_ZONE, Diary
from handsel.site.demo.house import House

NAMES = (
    "Mira Thal", "Jonas Feld", "Carla Nord", "Tim Berger", "Ines Moor", "Paul Grün", "Lea Sand",
    "Erik Holm", "Nora Kern", "Felix Au", "Tara Quell", "Omar Reis", "Vera Lind", "Kai Sturm",
    "Maja Wald", "Ben Acker", "Rita Bach",
)  # fmt: skip
COMPANIES = (
    "Backhaus Ried", "Molkerei Talblick", "Versand Nordlicht", "Saftwerk Auental", "Lager Mitte",
    "Teigwaren Hofer", "Druckerei Spalt", "Kaffee Rösthof", "Metallbau Kante", "Papier Flussau",
    "Obsthof Lühe", "Logistik Drehkreuz", "Gewürze Morgen",
)  # fmt: skip
SOURCES = (
    "organic", "paid_search", "", "referral", "organic", "fair", "social", "", "organic",
    "paid_search", "direct",
)  # fmt: skip
WISHES = (
    "We need a conveyor of about four metres between two tables.",
    "Our belt is torn; how soon can you send one?",
    "Please quote six stands and the plates between them.",
    "What does a yearly maintenance of eight conveyors cost?",
    "We plan a packing hall and look for a partner.",
)
# Minutes until a person answers the n-th inquiry; None: never.
ANSWERS = (4, 22, 9, None, 55, 180, 3, 14, 1440, 35, None, 12, 600, 48, 7, 95, 27, 2900, 6)
GIVEN_UP = ("no_budget", "bad_timing", "no_fit", "unreachable", "spam", "duplicate", "test")
FIRST, DAYS, COUNT = datetime(2026, 1, 7, tzinfo=HOME_ZONE), 316, 118


@dataclass
class Writer:
    """Writes the inquiries into the diary."""

    house: House
    diary: Diary

    def write(self) -> None:
        """All of them, spread over the year's working hours."""
        for n in range(COUNT):
            day = FIRST + timedelta(days=n * DAYS // COUNT)
            day += timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
            asked = day.replace(hour=8 + n * 5 % 9, minute=n * 17 % 60)
            self._inquiry(n, asked)

    def _inquiry(self, n: int, asked: datetime) -> None:
        one = _Inquirer(self.house, n)
        self.diary.on(_text(asked), one.ask)
        wait = ANSWERS[n % len(ANSWERS)]
        if n % 13 == 5 or (wait is None and n % 3 == 0):
            self.diary.on(_text(asked + timedelta(minutes=70)), one.try_to_call)
        if wait is None:
            if n % 4 == 3 and asked.month < 10:
                self.diary.on(_text(asked + timedelta(days=20)), one.give_up)
            return
        answered = asked + timedelta(minutes=wait)
        self.diary.on(_text(answered), one.answer)
        self._after(n, one, answered)

    def _after(self, n: int, one: _Inquirer, answered: datetime) -> None:
        if n % 5 in (1, 3):
            self.diary.on(_text(answered + timedelta(days=6)), one.give_up)
        elif n % 5 in (0, 2):
            self.diary.on(_text(answered + timedelta(days=2)), one.qualify)
        if n % 5 == 0 and n % 3 != 1:
            converted = answered + timedelta(days=4)
            self.diary.on(_text(converted), one.convert)
            outcome = one.win if n % 3 == 0 else one.lose
            if n < 108:
                ended = converted + timedelta(days=9 + n % 23)
                self.diary.on(_text(ended), outcome)


def _text(when: datetime) -> str:
    last = datetime(2026, 11, 20, 16, 0, tzinfo=HOME_ZONE)
    return min(when, last).strftime("%m-%d %H:%M")


@dataclass
class _Inquirer:
    """One stranger and what becomes of him."""

    house: House
    n: int
    lead_id: int = 0
    opportunity_id: int = 0

    def ask(self, now: datetime) -> None:
        """He fills in the form; every ninth one calls."""
        company = f"{COMPANIES[self.n % len(COMPANIES)]} {1 + self.n // len(COMPANIES)}"
        name = NAMES[self.n % len(NAMES)]
        source = SOURCES[self.n % len(SOURCES)]
        # The form fills in its own source, so only a mail comes without any.
        channel = "call" if self.n % 9 == 8 else "form" if source else "mail"
        captured = leads.capture_lead(
            actor=self.house.actor("rep") if channel == "call" else self.house.system,
            now=now,
            seller_id=self.house.german.pk,
            inquiry=Inquiry(
                person_name=name,
                email=f"{name.split()[0].lower()}@company-{self.n:03d}.example",
                company_name=company,
                country="DE",
                language="de",
                interest=("Conveyors", "Spare parts", "Halden Care")[self.n % 3],
                message=WISHES[self.n % len(WISHES)],
            ),
            origin=Origin(source=source),
            circumstances=Circumstances(
                channel=channel,
                form=self.house.form if channel == "form" else None,
                owner_id=self.house.users["rep"].pk,
                taken_live=channel == "call",
            ),
        )
        self.lead_id = captured.lead.pk

    def answer(self, now: datetime) -> None:
        """A person of ours answers by phone."""
        self._contact(now, reached=True)

    def try_to_call(self, now: datetime) -> None:
        """Nobody picks up."""
        self._contact(now, reached=False)

    def qualify(self, now: datetime) -> None:
        """Two questions are settled, of every other lead all four."""
        settled = [("interest", 2 + self.n % 2), ("fit", 2)]
        if self.n % 2:
            settled += [("purchasing_power", 2), ("timing", 1 + self.n % 3)]
        for dimension, grade in settled:
            leads.qualify(
                actor=self.house.actor("rep"),
                now=now,
                lead_id=self.lead_id,
                dimension=dimension,
                grade=grade,
                evidence="said so on the phone",
            )

    def give_up(self, now: datetime) -> None:
        """The lead is not worth pursuing."""
        leads.disqualify(
            actor=self.house.actor("rep"),
            now=now,
            lead_id=self.lead_id,
            reason=GIVEN_UP[self.n % len(GIVEN_UP)],
        )

    def convert(self, now: datetime) -> None:
        """It becomes a deal of a new organization."""
        amount = Money(120_000 + self.n * 37_300 % 1_900_000, "EUR")
        deal = opportunities.convert_lead(
            actor=self.house.actor("rep"),
            now=now,
            lead_id=self.lead_id,
            amount=amount,
            expected_close_on=(now + timedelta(days=30)).date(),
        )
        self.opportunity_id = deal.pk

    def win(self, now: datetime) -> None:
        """Ordered in the web shop of a partner; there is no quote of ours."""
        opportunities.win(
            actor=self.house.actor("rep"),
            now=now,
            opportunity_id=self.opportunity_id,
            cause="ordered by telephone",
        )

    def lose(self, now: datetime) -> None:
        """Bought elsewhere or not at all."""
        opportunities.lose(
            actor=self.house.actor("rep"),
            now=now,
            opportunity_id=self.opportunity_id,
            reason=("price", "no_decision", "timing")[self.n % 3],
        )

    def _contact(self, now: datetime, *, reached: bool) -> None:
        leads.log_interaction(
            actor=self.house.actor("rep"),
            now=now,
            lead_id=self.lead_id,
            direction="out",
            channel="call",
            reached=reached,
            subject="Called back" if reached else "Nobody picked up",
            body="",
        )
