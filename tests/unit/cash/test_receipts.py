"""From entries to receipts: what a batch is split into, and what counts as charges."""

from __future__ import annotations

from datetime import date

import pytest

from handsel.earn.cash.rules.receipt import receipts_of
from handsel.earn.cash.rules.receivables import Receipt
from handsel.earn.cash.rules.statement.camt import parse_camt
from handsel.ground.kernel.errors import Invalid
from tests.unit.cash.camt_builder import entry, simple

ON = date(2026, 3, 2)


def receipts(*args: str, **kwargs: str) -> tuple[Receipt, ...]:
    (found,) = parse_camt(simple(entry(*args, **kwargs))).statements[0].entries
    return receipts_of(found, statement_on=ON)


def payment(amount: str = "", mark: str = "", *, more: str = "", name: str = "") -> str:
    return (
        "<TxDtls>"
        + (f'<Amt Ccy="EUR">{amount}</Amt>' if amount else "")
        + (f"<CdtDbtInd>{mark}</CdtDbtInd>" if mark else "")
        + more
        + (f"<RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties>" if name else "")
        + "</TxDtls>"
    )


def test_an_entry_without_details_is_one_receipt() -> None:
    (found,) = receipts("10.00")
    assert (found.amount_minor, found.currency, found.received_on) == (1000, "EUR", ON)
    assert (found.detail_position, found.payer_name) == (None, "")


def test_a_batch_becomes_its_payments() -> None:
    found = receipts("30.00", details=payment("10.00", name="A") + payment("20.00", name="B"))
    assert [(one.amount_minor, one.payer_name, one.detail_position) for one in found] == [
        (1000, "A", 0),
        (2000, "B", 1),
    ]


def test_a_netted_batch_is_split_by_the_payments_own_direction() -> None:
    found = receipts("90.00", details=payment("100.00", "CRDT") + payment("10.00", "DBIT"))
    assert [one.amount_minor for one in found] == [10000, -1000]


def test_careless_directions_inside_a_debit_follow_the_entry() -> None:
    found = receipts("6.30", "DBIT", details=payment("3.10", "CRDT") + payment("3.20", "CRDT"))
    assert [one.amount_minor for one in found] == [-310, -320]


@pytest.mark.parametrize(
    "details",
    [
        payment("10.00", name="A") + payment("10.00", name="B"),
        payment("30.00", name="A") + payment(name="B"),
        payment("10.00") + payment("20.00").replace("EUR", "USD"),
        payment("10.005") + payment("19.995"),
    ],
)
def test_payments_that_do_not_make_the_entry_leave_it_whole(details: str) -> None:
    (found,) = receipts("30.00", details=details)
    assert (found.amount_minor, found.payer_name, found.detail_position) == (3000, "", None)


def test_all_that_may_say_what_it_is_for() -> None:
    more = (
        "<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Nm>Jansen</Nm></Dbtr>"
        "<DbtrAcct><Id><IBAN>nl56 AGDH 9619 0084 21</IBAN></Id></DbtrAcct>"
        "<UltmtDbtr><Nm>Jansen Holding</Nm></UltmtDbtr></RltdPties><RmtInf><Ustrd>RE-1</Ustrd>"
        "<Ustrd>and RE-2</Ustrd><Strd><RfrdDocInf><Nb>RE-3</Nb></RfrdDocInf>"
        "<CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>"
    )
    (found,) = receipts("10.00", details=payment(more=more))
    assert (found.payer_name, found.payer_iban) == ("Jansen", "NL56AGDH9619008421")
    assert (found.ultimate_name, found.end_to_end_id) == ("Jansen Holding", "")
    assert (found.references, found.documents) == (("RF18539007547034",), ("RE-3",))
    assert found.text == "RE-1\nand RE-2\nRF18539007547034\nRE-3"


def test_money_out_names_whom_we_paid() -> None:
    more = "<RltdPties><Dbtr><Nm>We</Nm></Dbtr><Cdtr><Nm>They</Nm></Cdtr></RltdPties>"
    (found,) = receipts("10.00", "DBIT", details=payment(more=more))
    assert found.payer_name == "They"
    (back,) = receipts("10.00", "DBIT", details=payment(more=more + "<RtrInf/>"))
    assert (back.payer_name, back.is_return) == ("We", True)


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ('<Chrgs><Amt Ccy="EUR">7.50</Amt></Chrgs>', 750),
        ('<Chrgs><Amt Ccy="USD">7.50</Amt></Chrgs>', 0),
        ('<AmtDtls><InstdAmt><Amt Ccy="EUR">1190.00</Amt></InstdAmt></AmtDtls>', 750),
        ('<AmtDtls><InstdAmt><Amt Ccy="USD">1190.00</Amt></InstdAmt></AmtDtls>', 0),
        ('<AmtDtls><InstdAmt><Amt Ccy="EUR">1000.00</Amt></InstdAmt></AmtDtls>', 0),
        ("", 0),
    ],
)
def test_what_the_bank_kept(more: str, kept: int) -> None:
    (found,) = receipts("1182.50", details=payment(more=more))
    assert (found.amount_minor, found.charges_minor) == (118250, kept)


def test_an_amount_that_is_not_money_makes_no_receipt() -> None:
    with pytest.raises(Invalid):
        receipts("10.005")
