"""No file, however broken, does anything but be read or be refused for a stated reason."""

from __future__ import annotations

import json
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handsel.earn.cash.rules.receipt import receipts_of
from handsel.earn.cash.rules.statement.chain import check_file, fingerprint
from handsel.earn.cash.rules.statement.mt940 import parse_mt940
from handsel.earn.cash.rules.statement.read import read_statement_file
from handsel.earn.cash.rules.statement.refusals import StatementRefused
from handsel.earn.cash.rules.statement.serialise import statement_to_json
from handsel.ground.kernel.money import Money
from tests.unit.cash.camt_builder import balance, document, entry, simple, statement
from tests.unit.cash.test_mt940 import DUTCH, GERMAN

DETAILS = (
    "<Btch><NbOfTxs>2</NbOfTxs></Btch>"
    "<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs>"
    '<Amt Ccy="EUR">4.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Chrgs><Rcrd><Amt Ccy="EUR">1.00</Amt>'
    "<ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs><RltdPties><Dbtr><Pty><Nm>Jansen</Nm><Id><PrvtId>"
    "<DtAndPlcOfBirth><BirthDt>1912-12-12</BirthDt></DtAndPlcOfBirth></PrvtId></Id></Pty></Dbtr>"
    "<DbtrAcct><Id><IBAN>NL56AGDH9619008421</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Strd>"
    '<RfrdDocInf><Nb>RE-1</Nb></RfrdDocInf><RfrdDocAmt><DscntApldAmt Ccy="EUR">1</DscntApldAmt>'
    "</RfrdDocAmt><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>"
    "<RltdDts><AccptncDtTm>2026-03-02T10:00:00Z</AccptncDtTm></RltdDts></TxDtls>"
    '<TxDtls><Amt Ccy="EUR">6.00</Amt></TxDtls>'
)
TOTALS = "<TxsSummry><TtlCdtNtries><Sum>10.00</Sum></TtlCdtNtries></TxsSummry>"
CAMT = document(
    statement(
        balance("OPBD", "100.00", "2026-03-01"),
        balance("CLBD", "108.00"),
        TOTALS,
        entry("10.00", details=DETAILS, reference="R-1"),
        entry("2.00", "DBIT", before="<RvslInd>false</RvslInd>"),
    ),
    version="08",
)
MT940 = (GERMAN + DUTCH).encode()

BITS = [b"<", b">", b"</", b"/>", b'"', b"&", b"\x00", b"\xff", b"<!DOCTYPE a>", b"<Amt>",
        b"<Dt/>", b"-1", b"1e9", b"EUR", b"BOOK", b"9999-99-99", b":61:", b":62F:", b"?", b"\n",
        b",", b"/", "１".encode(), b"<Ntry>", b"</Ntry>", b"xmlns='x'", b"]]>", b"<!--", b"{4:",
        b"-}"]  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn, original: bytes) -> bytes:
    """Cut, double, swap or overwrite pieces of a real document."""
    content = original
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        kind = draw(st.sampled_from(["cut", "double", "insert", "replace", "truncate", "flip"]))
        piece = draw(st.sampled_from(BITS) | st.binary(min_size=1, max_size=4))
        if kind == "cut":
            content = content[:start] + content[end:]
        elif kind == "double":
            content = content[:end] + content[start:]
        elif kind == "insert":
            content = content[:start] + piece + content[start:]
        elif kind == "replace":
            content = content[:start] + piece + content[end:]
        elif kind == "truncate":
            content = content[:start]
        elif start < len(content):
            content = content[:start] + bytes([content[start] ^ 0x20]) + content[start + 1 :]
    return content


def read_or_refuse(content: bytes) -> None:
    """Read, prove, serialize and take apart; only a refusal with a code may come out."""
    try:
        file = read_statement_file(content)
    except StatementRefused as refusal:
        assert refusal.code.startswith("statement_")
        assert refusal.message
        return
    found = check_file(file)
    json.dumps(statement_to_json(file, found), allow_nan=False)
    for one in found:
        for line in one.statement.booked:
            if line.amount.minor is not None:
                parts = receipts_of(line, statement_on=date(2026, 3, 2))
                assert sum(part.amount_minor for part in parts) == line.amount.minor


@settings(max_examples=500, deadline=None)
@given(mutations(CAMT))
def test_mutated_camt_is_read_or_refused(content: bytes) -> None:
    read_or_refuse(content)


@settings(max_examples=500, deadline=None)
@given(mutations(MT940))
def test_mutated_mt940_is_read_or_refused(content: bytes) -> None:
    read_or_refuse(content)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"<", b":20:", b"{1:", b"<?xml "]))
def test_any_bytes_are_read_or_refused(noise: bytes, start: bytes) -> None:
    read_or_refuse(start + noise)


moves = st.lists(st.tuples(st.integers(0, 10**12), st.sampled_from(["CRDT", "DBIT"])), max_size=12)


@given(
    st.integers(-(10**12), 10**12),
    moves,
    st.integers(-5, 5),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_camt_adds_up_exactly_when_it_does(opening, moved, error, currency) -> None:
    closing = opening + sum(minor if mark == "CRDT" else -minor for minor, mark in moved) + error
    content = document(
        statement(
            _balance("OPBD", opening, currency),
            _balance("CLBD", closing, currency),
            *(
                entry(Money(minor, currency).text(), mark, currency=currency)
                for minor, mark in moved
            ),
        ).replace("<Ccy>EUR</Ccy>", f"<Ccy>{currency}</Ccy>")
    )
    (found,) = check_file(read_statement_file(content))
    assert (found.is_held, found.difference_minor) == (error != 0, error)


def _balance(code: str, minor: int, currency: str) -> str:
    mark = "CRDT" if minor >= 0 else "DBIT"
    return balance(code, Money(abs(minor), currency).text(), mark=mark, currency=currency)


@given(moves, st.dates(date(1980, 1, 10), date(2079, 12, 20)))
def test_mt940_says_what_was_written(moved, on: date) -> None:
    lines, balance_minor = [":20:X", ":25:1/2", ":28C:3/1", f":60F:C{on:%y%m%d}EUR0,"], 0
    for number, (minor, mark) in enumerate(moved):
        entry_on = on + timedelta(days=number % 5)
        text = Money(minor, "EUR").text().replace(".", ",")
        lines.append(f":61:{on:%y%m%d}{entry_on:%m%d}{mark[0]}R{text}NTRFR{number}//B{number}")
        balance_minor += minor if mark == "CRDT" else -minor
    closing = Money(abs(balance_minor), "EUR").text().replace(".", ",")
    lines.append(f":62F:{'D' if balance_minor < 0 else 'C'}{on:%y%m%d}EUR{closing}")
    (found,) = check_file(parse_mt940("\n".join(lines).encode()))
    assert not found.is_held, found.findings
    entries = found.statement.entries
    assert [line.amount.minor for line in entries] == [
        minor if mark == "CRDT" else -minor for minor, mark in moved
    ]
    assert [line.booked_on for line in entries] == [
        on + timedelta(days=number % 5) for number in range(len(moved))
    ]
    assert [line.value_on for line in entries] == [on] * len(moved)


def test_the_documents_that_are_mutated_are_good() -> None:
    for content in (CAMT, MT940, simple()):
        file = read_statement_file(content)
        assert not any(found.is_held for found in check_file(file))
        assert fingerprint(file.statements[0]) == fingerprint(
            read_statement_file(content).statements[0]
        )
