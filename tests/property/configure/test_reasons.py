"""A reason of any length has no part too many: each is removed, and what is left can hold."""

from __future__ import annotations

import random

from handsel.bid.configure.rules.clash import SPLIT_FROM, Clash, bits
from handsel.bid.configure.rules.prover import Prover
from tests.support.engines import model_of

PARTS = 24


def clash(seed: int) -> Clash:
    """Parts that clash by a few clauses of many parts each."""
    luck = random.Random(seed)
    clauses = [
        [-one for one in luck.sample(range(1, PARTS + 1), luck.randint(1, PARTS))]
        for _ in range(luck.randint(1, 4))
    ]
    wanted = (PARTS + 1,) if luck.random() < 0.5 else ()
    if wanted:
        clauses = [[*clause, -wanted[0]] for clause in clauses]
    order = luck.sample(range(1, PARTS + 1), PARTS)
    return Clash(Prover(model_of(PARTS + 1, clauses)), wanted, [(one,) for one in order])


def test_no_part_of_a_reason_can_be_left_out() -> None:
    longest = 0
    for seed in range(200):
        subject = clash(seed)
        reason = subject.minimal_reason()
        assert reason is not None
        longest = max(longest, reason.bit_count())
        assert not subject.holds(reason)
        assert all(subject.holds(reason & ~(1 << part)) for part in bits(reason))
    assert longest > SPLIT_FROM


def test_nothing_is_added_to_what_already_clashes() -> None:
    for seed in range(200):
        subject = clash(seed)
        given = subject.minimal_reason()
        assert given is not None
        assert subject.minimal_reason(given=given) == given
        # A core that blames too much, as a solver may give.
        rest = subject.everything & ~given
        if rest.bit_count() > 1:
            assert subject._split(given, rest, has_more=True) == 0
