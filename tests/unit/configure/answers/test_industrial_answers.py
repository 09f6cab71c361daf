"""Reasons and repairs on industrial models, from several threads at once as well."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import pytest

from handsel.bid.configure.rules.complete import complete
from handsel.bid.configure.rules.count import count_variants
from handsel.bid.configure.rules.decisions import Decision
from handsel.bid.configure.rules.formats.opening import open_configurator
from handsel.bid.configure.rules.repair import preferred_repair, smallest_repairs, works
from handsel.bid.configure.rules.session import Configurator

DATA = Path(__file__).parents[5] / "shared" / "data" / "configurator"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared models are not here")

MODELS = ["pc-richmond.dimacs.gz", "pc-richmond.uvl", "clib-pc.json", "automotive01.dimacs.gz"]


@lru_cache(maxsize=1)
def opened(name: str) -> Configurator:
    return open_configurator(DATA / name)


def situation(subject: Configurator, seed: int) -> tuple[list[Decision], list[Decision]]:
    """Some decisions one after another, and wishes they make impossible."""
    draw = random.Random(seed)
    decisions: list[Decision] = []
    for _ in range(6):
        still_open = [one for one in subject.answer(decisions).standings() if one.origin == "open"]
        if not still_open:
            break
        chosen = draw.choice(still_open)
        decisions.append(Decision(chosen.variable.key, draw.choice(chosen.possible)))
    blocked = [
        Decision(one.variable.key, value)
        for one in subject.answer(decisions).standings()
        if one.origin != "you"
        for value in one.removed
    ]
    return decisions, draw.sample(blocked, min(6, len(blocked)))


@pytest.mark.parametrize("name", MODELS)
def test_reasons_are_minimal_and_repairs_work(name: str) -> None:
    subject = opened(name)
    explainer = subject.explainer
    seen = 0
    for seed in range(4):
        decisions, wishes = situation(subject, seed)
        for wish in wishes:
            reason = subject.explain(decisions, wish)
            assert reason is not None
            assert explainer.is_minimal(reason)
            assert set(reason.decisions) <= set(decisions)
            repairs = smallest_repairs(explainer, decisions, wish)
            assert all(works(explainer, one) for one in repairs)
            preferred = preferred_repair(explainer, decisions, wish)
            if preferred is not None:
                assert works(explainer, preferred)
                if len(preferred.given_up) <= 3:
                    assert preferred.given_up in [one.given_up for one in repairs]
            seen += 1
    assert seen > 10


@pytest.mark.parametrize("name", MODELS)
def test_completions_are_valid(name: str) -> None:
    subject = opened(name)
    decisions, _ = situation(subject, 1)
    found = complete(subject, decisions)
    assert len(found.values) == len(subject.model.variables)
    assert subject.is_possible(Decision(key, value) for key, value in found.values.items())


def test_threads_answer_as_one() -> None:
    subject = opened("pc-richmond.uvl")
    questions = []
    for seed in range(6):
        decisions, wishes = situation(subject, seed)
        questions += [(decisions, wish) for wish in wishes]

    def asked(question: tuple[list[Decision], Decision]) -> object:
        decisions, wish = question
        return (
            subject.explain(decisions, wish),
            smallest_repairs(subject.explainer, decisions, wish),
            subject.answer(decisions).states,
        )

    alone = [asked(question) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(asked, questions)) == alone


def test_the_products_left_of_a_real_model_are_counted() -> None:
    subject = opened("pc-richmond.dimacs.gz")
    all_of_them = count_variants(subject, [])
    assert all_of_them.is_exact
    key = next(one.variable.key for one in subject.answer([]).standings() if one.origin == "open")
    with_it = count_variants(subject, [Decision(key, value=True)])
    without = count_variants(subject, [Decision(key, value=False)])
    assert with_it.count + without.count == all_of_them.count
