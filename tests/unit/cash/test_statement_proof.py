"""A statement that does not add up or does not chain is held, with the difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handsel.earn.cash.rules.statement.camt import parse_camt
from handsel.earn.cash.rules.statement.chain import (
    CheckedStatement,
    KnownStatement,
    StatementEnd,
    check_chain,
    check_file,
    end_of,
    entry_keys,
    fingerprint,
)
from handsel.earn.cash.rules.statement.integrity import check_statement
from handsel.earn.cash.rules.statement.read import read_statement_file
from handsel.earn.cash.rules.statement.serialise import statement_to_json
from tests.unit.cash.camt_builder import balance, document, entry, simple, statement

BANK = Path(__file__).parents[3].parent / "shared" / "data" / "bank"


def checked(content: bytes) -> CheckedStatement:
    (found,) = check_file(parse_camt(content))
    return found


def codes(found: CheckedStatement) -> list[str]:
    return [finding.code for finding in found.findings if finding.weight.value != "note"]


def test_a_statement_that_adds_up_is_free() -> None:
    found = checked(simple(entry("10.00"), entry("2.50", "DBIT"), closing="107.50"))
    assert (found.is_held, codes(found)) == (False, [])


def test_pending_entries_do_not_count() -> None:
    found = checked(simple(entry("10.00"), entry("5.00", status="PDNG"), closing="110.00"))
    assert not found.is_held


def test_a_difference_of_one_cent_is_held_and_said() -> None:
    found = checked(simple(entry("10.00"), closing="110.01"))
    assert (found.is_held, found.difference_minor) == (True, 1)
    (finding,) = [one for one in found.findings if one.code == "does_not_add_up"]
    assert finding.message == (
        "Opening 100.00 EUR and 1 booked entry make 110.00 EUR, but the closing balance is "
        "110.01 EUR: a difference of 0.01 EUR."
    )


def test_an_overdrawn_account_adds_up() -> None:
    content = document(
        statement(
            balance("OPBD", "5.00", "2026-03-01"),
            balance("CLBD", "15.00", mark="DBIT"),
            entry("20.00", "DBIT"),
        )
    )
    assert not checked(content).is_held


def test_five_decimals_add_up_exactly_or_are_not_money() -> None:
    fine = simple(entry("10.00500"), opening="100.00", closing="110.00500")
    assert codes(checked(fine)) == ["amount_not_money", "amount_not_money"]
    assert not checked(simple(entry("10.00000"), closing="110.00000")).is_held


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((balance("OPBD", "1.00"),), ["balance_missing"]),
        ((balance("CLBD", "1.00"),), ["balance_missing"]),
        ((balance("OPBD", "1.00"), balance("CLBD", "1.00", currency="SEK")), ["balance_currency"]),
        (
            (balance("OPBD", "1.00"), balance("CLBD", "1.00"), entry("1.00", currency="USD")),
            ["entry_currency"],
        ),
        (
            (balance("OPBD", "1.00"), balance("OPBD", "2.00"), balance("CLBD", "1.00")),
            ["balance_ambiguous"],
        ),
        (
            (balance("OPBD", "1.00"), balance("PRCD", "1.50"), balance("CLBD", "1.00")),
            ["previous_closing_differs"],
        ),
        (
            (balance("OPBD", "1.00", "2026-03-02"), balance("CLBD", "1.00", "2026-03-01")),
            ["dates_reversed"],
        ),
    ],
)
def test_balances_that_prove_nothing(parts: tuple[str, ...], expected: list[str]) -> None:
    found = checked(document(statement(*parts)))
    assert (found.is_held, codes(found)) == (True, expected)


def test_a_page_is_proved_by_its_interim_balances() -> None:
    parts = (balance("ITBD", "1.00", "2026-03-01"), balance("ITBD", "3.00"), entry("2.00"))
    assert not checked(document(statement(*parts))).is_held
    short = (balance("ITBD", "1.00", "2026-03-01"), balance("ITBD", "3.00"), entry("1.99"))
    assert checked(document(statement(*short))).difference_minor == 1


def test_reports_and_notifications_only_inform_and_are_not_posted() -> None:
    for message, record in (("camt.052", "Rpt"), ("camt.054", "Ntfctn")):
        content = document(statement(entry("1.00"), record=record), message=message)
        found = checked(content)
        assert (found.is_held, codes(found)) == (True, ["informs_only"])


def test_control_sums_of_the_bank() -> None:
    totals = (
        "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries><TtlCdtNtries>"
        "<NbOfNtries>1</NbOfNtries><Sum>{}</Sum></TtlCdtNtries></TxsSummry>"
    )
    parts = (balance("OPBD", "0", "2026-03-01"), balance("CLBD", "1.00"))
    entries = (entry("2.00"), entry("1.00", "DBIT"))
    right = document(statement(*parts, totals.format("2.00"), *entries))
    wrong = document(statement(*parts, totals.format("2.10"), *entries))
    assert codes(checked(right)) == []
    assert codes(checked(wrong)) == ["totals_differ"]


def test_payments_inside_an_entry_that_do_not_sum_are_pointed_at() -> None:
    details = '<Btch><NbOfTxs>3</NbOfTxs></Btch><TxDtls><Amt Ccy="EUR">1.00</Amt></TxDtls>' * 2
    found = checked(simple(entry("3.00", details=details), closing="103.00"))
    assert (found.is_held, codes(found)) == (False, ["batch_count", "details_do_not_sum"])


def test_equal_entries_under_one_bank_reference_are_pointed_at() -> None:
    twice = [entry("1.00", reference="R-1"), entry("1.00", reference="R-1")]
    found = checked(simple(*twice, closing="102.00"))
    assert (found.is_held, codes(found)) == (False, ["entry_repeated"])
    keys = entry_keys(found.statement)
    assert len(set(keys)) == 2


def day(opening: str, closing: str, number: int, on: str, *entries: str, name: str = "") -> str:
    return statement(
        balance("OPBD", opening, on),
        balance("CLBD", closing, on),
        *entries,
        number=number,
        name=name or f"S-{number}",
    )


def test_statements_of_one_file_chain_in_time_whatever_their_order() -> None:
    first = day("1.00", "3.00", 7, "2026-03-02", entry("2.00"))
    second = day("3.00", "3.00", 8, "2026-03-03")
    for statements in ((first, second), (second, first)):
        found = check_file(parse_camt(document(statements)))
        assert [one.is_held for one in found] == [False, False]
        assert {one.statement.statement_id for one in found} == {"S-7", "S-8"}


def test_a_break_in_the_chain_is_held_with_the_difference() -> None:
    file = parse_camt(document([day("3.10", "3.10", 9, "2026-03-04")]))
    account = file.statements[0].account.identification
    end = StatementEnd("S-7", account, "EUR", 300, file.statements[0].balances[0].on, 7)
    (found,) = check_file(file, previous={account: end})
    assert (found.is_held, found.difference_minor) == (True, 10)
    assert codes(found) == ["does_not_chain", "sequence_gap"]
    assert "8 did not arrive" in found.findings[1].message


def test_numbers_may_start_again_in_a_new_year_only() -> None:
    old = parse_camt(document([day("1.00", "1.00", 250, "2025-12-30")])).statements[0]
    end = end_of(old)
    assert end is not None
    new = parse_camt(document([day("1.00", "1.00", 1, "2026-01-02")])).statements[0]
    assert check_chain(end, new) == []
    same = parse_camt(document([day("1.00", "1.00", 249, "2025-12-31")])).statements[0]
    assert [one.code for one in check_chain(end, same)] == ["sequence_backwards"]
    again = parse_camt(document([day("1.00", "1.00", 250, "2025-12-31")])).statements[0]
    assert [one.code for one in check_chain(end, again)] == ["sequence_repeated"]


def test_another_currency_cannot_chain() -> None:
    found = parse_camt(document([day("1.00", "1.00", 1, "2026-01-02")])).statements[0]
    end = StatementEnd("S-0", found.account.identification, "SEK", 100, found.balances[0].on)
    assert [one.code for one in check_chain(end, found)] == ["chain_currency"]


def test_the_same_statement_again_is_held_even_in_another_message() -> None:
    content = simple(entry("1.00"), closing="101.00")
    (original,) = parse_camt(content).statements
    known = KnownStatement("S-1", original.account.identification, fingerprint(original))
    again = content.replace(b"M1", b"M2").replace(b"20:00:00", b"21:00:00")
    (found,) = check_file(parse_camt(again), known=[known])
    assert codes(found) == ["already_imported"]
    other = content.replace(b"101.00", b"102.00").replace(b">1.00<", b">2.00<")
    (found,) = check_file(parse_camt(other), known=[known])
    assert codes(found) == ["id_repeated"]
    twice = parse_camt(content.replace(b"</Stmt>", b"</Stmt>" + _record(content)))
    assert "already_imported" in codes(check_file(twice)[1])


def _record(content: bytes) -> bytes:
    return content[content.index(b"<Stmt>") : content.index(b"</BkToCstmrStmt>")]


def test_an_entry_of_an_earlier_statement_is_held() -> None:
    content = simple(entry("1.00", reference="R-1"), closing="101.00")
    (original,) = parse_camt(content).statements
    (found,) = check_file(
        parse_camt(content.replace(b"S-1", b"S-9")), known_entries=entry_keys(original)
    )
    assert codes(found) == ["entry_already_imported"]


def test_entries_without_a_bank_reference_are_told_apart_by_all_they_say() -> None:
    text = "<TxDtls><RmtInf><Ustrd>{}</Ustrd></RmtInf></TxDtls>"
    entries = [entry("1.00", details=text.format(word)) for word in ("a", "b", "a")]
    (found,) = parse_camt(simple(*entries, closing="103.00")).statements
    assert len(set(entry_keys(found))) == 3


def test_json_has_stable_keys_and_amounts_as_text() -> None:
    file = parse_camt(simple(entry("10.00"), entry("2.5", "DBIT"), closing="107.51"))
    value = json.loads(json.dumps(statement_to_json(file, check_file(file))))
    assert list(value) == ["format", "version", "sha256", "header", "warnings", "statements"]
    (one,) = value["statements"]
    assert one["opening"]["amount"] == {"amount": "100.00", "currency": "EUR"}
    assert [found["amount"]["amount"] for found in one["entries"]] == ["10.00", "-2.50"]
    assert (one["is_held"], one["findings"][0]["difference"]) == (True, "0.01")
    assert one["created_at"] == "2026-03-02T19:00:00+00:00"
    assert one["entries"][0]["booked_on"] == "2026-03-02"
    bare = statement_to_json(parse_camt(simple()))["statements"][0]
    assert set(one) - set(bare) == {"is_held", "findings"}
    assert not any(isinstance(part, float) for part in _parts(value))


def _parts(value: object) -> list[object]:
    if isinstance(value, dict):
        return [part for one in value.values() for part in _parts(one)]
    if isinstance(value, list):
        return [part for one in value for part in _parts(one)]
    return [value]


@pytest.mark.skipif(not BANK.exists(), reason="../shared/data/bank is not here")
@pytest.mark.parametrize(
    ("name", "held"),
    [
        (
            "camt053.v2.all-balance-types",
            {"previous_closing_differs": 101, "does_not_add_up": -582},
        ),
        ("camt053.v2.five.decimals", {"does_not_add_up": 5}),
        ("camt053.v2.minimal", {"balance_currency": None}),
        ("camt053.v2.minimal.ultimate", {"balance_currency": None}),
        ("camt053.v2.multi.statement", {}),
        ("camt053.v2.with-account-name", {"entry_currency": None, "balance_missing": None}),
        ("camt053.v2.with-party-ids", {"balance_currency": None}),
        ("camt053.v3", {"balance_currency": None}),
        ("camt053.v4", {"balance_currency": None}),
        ("camt053.v8", {"balance_currency": None}),
        ("camt054.v2", {"informs_only": None}),
        ("camt054.v2.with-account-name", {"informs_only": None}),
        ("camt054.v4", {"informs_only": None}),
        ("camt054.v8", {"informs_only": None}),
        ("camt054.v8-with-UETR", {"informs_only": None}),
        ("camt054.v8-with-financial-institution", {"informs_only": None}),
        ("camt53.only-Dt-with-DtTm", {"balance_missing": None}),
    ],
)
def test_why_each_stored_statement_is_held(name: str, held: dict[str, int | None]) -> None:
    file = read_statement_file((BANK / f"{name}.xml").read_bytes())
    found = {
        finding.code: finding.difference_minor
        for one in check_file(file)
        for finding in one.findings
        if finding.weight.value == "hold"
    }
    assert found == held


def test_check_statement_alone_has_nothing_to_say_of_a_clean_one() -> None:
    (found,) = parse_camt(simple()).statements
    assert check_statement(found) == []
