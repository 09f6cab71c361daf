"""Words of a person are kept whole, or refused with how many there may be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handsel.ground.kernel.errors import Invalid
from handsel.ground.kernel.free_text import free_text, one_sentence


def test_words_are_kept_whole_but_for_what_is_around_them() -> None:
    assert free_text("  two\nlines \x00", field="note", longest=9) == "two\nlines"
    assert one_sentence(" two\n\t lines ", field="note", longest=9) == "two lines"


@pytest.mark.parametrize("keep", [free_text, one_sentence])
def test_what_is_too_long_is_refused_and_never_cut(keep: Callable[..., str]) -> None:
    with pytest.raises(Invalid) as refused:
        keep("ten letters", field="note", longest=10)
    assert "11" in refused.value.message and "10" in refused.value.message
    assert refused.value.fields == {"note": "at most 10 characters"}
