"""Rows laid out for listeners: there while they run, gone after, an inner table hides an outer."""

from __future__ import annotations

import pytest

from handsel.ground.platform import at_hand
from handsel.ground.platform.models import IdempotencyKey, StoredFile


def test_a_row_is_found_by_its_kind_and_key_while_it_lies_there() -> None:
    row = StoredFile(pk=7)
    with at_hand.laid_out([row]):
        assert at_hand.one(StoredFile, 7) is row
        assert at_hand.one(StoredFile, 8) is None
        assert at_hand.one(IdempotencyKey, 7) is None
    assert at_hand.one(StoredFile, 7) is None


def test_rows_that_belong_together_are_found_by_what_they_belong_to() -> None:
    rows = [StoredFile(pk=1, size=3), StoredFile(pk=2, size=4), StoredFile(pk=3, size=3)]
    with at_hand.laid_out(rows):
        assert [row.pk for row in at_hand.every(StoredFile, "size", 3)] == [1, 3]


def test_what_an_inner_announcement_does_not_lay_out_is_not_there() -> None:
    with at_hand.laid_out([StoredFile(pk=7)]):
        with at_hand.laid_out([]):
            assert at_hand.one(StoredFile, 7) is None
        assert at_hand.one(StoredFile, 7) is not None


def test_a_refusal_clears_the_table() -> None:
    with pytest.raises(ValueError, match="no"), at_hand.laid_out([StoredFile(pk=7)]):
        raise ValueError("no")
    assert at_hand.one(StoredFile, 7) is None
