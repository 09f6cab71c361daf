"""Deals of the demo that go all the way, or as far as the order: told by their dates."""

from __future__ import annotations

from handsel.site.demo.bank import Bank
from handsel.site.demo.deal import Deal
from handsel.site.demo.delivery import Delivery
from handsel.site.demo.diary import Diary
from handsel.site.demo.house import House

THIRDS = {"billing_method": "shares", "billing_shares": (3000, 6000, 1000)}
AT_ONCE = {"billing_method": "on_order"}


class Stories:
    """Writes every story into the diary."""

    def __init__(self, house: House, diary: Diary, bank: Bank) -> None:
        self.house, self.diary, self.bank = house, diary, bank

    def deal(self, customer: str, person: str, title: str, seller: str = "de") -> Deal:
        """A new deal of this demo."""
        return Deal(self.house, self.diary, customer, person, title, seller)

    def write(self) -> None:
        """All of them."""
        for tell in (
            spare_parts_for_ulm,
            new_line_for_erfurt,
            care_for_erfurt,
            plates_for_northway,
            second_hub_for_northway,
            stands_for_gruenkreis,
            held_belts_for_gruenkreis,
            dealer_stock_for_brightwell,
            cancelled_order_of_brightwell,
            stainless_line_for_lyon,
            pilot_line_for_basel,
            short_of_stock_for_ulm,
            checked_today_for_lingen,
        ):
            tell(self)


def spare_parts_for_ulm(world: Stories) -> None:
    """From the form to the paid invoice; everything shipped at once."""
    deal = world.deal("kornfeld-ulm", "brandt", "Ersatzteile für Linie 4")
    order = Delivery(deal, world.bank)
    deal.on("01-12 08:10", deal.ask, "Bearings and a belt for line 4, please.", source="organic")
    deal.on("01-12 08:14", deal.call)
    deal.on("01-12 09:30", deal.qualify)
    deal.on("01-12 10:00", deal.convert, "3200.00", "2026-01-30")
    lines = [("SP-BELT-PU-600", 14), ("SP-BRG-F205", 24), ("SP-ROLL-RET", 12), ("SP-SCRAPER", 2)]
    deal.on("01-12 15:00", deal.draft, lines)
    deal.on("01-12 15:20", deal.present)
    deal.on("01-13 07:55", deal.opened)
    deal.on("01-14 11:05", deal.accept, "4500071001")
    order.on("01-14 13:00", order.release)
    order.on("01-15 10:30", order.ship, carrier="DHL Freight")
    order.on("01-16 09:10", order.deliver, "Tobias Brandt")
    order.on("01-16 14:00", order.bill)
    order.on("02-12 06:00", order.pay)


def new_line_for_erfurt(world: Stories) -> None:
    """30 % with the order, 60 % on shipment, 10 % on delivery; complete and paid."""
    deal = world.deal("kornfeld-erfurt", "seidel", "Förderer für die Packhalle")
    order = Delivery(deal, world.bank)
    deal.on("01-26 09:40", deal.ask, "Three conveyors, 6 m, for the new hall.", source="fair")
    deal.on("01-26 10:25", deal.reply, "Thank you. May we look at the hall on Thursday?")
    deal.on("01-29 16:00", deal.qualify)
    deal.on("01-30 08:30", deal.convert, "15000.00", "2026-02-27")
    deal.on("01-30 08:45", deal.seat, "weber", "economic_buyer", "supportive")
    deal.on("01-30 08:50", deal.seat, "horn", "technical")
    deal.on("02-02 10:00", deal.move, "Needs understood")
    lines = [("BC-600-6000", 3), ("ST-LEG-P120", 9), ("TP-600", 3), ("CARE-HOUR", 16)]
    deal.on("02-05 11:00", deal.draft, lines, **THIRDS)
    deal.on("02-05 11:10", deal.offer_option, "SP-PANEL-SS", 3)
    deal.on("02-05 11:40", deal.present)
    deal.on("02-05 11:41", deal.move, "Offer")
    deal.on("02-06 08:00", deal.opened)
    deal.on("02-06 08:20", deal.question, "Can the stands be delivered a week earlier?")
    deal.on("02-06 09:00", deal.answer, "Yes, in the week of 9 March.")
    deal.on("02-10 10:00", deal.accept, "4500071188")
    order.on("02-10 14:00", order.release)
    order.on("02-11 09:00", order.bill)
    order.on("02-25 06:00", order.pay)
    order.on("03-10 08:00", order.ship, carrier="Spedition Nord")
    order.on("03-11 09:00", order.bill)
    order.on("03-12 11:00", order.deliver, "Anke Seidel")
    order.on("03-19 16:00", order.ship)
    order.on("03-20 12:00", order.deliver, "Uwe Horn")
    order.on("03-27 06:00", order.pay)
    order.on("03-30 09:00", order.bill)
    order.on("04-21 06:00", order.pay)


def care_for_erfurt(world: Stories) -> None:
    """A service contract billed with the order; the invoice is overdue since October."""
    deal = world.deal("kornfeld-erfurt", "seidel", "Halden Care für die Packhalle")
    order = Delivery(deal, world.bank)
    deal.on("08-03 10:00", deal.open, "12000.00", "2026-09-01")
    deal.on("08-05 09:00", deal.move, "Needs understood")
    lines = [("CARE-PLAT-M", 12), ("CARE-IMPL", 1), ("CARE-IMPL-UNIT", 3), ("CARE-TRAIN", 1)]
    deal.on("08-12 09:30", deal.draft, lines, **AT_ONCE)
    deal.on("08-12 10:00", deal.present)
    deal.on("08-20 15:00", deal.accept, "4500074410")
    order.on("08-21 09:00", order.release)
    order.on("08-24 09:00", order.bill)
    order.on("08-31 16:00", order.ship, {"CARE-IMPL": 1, "CARE-IMPL-UNIT": 3, "CARE-TRAIN": 1})


def plates_for_northway(world: Stories) -> None:
    """An export in dollars, shipped in two goes; the first invoice is paid in part."""
    deal = world.deal("northway", "carter", "Transfer plates for 40 units")
    order = Delivery(deal, world.bank)
    deal.on("02-18 20:10", deal.ask, "Transfer plates for forty units.", source="linkedin")
    deal.on("02-19 09:05", deal.call, reached=False)
    deal.on("02-19 14:40", deal.reply, "Attached is our data sheet. Which widths do you run?")
    deal.on("02-23 15:00", deal.qualify)
    deal.on("02-23 16:00", deal.convert, "14000.00", "2026-04-15")
    deal.on("02-23 16:10", deal.seat, "lopez", "procurement")
    lines = [("TP-600", 40), ("TP-600-ROLL", 12), ("ST-LEG-P120", 20), ("SP-SENS-PE", 40)]
    deal.on("03-04 15:00", deal.draft, lines, delivery_terms="FCA Stuttgart")
    deal.on("03-04 16:00", deal.present)
    deal.on("03-05 14:00", deal.opened)
    deal.on("03-17 17:30", deal.accept, "NW-PO-20931")
    order.on("03-18 09:00", order.release)
    order.on("03-24 09:00", order.ship, {"TP-600": 40, "ST-LEG-P120": 20}, carrier="Kuehne Sea")
    order.on("03-25 10:00", order.bill)
    order.on("04-27 10:00", order.deliver, "Dana Carter")
    order.on("05-11 06:00", order.pay, part_bps=6_000, text="NORTHWAY PARTIAL PAYMENT PLATES")
    order.on("05-12 09:00", order.settle)
    order.on("10-19 09:00", order.ship, {"TP-600-ROLL": 6, "SP-SENS-PE": 40}, carrier="Kuehne Air")
    order.on("10-20 10:00", order.bill)


def second_hub_for_northway(world: Stories) -> None:
    """The buyer's purchase order names a lower price; the desk holds the order."""
    deal = world.deal("northway", "lopez", "Second hub: stands and drives")
    order = Delivery(deal, world.bank)
    deal.on("10-05 16:00", deal.open, "21000.00", "2026-11-20")
    deal.on(
        "10-12 16:00", deal.draft, [("ST-LEG-P120", 40), ("SP-MOT-370", 18), ("SP-VFD-480", 10)]
    )
    deal.on("10-12 16:30", deal.present)
    deal.on("11-09 18:00", deal.accept, "NW-PO-21877")
    order.on("11-10 10:00", order.compare, "NW-PO-21877", cheaper_bps=250)


def stands_for_gruenkreis(world: Stories) -> None:
    """Goods into another member state, assembly under reverse charge, one stand credited."""
    deal = world.deal("gruenkreis", "moser", "Ständer und Montage für die Sortierlinie")
    order = Delivery(deal, world.bank)
    deal.on("04-13 13:30", deal.ask, "Twelve stands, with assembly at Enns.", channel="mail")
    deal.on("04-13 13:52", deal.call)
    deal.on("04-14 09:00", deal.qualify)
    deal.on("04-14 09:30", deal.convert, "4000.00", "2026-05-15")
    deal.on("04-16 10:00", deal.draft, [("ST-LEG-P120", 12), ("ST-ANCHOR", 24), ("CARE-HOUR", 12)])
    deal.on("04-16 10:20", deal.present)
    deal.on("04-20 10:00", deal.accept, "B-2207")
    order.on("04-20 14:00", order.release)
    order.on(
        "04-23 10:00", order.ship, {"ST-LEG-P120": 12, "ST-ANCHOR": 24}, carrier="Gebrüder Post"
    )
    order.on("04-27 15:00", order.deliver, "Clemens Moser")
    order.on("04-28 09:00", order.bill)
    order.on("04-29 16:00", order.ship)
    order.on("04-30 08:30", order.deliver, "Clemens Moser")
    order.on("05-26 06:00", order.pay, text="Rechnung Ständer Sortieranlage")
    order.on("04-30 09:00", order.bill)
    order.on("06-02 09:00", order.credit, "CARE-HOUR", 2, "two hours less than agreed")


def held_belts_for_gruenkreis(world: Stories) -> None:
    """More than the credit limit allows: the order waits for a decision."""
    deal = world.deal("gruenkreis", "moser", "Gummigurte und Antriebe, Budget 2027")
    deal.on("10-14 11:00", deal.ask, "Belts and drives for next year.", source="organic")
    deal.on("10-14 11:31", deal.call)
    deal.on("10-15 09:00", deal.qualify)
    deal.on("10-15 09:20", deal.convert, "34000.00", "2026-11-30")
    lines = [("SP-BELT-RUB-500", 120), ("SP-MOT-1100", 20), ("BC-600-3000", 4)]
    deal.on("10-28 10:00", deal.draft, lines)
    deal.on("10-28 10:30", deal.present)
    deal.on("11-12 09:40", deal.accept, "B-2391")


def dealer_stock_for_brightwell(world: Stories) -> None:
    """A dealer buys in pounds from the British company at partner prices; paid to the penny."""
    deal = world.deal("brightwell", "ellis", "Spring stock order", "uk")
    order = Delivery(deal, world.bank)
    deal.on("03-02 11:00", deal.ask, "Stock order for spring.", channel="call")
    deal.on("03-02 11:30", deal.qualify)
    deal.on("03-02 12:00", deal.convert, "5000.00", "2026-03-20")
    lines = [("SP-MOT-370", 6), ("SP-BELT-PVC-600", 60), ("SP-BRG-F206", 16), ("ST-LEG-P80", 10)]
    deal.on("03-03 10:00", deal.draft, lines)
    deal.on("03-03 10:15", deal.present)
    deal.on("03-05 10:00", deal.accept, "BW-1180")
    order.on("03-05 12:00", order.release)
    order.on("03-06 14:00", order.ship, carrier="Parcelforce")
    order.on("03-09 11:00", order.deliver, "Morgan Ellis")
    order.on("03-09 12:00", order.bill)
    order.on("04-07 06:00", order.pay)


def cancelled_order_of_brightwell(world: Stories) -> None:
    """The dealer's own customer went away; nothing had been shipped."""
    deal = world.deal("brightwell", "ellis", "Stands for a resale project", "uk")
    order = Delivery(deal, world.bank)
    deal.on("06-08 10:00", deal.open, "2400.00", "2026-07-01")
    deal.on("06-09 10:00", deal.draft, [("ST-CAS-P80", 14), ("TP-400", 6)])
    deal.on("06-09 10:30", deal.present)
    deal.on("06-16 10:00", deal.accept, "BW-1241")
    order.on("06-18 10:00", order.cancel, "the dealer's customer withdrew")


def stainless_line_for_lyon(world: Stories) -> None:
    """Shipped, delivered, invoiced without VAT within the EU; overdue since August."""
    deal = world.deal("valmora-lyon", "morel", "Stainless transfer for filling line 2")
    order = Delivery(deal, world.bank)
    deal.on("05-06 10:20", deal.ask, "Stainless stands and plates.", source="referral")
    deal.on("05-06 10:24", deal.reply, "Thank you. I will call you this afternoon.")
    deal.on("05-07 14:00", deal.qualify)
    deal.on("05-07 14:30", deal.convert, "16000.00", "2026-06-15")
    deal.on("05-08 09:00", deal.seat, "keller", "technical", "supportive")
    lines = [("BC-400-2000-SS", 3), ("ST-LEG-P120-SS", 12), ("TP-600-SS", 6)]
    deal.on("05-18 10:00", deal.draft, lines)
    deal.on("05-18 11:00", deal.present)
    deal.on("05-21 11:00", deal.question, "Is a certificate of the steel included?")
    deal.on("05-21 13:00", deal.answer, "Yes, 3.1 according to EN 10204.")
    deal.on("05-22 09:00", deal.revise)
    deal.on("05-22 09:10", deal.discount, 300)
    deal.on("05-22 09:20", deal.present)
    deal.on("05-29 16:00", deal.accept, "VF-88120")
    order.on("06-01 10:00", order.release)
    order.on("06-22 10:00", order.ship, carrier="DHL Freight")
    order.on("06-24 09:00", order.deliver, "Camille Morel")
    order.on("06-24 14:00", order.bill)


def pilot_line_for_basel(world: Stories) -> None:
    """An export to Switzerland by shares: the deposit is invoiced and not paid yet."""
    deal = world.deal("valmora", "keller", "Pilotlinie Basel")
    order = Delivery(deal, world.bank)
    deal.on("09-08 09:05", deal.ask, "A pilot line with two conveyors.", source="organic")
    deal.on("09-08 09:45", deal.call)
    deal.on("09-09 09:00", deal.qualify)
    deal.on("09-09 09:20", deal.convert, "13000.00", "2026-10-30")
    deal.on("09-09 09:30", deal.seat, "frei", "procurement", "opposed")
    lines = [("BC-400-2000-SS", 2), ("BC-600-3000", 1), ("ST-LEG-P120-SS", 8)]
    deal.on("09-29 10:00", deal.draft, lines, **THIRDS)
    deal.on("09-29 10:40", deal.present)
    deal.on("10-23 10:00", deal.accept, "VP-300412")
    order.on("10-23 14:00", order.release)
    order.on("10-26 09:00", order.bill)


def short_of_stock_for_ulm(world: Stories) -> None:
    """Released; one article is short, so the drums go first and wait for their invoice."""
    deal = world.deal("kornfeld-ulm", "brandt", "Gurte für den Stillstand im Herbst")
    order = Delivery(deal, world.bank)
    deal.on("10-19 08:30", deal.open, "34000.00", "2026-11-13")
    deal.on("10-20 09:00", deal.draft, [("SP-BELT-PU-600", 260), ("SP-DRUM-DRV-600", 4)])
    deal.on("10-20 09:30", deal.present)
    deal.on("11-03 10:00", deal.accept, "4500076090")
    order.on("11-03 13:00", order.release)
    order.on("11-19 10:00", order.ship, {"SP-DRUM-DRV-600": 4}, carrier="DHL Freight")


def checked_today_for_lingen(world: Stories) -> None:
    """Accepted this week; the desk has not looked at it yet."""
    deal = world.deal("kornfeld-lingen", "otten", "Führungen und Rollen, Linie 2")
    deal.on("11-05 14:10", deal.ask, "Guides and rollers for line 2.", source="organic")
    deal.on("11-05 14:22", deal.call)
    deal.on("11-06 09:00", deal.qualify)
    deal.on("11-06 09:10", deal.convert, "2100.00", "2026-11-27")
    deal.on(
        "11-09 10:00", deal.draft, [("SP-GUIDE-RAIL", 18), ("SP-ROLL-RET", 20), ("SP-ESTOP", 2)]
    )
    deal.on("11-09 10:20", deal.present)
    deal.on("11-18 09:15", deal.accept, "4500076231")
