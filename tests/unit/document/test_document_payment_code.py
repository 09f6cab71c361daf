"""The payment code: what the standard says, or none."""

from __future__ import annotations

import pytest
from segno import helpers

from handsel.ground.document.payment_code import payment_code, payment_code_svg
from handsel.ground.document.present import present
from handsel.ground.kernel.money import Money
from tests.unit.document import samples

ACCOUNT = {
    "holder": "Halden Fördertechnik GmbH",
    "iban": "DE89 3704 0044 0532 0130 00",
    "bic": "COBADEFFXXX",
    "reference": "RE-2026-0055",
}


def test_the_code_is_the_one_an_independent_writer_makes() -> None:
    theirs = helpers.make_epc_qr(
        name="Halden Fördertechnik GmbH",
        iban="DE89370400440532013000",
        bic="COBADEFFXXX",
        amount="24760.46",
        text="RE-2026-0055",
        encoding="utf-8",
    )
    assert payment_code(**ACCOUNT, amount=Money(2476046, "EUR")) == theirs


@pytest.mark.parametrize(
    "amount",
    [Money(0, "EUR"), Money(-1, "EUR"), Money(100, "GBP"), Money(1_000_000_000_00, "EUR")],
)
def test_there_is_none_for_what_cannot_be_transferred(amount: Money) -> None:
    assert payment_code(**ACCOUNT, amount=amount) is None


@pytest.mark.parametrize(
    "changed", [{"holder": "x" * 71}, {"reference": "x" * 141}, {"holder": ""}]
)
def test_there_is_none_for_what_does_not_fit(changed: dict[str, str]) -> None:
    assert payment_code(**{**ACCOUNT, **changed}, amount=Money(100, "EUR")) is None


def test_a_line_end_in_the_holder_cannot_shift_the_account() -> None:
    sly = {**ACCOUNT, "holder": "Halden\nGB29NWBK60161331926819"}
    honest = {**ACCOUNT, "holder": "Halden GB29NWBK60161331926819"}
    amount = Money(100, "EUR")
    assert payment_code(**sly, amount=amount) == payment_code(**honest, amount=amount)


def test_the_drawing_refers_to_nothing_outside() -> None:
    code = payment_code(**ACCOUNT, amount=Money(100, "EUR"))
    assert code is not None
    svg = payment_code_svg(code)
    assert svg.startswith("<svg")
    assert "href" not in svg


def test_a_credit_note_and_a_foreign_currency_carry_no_code() -> None:
    assert present(samples.credit_note())["payment"] is None
    pounds = samples.payment(Money(100, "GBP"))
    assert present(samples.invoice(payment=pounds))["payment"]["qr_svg"] is None
