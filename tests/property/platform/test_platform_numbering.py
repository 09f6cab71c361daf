"""Document numbers under fire: sixteen issuers, every tenth gives up, and no number is missing."""

import random
import re
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from handsel.ground.kernel.errors import Invalid
from handsel.ground.platform import numbering
from handsel.ground.platform.models import NumberSeries
from tests.support.race import race

ISSUERS = 16
EACH = 40


class GivenUp(Exception):
    """The issuing transaction fails after it was given its number."""


def issuer(seed: int, kind: str, kept: list[str]) -> Callable[[], int]:
    """Issues EACH documents; about one in ten rolls back. Answers how many were kept."""

    def run() -> int:
        chance = random.Random(seed)
        done = 0
        for _ in range(EACH):
            try:
                with transaction.atomic():
                    number = numbering.next_number(seller_id=1, kind=kind, year=2026)
                    if chance.random() < 0.1:
                        raise GivenUp
                kept.append(number)
                done += 1
            except GivenUp:
                continue
        return done

    return run


@pytest.mark.django_db(transaction=True)
def test_sixteen_issuers_with_rollbacks_leave_no_gap_and_no_double() -> None:
    kept: list[str] = []
    counts = race([issuer(seed, "invoice", kept) for seed in range(ISSUERS)])
    assert all(isinstance(count, int) for count in counts), counts
    assert 0 < sum(counts) < ISSUERS * EACH, "some must have rolled back"
    wanted = [f"I-2026-{n:05d}" for n in range(1, sum(counts) + 1)]
    assert sorted(kept) == wanted
    assert NumberSeries.objects.get(kind="invoice").last_number == sum(counts)


@pytest.mark.django_db(transaction=True)
def test_batches_and_single_issuers_share_a_series() -> None:
    kept: list[str] = []

    def batch() -> int:
        with transaction.atomic():
            kept.extend(numbering.next_numbers(seller_id=1, kind="invoice", year=2026, count=25))
        return 25

    counts = race([batch, batch, batch, issuer(1, "invoice", kept), issuer(2, "invoice", kept)])
    assert sorted(kept) == [f"I-2026-{n:05d}" for n in range(1, sum(counts) + 1)]


class Series(TestCase):
    """Any sequence of claims: each series counts by itself from one."""

    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(1, 3),
                st.sampled_from(sorted(numbering.PREFIXES)),
                st.integers(2020, 2030),
                st.integers(1, 4),
            ),
            max_size=30,
        )
    )
    def test_series_do_not_know_each_other(self, claims: list[tuple[int, str, int, int]]) -> None:
        with transaction.atomic():
            seen: dict[tuple[int, str, int], list[str]] = {}
            for seller, kind, year, count in claims:
                given_out = numbering.next_numbers(
                    seller_id=seller, kind=kind, year=year, count=count
                )
                seen.setdefault((seller, kind, year), []).extend(given_out)
            for (_, kind, year), numbers in seen.items():
                assert numbers == [
                    numbering.number_text(kind, year, n) for n in range(1, len(numbers) + 1)
                ]
                assert all(re.fullmatch(r"[A-Z]-\d{4}-\d{5}", number) for number in numbers)
            transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "count"), [("coupon", 1), ("invoice", 0), ("invoice", -3)])
def test_what_is_no_series_is_refused(kind: str, count: int) -> None:
    with pytest.raises(Invalid), transaction.atomic():
        numbering.next_numbers(seller_id=1, kind=kind, year=2026, count=count)


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_the_issuing_transaction_is_a_mistake() -> None:
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError, match="inside the issuing transaction"):
        numbering.next_number(seller_id=1, kind="invoice", year=2026)
