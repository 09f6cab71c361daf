"""Deals of the demo that did not become orders: open in every stage, lost, and their quotes."""

from __future__ import annotations

from datetime import date
from functools import partial

from handsel.site.demo.configured import (
    CARE_FOR_A_PANEL,
    FOOD_INCLINE,
    HALF_WAY,
    SIXTY_ON_GOLD,
    add_configured,
    configure,
    publish_laws,
)
from handsel.site.demo.stories import Stories

FAR = "2027-12-31"


def write(world: Stories) -> None:
    """All of them."""
    for tell in (
        open_in_every_stage,
        presented_quotes,
        drafted_quote,
        configured_quote,
        agreement_quote,
        quote_waiting_for_approval,
        closed_quotes,
        lost_deals,
        quote_that_does_not_fit,
    ):
        tell(world)


def open_in_every_stage(world: Stories) -> None:
    """Deals before the offer, with next steps and a committee."""
    ulm = world.deal("kornfeld-ulm", "weber", "Frame agreement 2027")
    ulm.on("11-02 09:00", ulm.open, "85000.00", "2027-01-29")
    ulm.on("11-02 09:10", ulm.plan, "meeting", "Annual talk in Ulm", days=24)
    ulm.on("11-02 09:12", ulm.seat, "seidel", "influencer", "supportive")
    ulm.on("11-02 09:13", ulm.seat, "otten", "user")
    hub = world.deal("northway", "carter", "Third hub, 24 units")
    hub.on("09-21 16:00", hub.open, "126000.00", "2026-12-18")
    hub.on("10-08 16:00", hub.move, "Needs understood")
    hub.on("10-08 16:05", hub.plan, "call", "Load data of the induction line", days=12)
    lingen = world.deal("kornfeld-lingen", "otten", "Replacement of line 7")
    lingen.on("07-15 10:00", lingen.open, "46000.00", "2026-09-30")
    lingen.on("08-19 10:00", lingen.move, "Needs understood")
    lyon = world.deal("valmora-lyon", "morel", "Halden Care for Lyon")
    lyon.on("10-12 10:00", lyon.open, "11760.00", "2026-12-11")
    lyon.on("10-26 10:00", lyon.move, "Negotiation")
    lyon.on("10-26 10:05", lyon.plan, "mail", "Send the response times of Care L", days=40)


def presented_quotes(world: Stories) -> None:
    """Offers on the table: unopened, with an open question, and in a second version."""
    fresh = world.deal("kornfeld-erfurt", "horn", "Lichtschranken für die Packhalle")
    fresh.on("11-16 10:00", fresh.open, "1900.00", "2026-12-04")
    fresh.on("11-17 09:00", fresh.draft, [("SP-SENS-PE", 16), ("CARE-HOUR", 4)], **valid(FAR))
    fresh.on("11-17 09:20", fresh.present)
    fresh.on("11-17 09:21", fresh.move, "Offer")
    asked = world.deal("gruenkreis", "moser", "Wartungsbesuche 2027")
    asked.on("11-04 10:00", asked.open, "3560.00", "2026-12-15")
    asked.on("11-05 10:00", asked.draft, [("CARE-VISIT-2", 4)], **valid(FAR))
    asked.on("11-05 10:15", asked.present)
    asked.on("11-05 10:16", asked.move, "Offer")
    asked.on("11-09 08:30", asked.opened)
    asked.on("11-09 08:41", asked.question, "Can two of the visits be on a Saturday?")
    second = world.deal("brightwell", "ellis", "Autumn stock order", "uk")
    second.on("10-20 10:00", second.open, "6200.00", "2026-12-01")
    lines = [("SP-MOT-90", 12), ("SP-BELT-PVC-300", 80), ("SP-SCRAPER", 10)]
    second.on("10-21 10:00", second.draft, lines, **valid(FAR))
    second.on("10-21 10:20", second.present)
    second.on("10-22 11:00", second.opened)
    second.on("11-02 10:00", second.revise)
    second.on("11-02 10:10", second.add, [("TP-400", 10)])
    second.on("11-02 10:20", second.discount, 200)
    second.on("11-02 10:30", second.present)
    second.on("11-02 10:31", second.move, "Negotiation")


def drafted_quote(world: Stories) -> None:
    """A draft the rep is still working on."""
    deal = world.deal("valmora", "keller", "Ersatzteilpaket Basel")
    deal.on("11-18 10:00", deal.open, "6400.00", "2026-12-18")
    lines = [("SP-DRUM-DRV-600", 2), ("SP-BELT-POM-600", 12), ("SP-MOT-370", 2, 500)]
    deal.on("11-19 15:00", deal.draft, lines, **valid(FAR))


def configured_quote(world: Stories) -> None:
    """A food incline built to order with its accessories, and another one only half decided."""
    deal = world.deal("kornfeld-ulm", "brandt", "Schrägförderer für die Abfülllinie")
    deal.on("11-19 16:00", deal.open, "9800.00", "2026-12-18")
    lines = [("SP-SCRAPER", 2), ("ST-LEG-P120", 3)]
    deal.on("11-20 13:00", deal.draft, lines, **valid(FAR))
    deal.on("11-20 13:20", add_configured, deal, "Food incline, 6 m", FOOD_INCLINE)
    deal.on("11-20 13:40", configure, deal, "Second incline", HALF_WAY)


def agreement_quote(world: Stories) -> None:
    """Three years of care for a line that grows to sixty conveyors: the reference's worked deal."""
    deal = world.deal("kornfeld-lingen", "otten", "Halden Care für die neue Halle")
    deal.on("11-18 14:00", deal.open, "118000.00", "2026-12-21")
    deal.on("11-19 11:00", deal.draft, [("CARE-VISIT-1", 1)], **valid(FAR))
    title = "Sechzig Förderer mit Gold"
    deal.on("11-19 11:30", add_configured, deal, title, SIXTY_ON_GOLD, "halden-care")


def quote_waiting_for_approval(world: Stories) -> None:
    """The manager allowed 18 %; then the customer wanted to pay later, and only that is asked."""
    deal = world.deal("gruenkreis", "moser", "Gurte für beide Schredder")
    deal.on("11-18 10:20", deal.open, "9000.00", "2026-12-18")
    lines = [("SP-BELT-PVC-300", 120, 1800), ("SP-SCRAPER", 6)]
    deal.on("11-19 15:30", deal.draft, lines, **valid(FAR))
    deal.on("11-19 15:40", deal.ask_approval, "They take all belts of next year at once.")
    deal.on("11-20 09:25", deal.approve, "sales", "Fine for the whole year’s quantity.")
    deal.on("11-20 11:00", deal.pay_later, 75)
    deal.on("11-20 11:05", deal.ask_approval, "Now they want 75 days to pay.")


def closed_quotes(world: Stories) -> None:
    """Declined, expired and withdrawn."""
    no = world.deal("northway", "lopez", "Drum motors for the sorter")
    no.on("06-15 16:00", no.open, "9800.00", "2026-07-31")
    no.on("06-16 16:00", no.draft, [("SP-DRUM-MOT-370", 11)])
    no.on("06-16 16:20", no.present)
    no.on("06-22 15:00", no.opened)
    no.on("06-29 15:00", no.decline, "We stay with our present supplier this year.")
    no.on("06-30 09:00", no.lose, "competitor", "present supplier")
    late = world.deal("kornfeld-lingen", "otten", "Ständer für den Puffer")
    late.on("07-06 10:00", late.open, "3100.00", "2026-08-14")
    late.on("07-07 10:00", late.draft, [("ST-LEG-P80", 20)])
    late.on("07-07 10:20", late.present)
    late.on("07-07 10:21", late.move, "Offer")
    late.on("08-07 06:00", late.expire)
    back = world.deal("valmora-lyon", "morel", "Ceiling hangers")
    back.on("09-14 10:00", back.open, "960.00", "2026-10-16")
    back.on("09-15 10:00", back.draft, [("ST-CEIL-P120", 8)])
    back.on("09-15 10:20", back.present)
    back.on("09-18 10:00", back.withdraw)
    back.on("09-18 10:05", back.lose, "duplicate")


def lost_deals(world: Stories) -> None:
    """Lost before an offer, each for another reason."""
    rows = (
        ("kornfeld-erfurt", "seidel", "Cold store conveyor", "19000.00", "03", "no_budget", ""),
        ("gruenkreis", "moser", "ATEX conveyor for the shredder", "27000.00", "05", "product_gap",
         "a maker of special machines"),
        ("valmora", "frei", "Clean room transfer", "52000.00", "07", "price", "a larger supplier"),
        ("northway", "carter", "Retrofit of hub one", "71000.00", "09", "no_decision", ""),
    )  # fmt: skip
    for customer, person, title, amount, month, reason, to in rows:
        deal = world.deal(customer, person, title)
        deal.on(f"{month}-03 10:00", deal.open, amount, f"2026-{month}-28")
        deal.on(f"{month}-11 10:00", deal.move, "Needs understood")
        deal.on(f"{month}-27 16:00", deal.lose, reason, to)


def quote_that_does_not_fit(world: Stories) -> None:
    """Care for a conveyor with a full panel, beside a conveyor without one: a law between lines
    speaks, and the offer cannot go out before it is mended."""
    deal = world.deal("kornfeld-lingen", "otten", "Schrägförderer mit Care, Halle 3")
    world.diary.on("11-20 15:00", partial(publish_laws, world.house))
    deal.on("11-20 15:30", deal.open, "24000.00", "2026-12-22")
    deal.on("11-20 15:40", deal.draft, [("SP-SCRAPER", 1)], **valid(FAR))
    deal.on("11-20 15:50", add_configured, deal, "Schrägförderer für Halle 3", FOOD_INCLINE)
    title = "Care für Halle 3"
    deal.on("11-20 16:00", add_configured, deal, title, CARE_FOR_A_PANEL, "halden-care")


def valid(until: str) -> dict[str, object]:
    """Terms of an offer that is still open when somebody looks at the demo much later."""
    return {"valid_until": date.fromisoformat(until)}
