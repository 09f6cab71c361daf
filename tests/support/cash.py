"""Issued invoices and bank statements for tests of cash and the books; made by actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4
from xml.sax.saxutils import escape

from handsel.earn.billing import actions as billing
from handsel.earn.billing.models import Invoice
from handsel.earn.cash import actions, queries
from handsel.earn.cash.models import BankEntry, BankStatement, Payment, ReceivableBalance
from handsel.ground.kernel.money import Money
from handsel.ground.party.models import Organization
from tests.support.order import Wanted, make_product, released_order
from tests.support.world import World

IBAN = "DE89370400440532013000"
PAYER = "DE02120300000000202051"


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


def issued(
    world: World,
    net: str = "1000",
    *,
    customer: Organization | None = None,
    now: datetime | None = None,
    shares: Sequence[int] = (),
    kind: str = "good",
) -> Invoice:
    """An issued invoice of a net amount at 19 % VAT: of a new order, billed on order.

    With `shares` (basis points), the first deposit of the plan.
    """
    at = now or world.now
    product = make_product(world, f"P-{uuid4().hex[:10]}", kind=kind, is_stocked=False)
    order = released_order(
        world,
        Wanted(product, "1", net),
        customer=customer,
        now=at,
        billing_method="shares" if shares else "on_order",
        billing_shares=shares,  # type: ignore[arg-type]
    )
    draft = Invoice.objects.get(order=order, state="draft")
    return billing.issue_invoice(actor=world.actor("accountant"), now=at, invoice_id=draft.pk)


def credit(world: World, invoice: Invoice, quantity: str = "1") -> Invoice:
    """An issued credit note for a quantity of each line of an invoice."""
    from handsel.earn.billing.queries import lines_of

    clerk = world.actor("accountant")
    note = billing.credit_invoice(
        actor=clerk,
        now=world.now,
        invoice_id=invoice.pk,
        quantities={line.pk: Decimal(quantity) for line in lines_of(invoice.pk)},
        reason="returned",
    )
    return billing.issue_invoice(actor=clerk, now=world.now, invoice_id=note.pk)


def open_minor(invoice: Invoice) -> int:
    return ReceivableBalance.objects.get(pk=invoice.pk).open_minor


def paid(world: World, amount: str, on: date | None = None, **more: object) -> Payment:
    """Money of the customer, not put against anything yet."""
    return actions.record_payment(
        actor=world.actor("accountant"),
        now=world.now,
        seller_id=world.seller.pk,
        organization_id=world.customer.pk,
        amount=eur(amount),
        received_on=on or world.now.date(),
        **more,  # type: ignore[arg-type]
    )


def allocate(world: World, payment: Payment, invoice: Invoice, amount: str, **more: object):
    return actions.allocate(
        actor=world.actor("accountant"),
        now=world.now,
        payment_id=payment.pk,
        invoice_id=invoice.pk,
        amount=eur(amount),
        allocated_on=more.pop("on", world.now.date()),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def transfer(
    amount: str,
    *,
    text: str = "",
    reference: str = "",
    iban: str = PAYER,
    name: str = "Brandt Lebensmittel GmbH",
    charges: str = "",
) -> tuple[str, str]:
    """(amount, details) of an incoming transfer, for `camt`."""
    structured = (
        f"<Strd><CdtrRefInf><Ref>{escape(reference)}</Ref></CdtrRefInf></Strd>" if reference else ""
    )
    charged = (
        f'<Chrgs><Rcrd><Amt Ccy="EUR">{charges}</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'
        if charges
        else ""
    )
    return amount, (
        f"<TxDtls>{charged}<RltdPties><Dbtr><Nm>{escape(name)}</Nm></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>{escape(text)}</Ustrd>{structured}</RmtInf></TxDtls>"
    )


def camt(
    *transfers: tuple[str, str],
    opening: str = "100.00",
    closing: str = "",
    name: str = "S-1",
    number: int = 1,
    on: str = "2026-03-02",
    account: str = IBAN,
) -> bytes:
    """A camt.053 whose closing balance is the sum, unless another one is stated."""
    total = Decimal(opening) + sum((Decimal(amount) for amount, _ in transfers), Decimal(0))
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{abs(amount):.2f}</Amt>'
        f"<CdtDbtInd>{'CRDT' if amount >= 0 else 'DBIT'}</CdtDbtInd>"
        f"<Dt><Dt>{on}</Dt></Dt></Bal>"
        for code, amount in (("OPBD", Decimal(opening)), ("CLBD", Decimal(closing or total)))
    )
    entries = "".join(
        f'<Ntry><Amt Ccy="EUR">{Decimal(amount).copy_abs()}</Amt>'
        f"<CdtDbtInd>{'DBIT' if amount.startswith('-') else 'CRDT'}</CdtDbtInd><Sts>BOOK</Sts>"
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>"
        f"<AcctSvcrRef>{name}-{place}</AcctSvcrRef><BkTxCd/>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
        for place, (amount, details) in enumerate(transfers)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>M-{name}</MsgId><CreDtTm>2026-03-02T20:00:00Z</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{name}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb>"
        "<CreDtTm>2026-03-02T20:00:00+01:00</CreDtTm>"
        f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balances}{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def mt940(amount: str, text: str) -> bytes:
    """An MT940 of one incoming transfer, opening at 100.00."""
    closing = f"{Decimal('100.00') + Decimal(amount):.2f}".replace(".", ",")
    return (
        f":20:STMT1\r\n:25:{IBAN}\r\n:28C:1/1\r\n:60F:C260301EUR100,00\r\n"
        f":61:2603020302C{amount.replace('.', ',')}NTRFNONREF//B1\r\n"
        f":86:166?00GUTSCHRIFT?20{text}?32Brandt Lebensmittel GmbH\r\n"
        f":62F:C260302EUR{closing}\r\n-\r\n"
    ).encode()


def brought_in(world: World, content: bytes, **more: object) -> BankStatement:
    """The one statement of a file, imported and matched where it is clear."""
    (one,) = actions.bring_in(
        actor=world.actor("accountant"),
        now=world.now,
        content=content,
        name="statement.xml",
        **more,  # type: ignore[arg-type]
    )
    assert one.imported.statement is not None, one.imported
    return one.imported.statement


def entries(statement: BankStatement) -> list[BankEntry]:
    return queries.entries_of(statement.pk)
