"""A document that does not add up is never typeset."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch

from handsel.ground.document import content
from handsel.ground.document.errors import DoesNotAddUp
from handsel.ground.document.letter import Letter
from handsel.ground.document.proposal import ProposalDocument, own_sum
from handsel.ground.kernel.exact import EXACT
from handsel.ground.kernel.money import Money, total


@singledispatch
def check(document: Letter) -> None:
    """Raise DoesNotAddUp if a document's amounts contradict each other.

    Checked: quantity × price within one minor unit of the list amount, list − discount = amount,
    lines → net → tax base → gross → due, deposits, running balances. How much tax there should be
    is for the rooms that decide it.
    """
    raise TypeError(f"{type(document).__name__} has no arithmetic")


def _equal(what: str, shown: Money, reckoned: Money) -> None:
    if shown != reckoned:
        raise DoesNotAddUp(
            f"{what} says {shown}, but its parts come to {reckoned}.",
            shown=str(shown),
            reckoned=str(reckoned),
        )


def _check_line(line: content.PricedLine) -> None:
    where = f"Line {line.position}"
    discount = line.discount or Money.zero(line.amount.currency)
    _equal(where, line.amount, line.list_amount - discount)
    if line.unit_price is None:
        return
    exact = EXACT.multiply(line.unit_price.value, line.quantity.value)
    one_minor = Money(1, line.amount.currency).amount
    if line.unit_price.currency != line.amount.currency or (
        abs(exact - line.list_amount.amount) >= one_minor
    ):
        raise DoesNotAddUp(
            f"{where} says {line.list_amount}, but {line.quantity} × {line.unit_price.value:f} "
            f"{line.unit_price.currency} is {exact:f}."
        )


def _check_net_tax_gross(
    net: Money, adjusted: Money, taxes: Iterable[content.TaxRow], gross: Money
) -> None:
    rows = list(taxes)
    _equal("The net total", net, adjusted)
    if rows:
        _equal("The taxed base", total((row.base for row in rows), net.currency), net)
    _equal("The total", gross, net + total((row.tax for row in rows), net.currency))


def _adjusted(
    lines: Iterable[content.PricedLine],
    adjustments: Iterable[content.Adjustment],
    currency: str,
) -> Money:
    amounts = [line.amount for line in lines] + [item.amount for item in adjustments]
    return total(amounts, currency)


def _check_offer(
    lines: tuple[content.PricedLine, ...], totals: tuple[content.ChargeTotal, ...]
) -> None:
    for line in lines:
        _check_line(line)
    kinds = {(item.charge, item.interval) for item in totals}
    if len(kinds) != len(totals):
        raise DoesNotAddUp("A kind of charge has two totals.")
    if stray := {(line.charge, line.interval) for line in lines} - kinds:
        raise DoesNotAddUp(f"Lines have no total: {sorted(stray)}.")
    for item in totals:
        own = [ln for ln in lines if (ln.charge, ln.interval) == (item.charge, item.interval)]
        reckoned = _adjusted(own, item.adjustments, item.net.currency)
        _check_net_tax_gross(item.net, reckoned, item.taxes, item.gross)
        if item.list_total is not None and item.discount is not None:
            saved = total((ln.list_amount for ln in own), item.net.currency) - item.list_total
            _equal("The list total", saved, Money.zero(item.net.currency))
            lines_net = total((ln.amount for ln in own), item.net.currency)
            _equal("The discount", item.discount, item.list_total - lines_net)


def _check_sections(document: content.QuoteDocument) -> None:
    shown = [line for section in document.sections for line in section.lines]
    if sorted(ln.position for ln in shown) != sorted(ln.position for ln in document.lines):
        raise DoesNotAddUp("The sections do not show every line once.")
    for place, section in enumerate(document.sections):
        if section.amount is not None:
            reckoned = own_sum(document.sections, place)
            _equal(section.title, section.amount, Money(reckoned, section.amount.currency))


@check.register
def _quote(document: content.QuoteDocument) -> None:
    _check_offer(document.lines, document.totals)
    for line in document.optional_lines:
        _check_line(line)
    if document.sections:
        _check_sections(document)


@check.register
def _proposal(document: ProposalDocument) -> None:
    _quote(document)
    for story in document.stories:
        parts = total((step.amount for step in story.steps), story.amount.currency)
        _equal(f"The price of line {story.position}", story.amount, parts)


@check.register
def _order_confirmation(document: content.OrderConfirmationDocument) -> None:
    _check_offer(document.lines, document.totals)


@check.register
def _delivery_note(document: content.DeliveryNoteDocument) -> None:
    for line in document.lines:
        if line.open is not None and line.open + line.shipped > line.ordered:
            raise DoesNotAddUp(
                f"Line {line.position}: {line.shipped} shipped and {line.open} open are more "
                f"than the {line.ordered} ordered."
            )


def _check_payment(payment: content.PaymentRequest | None, amount: Money) -> None:
    if payment is None:
        return
    _equal("The payment request", payment.amount, amount)
    for early in payment.discounts:
        _equal("The early payment", early.amount, amount - early.discount)


@check.register
def _invoice(document: content.InvoiceDocument) -> None:
    currency = document.net.currency
    for line in document.lines:
        _check_line(line)
    for deposit in document.prepaid:
        _equal(f"Deposit {deposit.number}", deposit.gross, deposit.net + deposit.tax)
    reckoned = _adjusted(document.lines, document.adjustments, currency)
    _check_net_tax_gross(document.net, reckoned, document.taxes, document.gross)
    rounding = document.rounding or Money.zero(currency)
    _equal("The amount due", document.due, document.gross + document.prepaid_gross + rounding)
    _check_payment(document.payment, document.due)


@check.register
def _account_statement(document: content.AccountStatementDocument) -> None:
    nothing = Money.zero(document.balance.currency)
    running = document.opening
    for entry in document.entries:
        running = running + (entry.charged or nothing) - (entry.settled or nothing)
        _equal(f"The balance after {entry.number}", entry.balance, running)
    _equal("The balance", document.balance, running)


@check.register
def _payment_reminder(document: content.PaymentReminderDocument) -> None:
    currency = document.open.currency
    nothing = Money.zero(currency)
    _equal("The open amount", document.open, total((i.open for i in document.items), currency))
    with_costs = document.open + (document.fee or nothing) + (document.interest or nothing)
    _equal("The amount to pay", document.total, with_costs)
    _check_payment(document.payment, document.total)
