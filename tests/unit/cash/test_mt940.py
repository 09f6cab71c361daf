"""MT940: German and Dutch :86:, free text, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from handsel.earn.cash.rules.statement.chain import check_file
from handsel.earn.cash.rules.statement.model import Statement, StatementFile
from handsel.earn.cash.rules.statement.mt940 import parse_mt940
from handsel.earn.cash.rules.statement.read import read_statement_file
from handsel.earn.cash.rules.statement.refusals import StatementRefused
from handsel.earn.cash.rules.statement.xml import Limits

GERMAN = """\
{1:F01COBADEFFAXXX0000000000}{2:I940COBADEFFXXXXN}{4:
:20:STARTUMSE
:25:DE89370400440532013000EUR
:28C:00045/001
:60F:C260227EUR1234,56
:61:2603020302CR1190,00NTRFNONREF//2026030212345
:86:166?00GUTSCHR. UEBERWEISUNG?109310?20EREF+ORD-2026-0009-LONG-E?
212E-ID?22SVWZ+Rechnung RE-2026-?230012 vielen Dank?30BYLADEM1001?31DE89
370400440532013000?32MÜLLER MASCHINENBAU GMBH ?33& CO KG?34000
:61:2603030303DR25,5NCHGNONREF
:86:808?00ENTGELT?106666?20Kontoführung Februar
:61:2603030303RC1190,NRTINONREF//2026030399999
:86:159?00RUECKUEBERWEISUNG?20SVWZ+zurueck?31DE89370400440532013000?32MÜLLER
?34914
:62F:C260303EUR1209,06
:64:C260303EUR1209,06
:86:Bitte beachten Sie
die Rückseite
-}
"""

DUTCH = """\
:20:940S260302
:25:NL26VAYB8060476890
:28C:1
:60F:D260301EUR0,00
:61:2603020302C500,00NTRFEREF//BANKREF-1
/TRCD/00100/
:86:/TRTP/SEPA OVERBOEKING/IBAN/NL56AGDH9619008421/BIC/AGDHNL2A
/NAME/JANSEN B.V./REMI/FACTUUR RE-2026-0020/EREF/E2E-77
:61:2603020302D20,00NDDTNONREF
:86:/MARF/MD-9/CSID/NL98ZZZ999999999999/CNTP/NL56AGDH9619008421/AGDHNL2A/STROOM
NV/AMSTERDAM//REMI/STRD/CUR/RF18539007547034/
:61:260302C1,00NMSCNONREF
:86:just words
on two lines
:62F:C260302EUR481,00
"""


def read(text: str) -> StatementFile:
    return parse_mt940(text.encode())


def one(text: str) -> Statement:
    (statement,) = read(text).statements
    return statement


def framed(*lines: str, opening: str = "C260301EUR0,", closing: str = "C260302EUR0,") -> str:
    """A statement of zero with the given lines inside."""
    return "\n".join([":20:X", ":25:1/2", f":60F:{opening}", *lines, f":62F:{closing}", ""])


def refused(text: str) -> StatementRefused:
    with pytest.raises(StatementRefused) as refusal:
        read(text)
    return refusal.value


def test_the_frame_of_a_german_statement() -> None:
    statement = one(GERMAN)
    assert statement.statement_id == "2026-00045/001"
    assert statement.account.iban == "DE89370400440532013000"
    assert (statement.electronic_sequence, statement.currency) == (45, "EUR")
    assert statement.page is not None
    assert (statement.page.number, statement.page.is_last) == (1, True)
    assert [(b.code, str(b.amount), b.on) for b in statement.balances] == [
        ("OPBD", "1234.56 EUR", date(2026, 2, 27)),
        ("CLBD", "1209.06 EUR", date(2026, 3, 3)),
        ("CLAV", "1209.06 EUR", date(2026, 3, 3)),
    ]
    assert statement.additional_info == "Bitte beachten Sie\ndie Rückseite"
    assert read(GERMAN).header.message_id == "STARTUMSE"


def test_german_sub_fields() -> None:
    paid, fee, _ = one(GERMAN).entries
    (detail,) = paid.details
    assert (str(paid.amount), paid.booked_on, paid.account_servicer_ref) == (
        "1190.00 EUR",
        date(2026, 3, 2),
        "2026030212345",
    )
    assert paid.bank_transaction_code.proprietary == "NTRF+166+9310"
    assert detail.references.end_to_end_id == "ORD-2026-0009-LONG-E2E-ID"
    assert detail.unstructured == ("Rechnung RE-2026-0012 vielen Dank",)
    assert detail.debtor.name == "MÜLLER MASCHINENBAU GMBH & CO KG"
    assert detail.debtor.iban == "DE89370400440532013000"
    assert detail.debtor.agent is not None
    assert detail.debtor.agent.bic == "BYLADEM1001"
    assert (str(fee.amount), fee.details[0].unstructured) == (
        "-25.50 EUR",
        ("Kontoführung Februar",),
    )


def test_a_reversed_credit_takes_money_out_and_keeps_the_payer() -> None:
    reversed_ = one(GERMAN).entries[2]
    (detail,) = reversed_.details
    assert (str(reversed_.amount), reversed_.is_reversal) == ("-1190.00 EUR", True)
    assert detail.debtor.name == "MÜLLER"
    assert detail.return_information is not None
    assert detail.return_information.proprietary == "914"


def test_a_reversed_debit_brings_money_back() -> None:
    (entry,) = one(framed(":61:2603020302RDR5,00NMSCNONREF")).entries
    assert (str(entry.amount), entry.is_reversal) == ("5.00 EUR", True)


def test_dutch_words() -> None:
    paid, debit, plain = one(DUTCH).entries
    (detail,) = paid.details
    assert (detail.debtor.name, detail.debtor.iban) == ("JANSEN B.V.", "NL56AGDH9619008421")
    assert (detail.references.end_to_end_id, detail.unstructured) == (
        "E2E-77",
        ("FACTUUR RE-2026-0020",),
    )
    assert (paid.reference, paid.additional_info) == ("EREF", "/TRCD/00100/")
    (other,) = debit.details
    assert (other.creditor.name, other.references.mandate_id) == ("STROOMNV", "MD-9")
    assert other.structured[0].reference == "RF18539007547034"
    assert plain.details[0].unstructured == ("just words\non two lines",)
    assert plain.booked_on == plain.value_on == date(2026, 3, 2)


def test_both_add_up() -> None:
    for text in (GERMAN, DUTCH):
        (checked,) = check_file(read_statement_file(text.encode()))
        assert not checked.is_held, checked.findings


def test_latin_one_is_read_where_it_is_not_utf8() -> None:
    file = parse_mt940(GERMAN.encode("iso-8859-1"))
    assert file.statements == read(GERMAN).statements
    assert read("\ufeff" + DUTCH).statements == read(DUTCH).statements
    assert read(DUTCH.replace("\n", "\r\n")).statements == read(DUTCH).statements


def test_several_statements_stay_apart_and_chain() -> None:
    second = DUTCH.replace(":28C:1\n", ":28C:2\n").replace("D260301EUR0,00", "C260302EUR481,00")
    second = second.replace(":62F:C260302EUR481,00", ":62F:C260303EUR962,00")
    file = read(DUTCH + "-\n" + second)
    assert [len(statement.entries) for statement in file.statements] == [3, 3]
    found = check_file(file)
    assert [one.difference_minor for one in found] == [0, 0]
    third = second.replace("EUR481,00", "EUR480,99").replace("EUR962,00", "EUR961,99")
    assert check_file(read(DUTCH + third))[1].difference_minor == -1


@pytest.mark.parametrize(
    ("value", "entry", "booked_on"),
    [
        ("251231", "0102", date(2026, 1, 2)),
        ("260102", "1231", date(2025, 12, 31)),
        ("240229", "0229", date(2024, 2, 29)),
        ("250301", "0229", date(2024, 2, 29)),
        ("991231", "0101", date(2000, 1, 1)),
    ],
)
def test_the_year_of_an_entry_date_is_the_nearest(value: str, entry: str, booked_on: date) -> None:
    (found,) = one(framed(f":61:{value}{entry}C1,00NTRFNONREF")).entries
    assert found.booked_on == booked_on


def test_two_digit_years_have_a_century() -> None:
    statement = one(framed(opening="C991231EUR1,00", closing="C000101EUR1,00"))
    assert [balance.on for balance in statement.balances] == [date(1999, 12, 31), date(2000, 1, 1)]


def test_the_thirtieth_of_february_is_read_with_a_warning() -> None:
    file = read(framed(":61:2602300302C1,00NINTNONREF"))
    assert file.statements[0].entries[0].value_on == date(2026, 2, 28)
    assert "260230 does not exist" in file.warnings[0]


def test_lines_without_each_other_are_not_merged() -> None:
    lines = [":61:2603020302C1,00NTRFA", ":61:2603020302C2,00NTRFB", ":86:of B", ":86:and more"]
    first, second = one(framed(*lines)).entries
    assert first.details[0].unstructured == ()
    assert second.details[0].unstructured == ("of B\nand more",)


def test_pages_have_interim_balances() -> None:
    page = framed().replace(":60F:", ":60M:").replace(":62F:", ":62M:")
    page = page.replace(":25:1/2", ":25:1/2\n:28C:7/2")
    (statement,) = read(page).statements
    assert [balance.sub_code for balance in statement.balances] == ["INTM", "INTM"]
    assert statement.page is not None
    assert (statement.page.number, statement.page.is_last) == (2, False)


def test_references_longer_than_the_standard_stay_whole() -> None:
    long = "BIPI-dvT1FzfMqvzF5HaU4oetlH7SGRkonU"
    (entry,) = one(framed(f":61:2603020302C1,00NTRF{long}//2022070616391534000")).entries
    assert (entry.reference, entry.account_servicer_ref) == (long, "2022070616391534000")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "statement_empty"),
        ("Hello\n", "statement_empty"),
        (":25:1\n:20:X\n", "statement_order"),
        (":20:X\n:25:1\n:62F:C260302EUR0,\n", "statement_missing"),
        (":20:X\n:25:1\n:60F:C260302EUR0,\n", "statement_missing"),
        (":20:X\n:60F:C260302EUR0,\n:62F:C260302EUR0,\n", "statement_missing"),
        (framed(":60F:C260301EUR0,"), "statement_repeated"),
        (framed().replace(":25:1/2", ":25:"), "statement_missing"),
        (framed().replace(":25:1/2", ":25:1\n:28C:x"), "statement_number"),
        (framed(closing="C260302EUR"), "statement_field"),
        (framed(closing="C260302EUR1.00"), "statement_field"),
        (framed(closing="C260302EUR1,2,3"), "statement_field"),
        (framed(closing="X260302EUR1,00"), "statement_field"),
        (framed(closing="C260232EUR1,00"), "statement_field"),
        (framed(closing="C260302EUR1,00 and more"), "statement_field"),
        (framed(closing="C260302EUR1234567890123,00"), "statement_field"),
        (framed(":61:2603020302C1.00NTRFNONREF"), "statement_field"),
        (framed(":61:2603020302X1,00NTRFNONREF"), "statement_field"),
        (framed(":61:2613020302C1,00NTRFNONREF"), "statement_field"),
        (framed(":61:2603020230C1,00NTRFNONREF"), "statement_field"),
        (framed(":61:2603020302C1,00"), "statement_field"),
        (framed(":61:2603020302ED1,00NTRFNONREF"), "statement_field"),
        (framed() + ":61:2603020302C1,00NTRFNONREF\n", "statement_order"),
        (":20:X\n:25:1\n:62F:C260302EUR0,\n:60F:C260302EUR0,\n", "statement_order"),
    ],
)
def test_what_is_doubtful_is_refused(text: str, code: str) -> None:
    assert refused(text).code == code


def test_an_intraday_message_without_balances_is_refused() -> None:
    text = ":20:X\n:25:1\n:28C:1\n:34F:EUR0,\n:13D:2603021200+0100\n:61:260302C1,00NTRFNONREF\n"
    assert "0 of :60F: or :60M:" in refused(text).message


def test_limits() -> None:
    with pytest.raises(StatementRefused, match="at most 10 are read"):
        parse_mt940(b":20:X" * 10, limits=Limits(max_bytes=10))
    two = framed(":61:260302C1,00NTRFA", ":61:260302C1,00NTRFB")
    with pytest.raises(StatementRefused, match="more than 1 entries"):
        parse_mt940(two.encode(), limits=Limits(max_entries=1))


def test_formats_are_told_apart() -> None:
    assert read_statement_file(GERMAN.encode()).message_format == "mt940"
    assert read_statement_file(b"ABNANL2A\n940\n" + DUTCH.encode()).message_format == "mt940"
    for content, words in ((b"PK\x03\x04", "ZIP"), (b"a;b\n1;2\n", "neither"), (b"", "neither")):
        with pytest.raises(StatementRefused, match=words):
            read_statement_file(content)
