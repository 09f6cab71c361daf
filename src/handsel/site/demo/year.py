"""The demo's year from its first morning to its last statement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from handsel.ground.document.actions import deliver_mail
from handsel.ground.document.models import Mail
from handsel.ground.document.outbox import KeptTransport
from handsel.ground.kernel.errors import Refused
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import Seller
from handsel.ground.platform import installation
from handsel.site.demo import open_deals, thin_margin
from handsel.site.demo.agreements import agree_prices
from handsel.site.demo.approvals import set_rules
from handsel.site.demo.bank import Bank, Receipt
from handsel.site.demo.configured import publish_models
from handsel.site.demo.customers import welcome_customers
from handsel.site.demo.delivery import PAYERS, day
from handsel.site.demo.diary import Diary, at
from handsel.site.demo.house import build_house
from handsel.site.demo.inquiries import Writer
from handsel.site.demo.shelf import fill_shelf
from handsel.site.demo.stories import Stories

STATEMENTS = ("02-12", "02-27", "03-31", "04-07", "04-30", "05-11", "05-29", "06-30", "10-30")
LAST = at("11-20 17:00")


def live_through(progress: Callable[[int, int], object]) -> None:
    """Do all of it. Raises Refused unless the database is empty."""
    if installation.demo_is_loaded() or Seller.objects.exists():
        raise Refused("The demo is for an empty database.", code="demo_loaded")
    house = build_house(at("01-02 08:00"))
    fill_shelf(house, at("01-02 09:00"))
    publish_models(house, at("01-02 10:00"))
    welcome_customers(house, at("01-05 09:00"))
    set_rules(house, at("01-05 10:00"))
    agree_prices(house, at("01-05 11:00"))
    diary, bank = Diary(), Bank(house)
    Stories(house, diary, bank).write()
    open_deals.write(Stories(house, diary, bank))
    thin_margin.write(Stories(house, diary, bank))
    Writer(house, diary).write()
    _write_bank_days(diary, bank)
    diary.live(lambda done: progress(done, len(diary)))
    _deliver_mails()
    installation.mark_demo_loaded(now=LAST)


def _write_bank_days(diary: Diary, bank: Bank) -> None:
    for one in STATEMENTS:
        diary.on(f"{one} 18:00", bank.tell)
    for amount, payer, iban, text, on in (
        (
            "1250.00",
            "Kornfeld Lebensmittel AG",
            PAYERS["kornfeld"],
            "Zahlung lt. Absprache",
            "10-29",
        ),
        ("480.20", "Muster Handel", "DE12500105170648489890", "Erstattung Muster", "10-29"),
    ):
        receipt = Receipt(Money.parse(amount, "EUR"), payer, iban, text, day(on))
        diary.on(f"{on} 06:00", partial(_arrive, bank, receipt))
    late = Receipt(
        Money.parse("2000.00", "EUR"),
        "Valmora France SAS",
        "FR1420041010050500013M02606",
        "acompte VF-88120",
        day("11-19"),
    )
    diary.on("11-19 06:00", partial(_arrive, bank, late))
    diary.on("11-19 18:00", bank.tell_wrongly)


def _arrive(bank: Bank, receipt: Receipt, _now: datetime) -> None:
    bank.expect("de", receipt)


def _deliver_mails() -> None:
    transport = KeptTransport()
    for mail in Mail.objects.filter(state="queued").order_by("pk"):
        deliver_mail(
            now=mail.queued_at + timedelta(minutes=1), mail_id=mail.pk, transport=transport
        )
