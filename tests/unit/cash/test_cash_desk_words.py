"""What the matching desk says of an explanation."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from handsel.earn.cash.rules.candidates import Evidence
from handsel.earn.cash.rules.settlement import Residual
from handsel.earn.cash.web.desk import _residual
from handsel.ground.kernel.said import said, worded


def candidate(residual: Residual, *kinds: str) -> Any:
    return SimpleNamespace(residual=residual, evidence=[Evidence(kind, "x") for kind in kinds])


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (candidate(Residual.EXACT, "amount", "name"), "good"),
        (candidate(Residual.EXACT, "amount", "iban_foreign"), "warn"),
        (candidate(Residual.SHORT, "iban_foreign"), "warn"),
    ],
)
def test_an_exact_amount_from_a_foreign_account_is_no_good_sign(one: Any, kind: str) -> None:
    assert _residual(one)[1] == kind


def test_reasons_are_told_in_german() -> None:
    from django.utils.translation import gettext

    reason = said("The payer's name is %(likeness)s %% alike the customer's.", likeness=97)
    assert reason == "The payer's name is 97 % alike the customer's."
    with translation.override("de"):
        assert worded(reason, gettext) == "Der Name des Zahlers gleicht dem des Kunden zu 97 %."
