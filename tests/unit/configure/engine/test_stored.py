"""A compiled model comes back from its bytes as it was, and damage is noticed."""

import pytest

from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.formats.dimacs import parse_dimacs
from handsel.bid.configure.rules.formats.stored import MAGIC, NotStored, restore, store
from tests.support.engines import ENGINES, model_of


@pytest.mark.parametrize(
    "compiled",
    [
        model_of(4, [[1, -2], [2, 3, -4]], options=[1, -2, 4]),
        model_of(0, []),
        parse_dimacs("c 1 Gurt, lang – «weiß»\np cnf 2 1\n1 -2 0\n"),
    ],
)
def test_what_is_stored_comes_back(compiled: Compiled) -> None:
    assert restore(store(compiled)) == compiled
    assert restore(store(compiled)).fingerprint == compiled.fingerprint


def test_values_keep_their_types() -> None:
    from handsel.bid.configure.rules.compiled import Builder

    builder = Builder(n_variables=3)
    values: tuple[bool | str | int, ...] = (True, "7", 7)
    for literal, value in enumerate(values, 1):
        builder.add_option("bed", value, literal)
    assert [type(one.value) for one in restore(store(builder.build())).options] == [bool, str, int]


def test_a_restored_model_answers() -> None:
    engine = ENGINES["pure"](restore(store(model_of(2, [[-1, 2]]))))
    assert engine.domains([1]) == bytes([1, 1])


STORED = store(model_of(3, [[1, 2], [-3, 1]]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        MAGIC,
        STORED[:-1],
        STORED + b"\0\0\0\0",
        STORED[:20] + b"}" + STORED[21:],
        STORED[:-4] + (9).to_bytes(4, "little"),
        STORED[:-4] + bytes(4),
    ],
)
def test_damage_is_noticed(content: bytes) -> None:
    with pytest.raises(NotStored):
        restore(content)
