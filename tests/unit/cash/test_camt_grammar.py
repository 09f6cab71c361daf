"""What camt files may and may not contain, version by version."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from handsel.earn.cash.rules.statement.camt import parse_camt
from handsel.earn.cash.rules.statement.model import Direction, Entry, Kind
from handsel.earn.cash.rules.statement.refusals import StatementRefused
from handsel.earn.cash.rules.statement.xml import Limits
from tests.unit.cash.camt_builder import balance, document, entry, simple, statement


def refused(content: bytes, limits: Limits | None = None) -> StatementRefused:
    with pytest.raises(StatementRefused) as refusal:
        parse_camt(content, limits=limits)
    return refusal.value


def only(content: bytes) -> Entry:
    (found,) = parse_camt(content).statements[0].entries
    return found


@pytest.mark.parametrize("message", ["camt.052", "camt.053", "camt.054"])
@pytest.mark.parametrize("version", ["02", "03", "04", "05", "06", "07", "08"])
def test_every_message_and_version_is_told_by_its_namespace(message: str, version: str) -> None:
    record = {"camt.052": "Rpt", "camt.053": "Stmt", "camt.054": "Ntfctn"}[message]
    kind = {"camt.052": Kind.REPORT, "camt.053": Kind.STATEMENT, "camt.054": Kind.NOTIFICATION}
    file = parse_camt(
        document(statement(entry("1.00"), record=record), message=message, version=version)
    )
    assert (file.message_format, file.version, file.warnings) == (message, version, ())
    assert file.statements[0].kind is kind[message]
    assert str(file.statements[0].entries[0].amount) == "1.00 EUR"


def test_a_newer_version_is_read_with_a_warning() -> None:
    file = parse_camt(document(statement(entry("1.00")), version="13"))
    assert len(file.statements) == 1
    assert "camt.053 version 13 is newer" in file.warnings[0]


def test_version_one_is_refused_with_what_to_ask_for() -> None:
    refusal = refused(document(statement(), version="01"))
    assert refusal.code == "statement_version"
    assert "version 2 to 8" in refusal.message


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("5442.09000", "5442.09000"),
        ("8.850", "8.850"),
        ("0.00001", "0.00001"),
        (".5", "0.5"),
        ("7.", "7"),
        ("000012.10", "12.10"),
        ("123456789012345678", "123456789012345678"),
        (" 8.85\n", "8.85"),
        ("8<!-- a comment --><?pi?>.85", "8.85"),
    ],
)
def test_amounts_are_kept_exactly_as_stated(text: str, stated: str) -> None:
    assert only(simple(entry(text))).amount.value == Decimal(stated)


@pytest.mark.parametrize(
    "text",
    ["", ".", "-1.00", "+1.00", "1,00", "1.000001", "1e3", "NaN", "１２", "1_000", "1 000", "0x1",
     "1234567890123456789", "12345678901234.12345", "1" * 70, "1<x/>2"],
)  # fmt: skip
def test_what_is_not_an_amount_is_refused_with_the_line(text: str) -> None:
    refusal = refused(simple(entry(text)))
    assert refusal.code in ("statement_amount", "statement_mixed")
    assert refusal.message.startswith("Line 1")


def test_an_amount_finer_than_the_currency_is_kept_and_is_not_money() -> None:
    amount = only(simple(entry("8.855"))).amount
    assert (amount.value, amount.minor, amount.text()) == (Decimal("8.855"), None, "8.855")
    assert only(simple(entry("8.85000"))).amount.minor == 885
    assert only(simple(entry("2700", currency="JPY"))).amount.minor == 2700
    assert only(simple(entry("1.234", currency="KWD"))).amount.text() == "1.234"
    assert only(simple(entry("1.5", currency="ZZZ"))).amount.minor is None


def test_the_direction_signs_and_a_reversal_does_not_turn_it() -> None:
    credit = only(simple(entry("5.00", "CRDT", before="<RvslInd>true</RvslInd>")))
    debit = only(simple(entry("5.00", "DBIT", before="<RvslInd>1</RvslInd>")))
    assert (credit.amount.minor, credit.is_reversal) == (500, True)
    assert (debit.amount.minor, debit.is_reversal) == (-500, True)
    assert only(simple(entry("0.00", "DBIT"))).amount.value.is_signed() is False
    assert refused(simple(entry("5.00", "DEBIT"))).code == "statement_direction"
    assert refused(simple(entry("5.00", before="<RvslInd>yes</RvslInd>"))).code == "statement_flag"


def test_status_is_text_then_a_choice() -> None:
    assert only(simple(entry("1.00", status="PDNG"))).is_booked is False
    assert only(simple(entry("1.00", status="<Cd>BOOK</Cd>"))).is_booked is True
    assert only(simple(entry("1.00", status="<Prtry>VORM</Prtry>"))).status == "VORM"
    assert refused(simple(entry("1.00", status=""))).code == "statement_missing"


def test_dates_and_times() -> None:
    moment = "2026-03-01T23:30:00.123456789+01:00"
    content = simple(entry("1.00")).replace(
        b"<BookgDt><Dt>2026-03-02</Dt>", f"<BookgDt><DtTm>{moment}</DtTm>".encode()
    )
    found = only(content)
    assert found.booked_on == date(2026, 3, 1)
    assert found.booked_at == datetime(2026, 3, 1, 22, 30, 0, 123456, tzinfo=UTC)
    assert (found.value_on, found.value_at) == (date(2026, 3, 2), None)


def test_a_time_without_offset_is_meant_in_the_zone_given() -> None:
    content = document(statement(entry("1.00"))).replace(b"20:00:00+01:00", b"24:00:00")
    east = timezone(timedelta(hours=2))
    assert parse_camt(content).statements[0].created_at == datetime(2026, 3, 3, tzinfo=UTC)
    assert parse_camt(content, zone=east).statements[0].created_at == datetime(
        2026, 3, 2, 22, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "day", ["2026-02-30", "26-03-01", "2026-3-1", "0000-01-01", "heute", "2026-03-01T10:00:00"]
)
def test_what_is_not_a_date_is_refused(day: str) -> None:
    assert refused(simple(entry("1.00", on=day))).code == "statement_date"


@pytest.mark.parametrize(
    "time",
    ["2026-03-02", "2026-03-02T25:00:00", "2026-03-02T10:00:00+99:00", "9999-12-31T24:00:00"],
)
def test_what_is_not_a_time_is_refused(time: str) -> None:
    content = simple().replace(b"2026-03-02T20:00:00+01:00", time.encode())
    assert refused(content).code == "statement_time"


def test_a_batch_is_expanded_over_all_its_blocks() -> None:
    details = (
        "<Btch><MsgId>B</MsgId><PmtInfId>P</PmtInfId><NbOfTxs>2</NbOfTxs>"
        '<TtlAmt Ccy="EUR">3.00</TtlAmt><CdtDbtInd>CRDT</CdtDbtInd></Btch>'
        '<TxDtls><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>'
        '</NtryDtls><NtryDtls><TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">2.00</Amt>'
        "<CcyXchg><SrcCcy>USD</SrcCcy><TrgtCcy>EUR</TrgtCcy><XchgRate>0.91</XchgRate></CcyXchg>"
        '</TxAmt><InstdAmt><Amt Ccy="USD">2.20</Amt></InstdAmt></AmtDtls></TxDtls>'
    )
    found = only(simple(entry("3.00", details=details)))
    assert [batch.count for batch in found.batches] == [2]
    first, second = found.details
    assert str(first.amount) == "1.00 EUR"
    assert first.stated_direction is Direction.CREDIT
    assert (str(second.transaction_amount), str(second.instructed_amount)) == (
        "2.00 EUR",
        "2.20 USD",
    )
    assert second.exchange is not None
    assert (second.exchange.source_currency, second.exchange.rate) == ("USD", "0.91")


def test_charges_of_version_two_and_of_later_ones() -> None:
    old = '<Chrgs><Amt Ccy="EUR">7.50</Amt><Tp><Cd>COMM</Cd></Tp><Br>SHAR</Br></Chrgs>'
    new = (
        '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">6.50</TtlChrgsAndTaxAmt>'
        '<Rcrd><Amt Ccy="EUR">7.50</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        "<ChrgInclInd>true</ChrgInclInd></Rcrd>"
        '<Rcrd><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Rcrd></Chrgs>'
    )
    total = '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">6.50</TtlChrgsAndTaxAmt></Chrgs>'
    for written, expected in ((old, [750]), (new, [750, -100]), (total, [650])):
        found = only(simple(entry("1.00", details=f"<TxDtls>{written}</TxDtls>")))
        assert [charge.amount.minor for charge in found.details[0].charges] == expected
    assert only(simple(entry("1.00", before=""))).charges == ()


def test_remittance_documents_discount_and_return() -> None:
    details = (
        "<TxDtls><Refs><EndToEndId>E1</EndToEndId><MndtId>MD-1</MndtId></Refs><RmtInf><Strd>"
        "<RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>RE-2026-0012</Nb>"
        "<RltdDt>2026-02-01</RltdDt></RfrdDocInf>"
        "<RfrdDocInf><Nb>RE-2026-0013</Nb><RltdDt><Dt>2026-02-02</Dt></RltdDt></RfrdDocInf>"
        '<RfrdDocAmt><DscntApldAmt Ccy="EUR">23.80</DscntApldAmt>'
        '<RmtdAmt Ccy="EUR">1166.20</RmtdAmt></RfrdDocAmt></Strd><Strd><RfrdDocAmt>'
        '<DscntApldAmt><Amt Ccy="EUR">1.00</Amt></DscntApldAmt>'
        '<DscntApldAmt><Amt Ccy="EUR">0.50</Amt></DscntApldAmt></RfrdDocAmt></Strd></RmtInf>'
        "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>account closed</AddtlInf></RtrInf></TxDtls>"
    )
    (detail,) = only(simple(entry("1166.20", details=details))).details
    first, second = detail.structured
    assert [(one.number, one.on) for one in first.documents] == [
        ("RE-2026-0012", date(2026, 2, 1)),
        ("RE-2026-0013", date(2026, 2, 2)),
    ]
    assert (str(first.discount), str(first.remitted)) == ("23.80 EUR", "1166.20 EUR")
    assert str(second.discount) == "1.50 EUR"
    assert detail.return_information is not None
    assert (detail.return_information.code, detail.references.mandate_id) == ("AC04", "MD-1")


def test_doctype_and_entities_are_refused_in_any_encoding() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e "99">]>'
    assert refused(document(statement(), prolog=bomb)).code == "statement_doctype"
    outside = '<!DOCTYPE d SYSTEM "http://127.0.0.1/x.dtd">'
    assert refused(document(statement(), prolog=outside)).code == "statement_doctype"
    wide = document(statement(), prolog="<!DOCTYPE d>").decode().encode("utf-16")
    assert refused(wide).code == "statement_doctype"
    assert refused(simple(entry("&e;"))).code == "statement_not_xml"


def test_limits_on_size_depth_and_entries() -> None:
    content = simple(entry("1.00"), entry("2.00"))
    assert refused(content, Limits(max_bytes=100)).code == "statement_too_large"
    assert refused(content, Limits(max_depth=4)).code == "statement_too_deep"
    assert refused(content, Limits(max_entries=1)).code == "statement_too_large"
    deep = document(statement("<x>" * 100 + "</x>" * 100))
    assert refused(deep).code == "statement_too_deep"
    # Past 256 levels the XML library itself stops first.
    deeper = document(statement("<x>" * 300 + "</x>" * 300))
    assert refused(deeper).code == "statement_not_xml"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "statement_not_xml"),
        (b"<Document/>", "statement_format"),
        (b"<a", "statement_not_xml"),
        (b"<:61:Document xmlns='x'/>", "statement_format"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "statement_not_xml"),
        (document(statement()).replace(b"BkToCstmrStmt", b"X"), "statement_format"),
        (document(""), "statement_empty"),
        (document(statement()).replace(b"<MsgId>M1</MsgId>", b""), "statement_missing"),
        (simple(entry("1.00")).replace(b"</Acct>", b"</Acct><Id>again</Id>"), "statement_repeated"),
        (simple(entry("1.00")).replace(b'Ccy="EUR">1.00', b">1.00"), "statement_currency"),
        (simple(entry("1.00")).replace(b'Ccy="EUR">1.00', b'Ccy="eur">1.00'), "statement_currency"),
        (simple(entry("1.00")).replace(b"<Sts>BOOK</Sts>", b""), "statement_missing"),
    ],
)  # fmt: skip
def test_files_that_are_something_else_are_refused(content: bytes, code: str) -> None:
    assert refused(content).code == code


def test_elements_of_another_namespace_are_not_ours() -> None:
    foreign = '<Ntry xmlns="urn:other"><Amt Ccy="EUR">9.00</Amt></Ntry>'
    assert parse_camt(simple(foreign)).statements[0].entries == ()


def test_page_balances_and_control_sums() -> None:
    sub = "<SubTp><Cd>INTM</Cd></SubTp>"
    totals = (
        "<TxsSummry><TtlNtries><NbOfNtries>1</NbOfNtries></TtlNtries>"
        "<TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>1.00</Sum></TtlCdtNtries></TxsSummry>"
    )
    file = parse_camt(
        document(statement(balance("CLBD", "1.00", sub=sub), totals, entry("1.00")), version="08")
    )
    (found,) = file.statements
    assert found.balances[0].sub_code == "INTM"
    assert found.totals is not None
    assert (found.totals.count, found.totals.credit_sum) == (1, Decimal("1.00"))


def test_utf16_and_a_byte_order_mark_are_read() -> None:
    text = simple(entry("1.00")).decode()
    assert only(b"\xef\xbb\xbf" + text.encode()).amount.minor == 100
    wide = text.replace("UTF-8", "UTF-16").encode("utf-16")
    assert only(wide).amount.minor == 100
