"""Bank statements come in: accepted, held with the difference, known, or refused whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from handsel.earn.cash import actions, queries
from handsel.earn.cash.errors import (
    BankAccountUnknown,
    ReasonMissing,
    StatementHeldBack,
    StatementMissing,
)
from handsel.earn.cash.models import BankEntry, BankStatement, Payment
from handsel.earn.cash.rules.statement.refusals import StatementRefused
from handsel.ground.party.models import SellerBankAccount
from handsel.ground.platform.models import StoredFile
from tests.support.cash import brought_in, camt, entries, issued, mt940, open_minor, transfer
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
BANK = Path(__file__).parents[3].parent / "shared" / "data" / "bank"


@pytest.fixture
def world() -> World:
    return make_world()


def take(world: World, content: bytes):
    return actions.import_statement(
        actor=world.actor("accountant"), now=world.now, content=content, name="s.xml"
    )


def test_a_sound_statement_is_kept_byte_for_byte_with_its_entries(world: World) -> None:
    content = camt(transfer("11.90", text="Rechnung"), ("-5.00", ""), opening="100.00")
    (one,) = take(world, content)
    row = one.statement
    assert (row.state, row.opening_minor, row.closing_minor) == ("accepted", 10000, 10690)
    assert [e.amount_minor for e in entries(row)] == [1190, -500]
    assert bytes(row.file.content) == content
    assert entries(row)[0].counterparty == "Brandt Lebensmittel GmbH"


def test_what_does_not_add_up_is_held_with_the_difference(world: World) -> None:
    (one,) = take(world, camt(transfer("11.90"), closing="111.85"))
    assert (one.outcome, one.statement.state) == ("held", "held")
    assert one.statement.difference_minor == -5
    assert any("-0.05 EUR" in message for message in one.messages)
    assert (
        actions.match_automatically(
            actor=world.actor("accountant"), now=world.now, statement_id=one.statement.pk
        )
        == []
    )


def test_what_does_not_chain_is_held_until_a_person_accepts_it(world: World) -> None:
    take(world, camt(transfer("11.90")))
    gap = camt(transfer("20.00"), opening="111.95", name="S-2", number=2, on="2026-03-03")
    (one,) = take(world, gap)
    assert (one.statement.state, one.statement.difference_minor) == ("held", 5)
    clerk = world.actor("accountant")
    with pytest.raises(ReasonMissing):
        actions.accept_held_statement(
            actor=clerk, now=world.now, statement_id=one.statement.pk, reason=" "
        )
    accepted = actions.accept_held_statement(
        actor=clerk, now=world.now, statement_id=one.statement.pk, reason="bank confirmed by phone"
    )
    assert (accepted.state, accepted.accepted_reason) == ("accepted", "bank confirmed by phone")
    with pytest.raises(StatementHeldBack):
        actions.reject_statement(
            actor=clerk, now=world.now, statement_id=one.statement.pk, reason="no"
        )


def test_after_a_rejected_statement_the_corrected_one_comes_in_under_its_id(world: World) -> None:
    (wrong,) = take(world, camt(transfer("11.90"), closing="111.85"))
    actions.reject_statement(
        actor=world.actor("accountant"),
        now=world.now,
        statement_id=wrong.statement.pk,
        reason="the bank sends it again",
    )
    (right,) = take(world, camt(transfer("11.90")))
    assert right.statement.state == "accepted"
    assert right.statement.statement_id == wrong.statement.statement_id


def test_the_same_file_twice_adds_nothing(world: World) -> None:
    content = camt(transfer("11.90"))
    take(world, content)
    before = (BankStatement.objects.count(), BankEntry.objects.count(), StoredFile.objects.count())
    (again,) = take(world, content)
    assert (again.outcome, again.statement) == ("known", None)
    after = (BankStatement.objects.count(), BankEntry.objects.count(), StoredFile.objects.count())
    assert after == before


def test_another_statement_under_a_known_id_is_held_not_lost(world: World) -> None:
    take(world, camt(transfer("11.90")))
    (other,) = take(world, camt(transfer("1.00"), opening="111.90", on="2026-03-03"))
    assert other.statement.state == "held"


def test_entries_that_came_before_are_not_counted_twice(world: World) -> None:
    take(world, camt(transfer("11.90")))
    again = camt(transfer("11.90"), opening="111.90", closing="123.80", name="S-1", number=2)
    (one,) = take(world, again.replace(b"<Id>S-1</Id>", b"<Id>S-9</Id>"))
    assert one.statement.state == "held"
    assert any("earlier statement" in message for message in one.messages)


def test_an_unknown_account_refuses_the_file_and_keeps_nothing(world: World) -> None:
    files = StoredFile.objects.count()
    with pytest.raises(BankAccountUnknown):
        take(world, camt(transfer("1.00"), account="DE02120300000000202051"))
    assert (BankStatement.objects.count(), StoredFile.objects.count()) == (0, files)


def test_another_sellers_statement_is_neither_imported_nor_seen(world: World) -> None:
    (one,) = take(world, camt(transfer("1.00")))
    with pytest.raises(StatementMissing):
        queries.get_statement(world.stranger, one.statement.pk)
    with pytest.raises(BankAccountUnknown):
        actions.import_statement(
            actor=world.stranger, now=world.now, content=camt(transfer("2.00")), name="s.xml"
        )


def test_mt940_pays_an_invoice(world: World) -> None:
    invoice = issued(world)
    statement = brought_in(world, mt940("1190.00", f"Rechnung {invoice.number}"))
    assert statement.state == "accepted"
    assert open_minor(invoice) == 0
    assert Payment.objects.get().received_on.isoformat() == "2026-03-02"


def test_a_trial_tells_all_and_keeps_nothing(world: World) -> None:
    invoice = issued(world)
    content = camt(transfer("1190.00", text=invoice.number))
    (tried,) = actions.bring_in(
        actor=world.actor("accountant"),
        now=world.now,
        content=content,
        name="s.xml",
        is_trial=True,
    )
    assert (tried.imported.outcome, tried.matched, tried.waiting) == ("accepted", 1, 0)
    assert not BankStatement.objects.exists() and not Payment.objects.exists()
    assert open_minor(invoice) == 119000
    brought_in(world, content)
    assert open_minor(invoice) == 0


FILES = sorted(BANK.glob("*.xml"))


@pytest.mark.skipif(not FILES, reason="../shared/data/bank is not here")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_real_files_import_or_are_refused_for_a_stated_reason(world: World, path: Path) -> None:
    """What the checker says of a file is what becomes of it, and twice adds nothing."""
    content = path.read_bytes()
    clerk = world.actor("accountant")
    try:
        file, checked = actions.read_and_check(clerk, content)
    except StatementRefused as refused:
        assert "wrong" in path.name and str(refused)
        return
    for number in {one.account.identification for one in file.statements}:
        SellerBankAccount.objects.create(seller=world.seller, iban=number[:34], currency="EUR")
    if not all(one.account.identification for one in file.statements):
        with pytest.raises(BankAccountUnknown):
            take(world, content)
        return
    _, checked = actions.read_and_check(clerk, content)
    outcome = take(world, content)
    for one, kept in zip(checked, outcome, strict=True):
        known = any(finding.code == "already_imported" for finding in one.findings)
        expected = "known" if known else "held" if one.is_held else "accepted"
        assert kept.outcome == expected
        if kept.statement is not None and one.is_held:
            assert kept.statement.difference_minor == one.difference_minor
            assert kept.messages
    assert {again.outcome for again in take(world, content)} == {"known"}
