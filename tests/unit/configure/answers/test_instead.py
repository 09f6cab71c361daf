"""What could be chosen instead is what is possible with all other choices, asked one by one."""

from __future__ import annotations

from random import Random

from handsel.bid.configure.queries.instead import Instead
from handsel.bid.configure.rules.decisions import Decision, Decisions
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.language import read_model
from handsel.bid.configure.rules.session import Configurator
from tests.support.configure import LAMP


def test_kept_products_give_the_same_as_asking_anew() -> None:
    model = read_model(LAMP, file="lamp")
    configurator = Configurator.of(encode(model), model)
    for seed in range(6):
        random, instead = Random(seed), Instead(configurator)
        taken: Decisions = ()
        for key in random.sample(sorted(configurator.variables), 3):
            value = random.choice(configurator.answer(taken).of(key).possible)
            taken = (*taken, Decision(key, value))
            for one in taken:
                others = tuple(each for each in taken if each.variable != one.variable)
                expected = {
                    value
                    for value in configurator.variables[one.variable].values
                    if configurator.is_possible((*others, Decision(one.variable, value)))
                }
                assert instead.values(taken, one.variable) == expected
