"""One deal in a real browser, clicked through by those who do it; nobody calls an action.

A stranger asks, the rep answers, converts, quotes and sends; the buyer accepts on a phone without
an account; the order desk releases; the warehouse ships; the accountant issues and sends, and
brings in the bank's file. Ten stands at 290.00 with 5 % from ten pieces: net 2,755.00, VAT 19 %
523.45, gross 3,278.45.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from handsel.attract.lead import actions as leads
from handsel.deliver.fulfillment import actions as fulfillment
from handsel.ground.document.models import Mail
from handsel.ground.kernel.clock import FixedClock
from tests.browser.visitor import PHONE, Visitor
from tests.support import bank
from tests.support.bid import make_shelf
from tests.support.world import PASSWORD, World, make_world

Visit = Callable[..., Visitor]
NET, TAX, GROSS = "2,755.00", "523.45", "3,278.45"
MOST_DECISIONS = 5


@pytest.fixture
def world(transactional_db: None) -> World:
    """The house, a customer it knows, twenty-five stands in stock, a form on the website."""
    world = make_world()
    shelf = make_shelf(world.system, world.now)
    warehouse = fulfillment.create_warehouse(
        actor=world.system, now=world.now, seller_id=world.seller.pk, name="Stuttgart"
    )
    fulfillment.receive_stock(
        actor=world.system,
        now=world.now,
        warehouse_id=warehouse.pk,
        product_id=shelf.stand.pk,
        quantity=Decimal(25),
    )
    leads.create_form(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        key="contact",
        title="Ask us",
        owner_id=world.users["sales_rep"].pk,
    )
    accountant = world.users["accountant"]
    accountant.set_password(PASSWORD)
    accountant.save()
    return world


def test_a_deal_is_clicked_through_by_everybody_it_passes(
    world: World,
    visit: Visit,
    clock: FixedClock,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stranger = visit()
    ask(stranger, clock)
    rep = visit(world.users["sales_rep"])
    answer_and_convert(rep, clock)
    quote_and_send(rep, clock)

    buyer = visit(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
    accept(buyer, clock)
    desk = visit(world.users["order_desk"])
    release(desk, clock)
    hand = visit(world.users["production"])
    ship(hand, clock)
    look_at_the_shipped_order(desk)
    accountant = visit()
    number = issue_and_send(accountant, clock)
    bring_in_statement(accountant, clock, number, tmp_path)
    look_at_the_books(accountant)

    people = [stranger, rep, buyer, desk, hand, accountant]
    decisions = [click for person in people[2:] for click in person.clicks]
    pages = [page for person in people for page in person.visits]
    most = max(len(page.requests) for page in pages)
    with capsys.disabled():
        print(f"\nfrom the sent quote to the money: {len(decisions)} clicks that decide something")
        print(f"  {', '.join(decisions)} (and one tick before the buyer accepts)")
        print(f"  {len(pages)} pages on the whole way, at most {most} requests for one")
    assert [complaint for person in people for complaint in person.complaints()] == []
    assert len(decisions) <= MOST_DECISIONS


def ask(stranger: Visitor, clock: FixedClock) -> None:
    """Kim Brandt fills in the form on the website."""
    page = stranger.see("/form/contact/?utm_source=fair")
    page.get_by_label("Your name").fill("Kim Brandt")
    page.get_by_label("E-mail").fill("kim@brandt.example")
    page.get_by_label("Company").fill("Brandt Lebensmittel")
    page.get_by_label("Your message").fill("Ten stands for line 4, please.")
    clock.advance(timedelta(minutes=2))
    stranger.decide("Send inquiry")
    assert "L-2026-00001" in stranger.words()


def answer_and_convert(rep: Visitor, clock: FixedClock) -> None:
    """The rep finds the inquiry among today's work, writes down a call, and makes a deal of it."""
    clock.advance(timedelta(minutes=30))
    rep.see("/")
    assert "Inquiries nobody has answered" in rep.words()
    page = rep.follow("#leads a:has-text('Kim Brandt'), a.row-link:has-text('Kim Brandt')")
    assert "Ten stands for line 4, please." in rep.words()
    page.get_by_text("Write down a call or a visit").click()
    page.get_by_label("What was said").fill("Needs them in April.")
    rep.decide("Write down")
    assert "Needs them in April." in rep.words()
    rep.follow("[data-main-action]:has-text('Convert')")
    page.get_by_label("Brandt Lebensmittel GmbH").check()
    page.get_by_label("Name of the deal").fill("Stands for line 4")
    page.get_by_label("Amount").fill("3000.00")
    rep.decide("Convert")
    assert "Stands for line 4" in rep.words()
    assert "3,000.00" in rep.words()


def quote_and_send(rep: Visitor, clock: FixedClock) -> None:
    """From the deal's page: a draft, ten stands in it, presented and sent."""
    clock.advance(timedelta(hours=1))
    page = rep.decide("Draw up a quote")
    page.locator("#qg-add").press_sequentially("stand")
    expect(page.locator("#qg-found [role=option]").first).to_contain_text("Stand 900")
    page.keyboard.press("Enter")
    quantity = page.locator(".qg-line .qg-quantity").first
    expect(quantity).to_have_text("1")
    quantity.click()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(page.locator("#quote-totals")).to_contain_text(GROSS)
    expect(page.locator("#quote-thread")).to_contain_text(GROSS)
    words = rep.words()
    assert f"{NET} EUR" in words and f"{TAX} EUR" in words
    rep.decide("Present and send")
    assert "Send the link again" in rep.words()


def accept(buyer: Visitor, clock: FixedClock) -> None:
    """The link of the mail opens on a phone; a name is there already; one tick, one button."""
    clock.advance(timedelta(days=1))
    mail = Mail.objects.get(to=["kim@brandt.example"], template__startswith="quote")
    link = re.search(r"http\S+/offer/\S+", mail.body_text)
    assert link is not None
    page = buyer.see(link.group())
    assert f"{GROSS} EUR" in buyer.words()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label("I accept this quote").check()
    buyer.decide("Accept")
    assert "Thank you, the quote is accepted." in buyer.words()


def release(desk: Visitor, clock: FixedClock) -> None:
    """The order is among today's work of the order desk."""
    clock.advance(timedelta(hours=2))
    desk.see("/")
    desk.follow("main a.row-link")
    assert f"{GROSS} EUR" in desk.words()
    desk.decide("Release")


def ship(hand: Visitor, clock: FixedClock) -> None:
    """What is released waits at the warehouse's desk, with its button."""
    clock.advance(timedelta(hours=3))
    hand.see("/fulfillment/")
    hand.decide("Ship")
    assert "Stand 900" in hand.words()


def look_at_the_shipped_order(desk: Visitor) -> None:
    """Nothing is left to ship: the order leads on to its invoices."""
    desk.see(urlsplit(desk.page.url).path)
    expect(desk.page.locator("[data-main-action]")).to_have_text("Invoices")


def issue_and_send(accountant: Visitor, clock: FixedClock) -> str:
    """The accountant signs in by the page, finds the draft, and sends it as an invoice."""
    clock.advance(timedelta(days=1))
    page = accountant.see("/")
    page.get_by_label("Email").fill("accountant@halden.example")
    page.get_by_label("Password").fill(PASSWORD)
    accountant.follow("button:has-text('Sign in')")
    accountant.follow("main a.row-link")
    assert f"{GROSS} EUR" in accountant.words()
    accountant.decide("Issue and send")
    words = accountant.words()
    found = re.search(r"\bI\w*-2026-\d+", words)
    assert found is not None, words
    return found.group()


def bring_in_statement(accountant: Visitor, clock: FixedClock, number: str, folder: Path) -> None:
    """The bank's file is brought in; the invoice is paid."""
    clock.advance(timedelta(days=14))
    amount = GROSS.replace(",", "")
    file = folder / "statement.xml"
    file.write_bytes(
        bank.statement(
            number=1,
            on="2026-03-17",
            iban="DE89370400440532013000",
            opening="0.00",
            closing=amount,
            receipts=[bank.Credit(amount, "Brandt", "DE02120300000000202051", number)],
        )
    )
    page = accountant.see("/cash/")
    page.get_by_label("File of the bank").set_input_files(file)
    accountant.decide("Import and match")
    assert "1 entry matched, 0 wait for you" in accountant.words()
    accountant.see("/billing/")
    accountant.follow(f"a.row-link:has-text('{number}')")
    assert "Paid" in accountant.words()


def look_at_the_books(accountant: Visitor) -> None:
    """Sold, owed to the tax office, in the bank: and nothing else."""
    page = accountant.see("/ledger/?from=2026-01-01&until=2026-12-31")
    closing = {}
    for row in page.locator("#trial-balance-EUR tbody tr").all():
        cells = row.locator("td").all_inner_texts()
        closing[cells[0].split()[0]] = cells[-1].split()[0]
    sums = closing.pop("Sum", None)
    moved = {code: amount for code, amount in closing.items() if amount != "0.00"}
    assert moved == {"1200": GROSS, "1776": f"\N{MINUS SIGN}{TAX}", "8400": f"\N{MINUS SIGN}{NET}"}
    assert sums in (None, "0.00")
