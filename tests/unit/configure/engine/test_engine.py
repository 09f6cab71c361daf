"""What an engine answers on models small enough to know the answers by hand."""

import threading
from collections.abc import Iterator

import pytest

from handsel.bid.configure.rules.compiled import Compiled
from handsel.bid.configure.rules.engine import Engine, UnknownOption, changed_options, open_engine
from tests.support.engines import ENGINES, Opener, model_of


@pytest.fixture(params=ENGINES)
def opener(request: pytest.FixtureRequest) -> Opener:
    return ENGINES[request.param]


@pytest.fixture
def chain(opener: Opener) -> Iterator[Engine]:
    """1 needs 2, 2 needs 3; 4 excludes 3; 5 is always there, 6 never."""
    engine = opener(model_of(6, [[-1, 2], [-2, 3], [-4, -3], [5], [-6]]))
    yield engine
    engine.close()


def test_domains_tell_open_true_and_false(chain: Engine) -> None:
    assert chain.domains([]) == bytes([0, 0, 0, 0, 1, 2])
    assert chain.domains([1]) == bytes([1, 1, 1, 2, 1, 2])
    assert chain.domains([-2]) == bytes([2, 2, 0, 0, 1, 2])
    assert chain.domains([4]) == bytes([2, 2, 2, 1, 1, 2])


def test_undo_is_a_shorter_list(chain: Engine) -> None:
    before = chain.domains([-1])
    assert chain.domains([-1, 4]) != before
    assert chain.domains([-1]) == before
    assert chain.domains([]) == bytes([0, 0, 0, 0, 1, 2])


def test_decisions_that_clash_have_no_domains(chain: Engine) -> None:
    assert chain.domains([1, 4]) is None
    assert chain.domains([2, -2]) is None
    assert chain.domains([-5]) is None
    assert chain.domains([6]) is None
    assert chain.domains([1]) == bytes([1, 1, 1, 2, 1, 2])


def test_a_decision_may_be_repeated_or_follow_anyway(chain: Engine) -> None:
    assert chain.domains([1, 1, 2, 5, -6]) == chain.domains([1])


@pytest.mark.parametrize("decision", [0, 7, -7, 1_000_000])
def test_an_unknown_option_is_named(chain: Engine, decision: int) -> None:
    with pytest.raises(UnknownOption, match="options 1 to 6"):
        chain.domains([1, decision])
    with pytest.raises(UnknownOption):
        chain.solve([decision])


def test_an_unknown_literal_is_named(chain: Engine) -> None:
    with pytest.raises(UnknownOption, match="solver variable 9"):
        chain.solve([], [9])


def test_solve_gives_a_product(chain: Engine) -> None:
    assert chain.solve([2], [-1])
    assert chain.model() == bytes([2, 1, 1, 2, 1, 2])
    assert chain.domains([2]) == bytes([0, 1, 1, 2, 1, 2])


def test_solve_gives_the_decisions_that_clash(chain: Engine) -> None:
    assert not chain.solve([2, 1, 4])
    assert set(chain.core()) <= {2, 1, 4}
    assert 4 in chain.core()
    assert chain.core_literals() == []
    assert not chain.solve([1], [4])
    assert (chain.core(), chain.core_literals()) == ([1], [4])
    assert not chain.solve([], [6])
    assert (chain.core(), chain.core_literals()) == ([], [6])


def test_each_thread_has_its_own_last_solve(chain: Engine) -> None:
    assert not chain.solve([1, 4])
    other = threading.Thread(target=lambda: chain.solve([2]))
    other.start()
    other.join()
    assert set(chain.core()) == {1, 4}


@pytest.mark.parametrize(
    "compiled",
    [
        model_of(2, [[1, 2], [1, -2], [-1, 2], [-1, -2]]),
        model_of(1, [[1], [-1]]),
        model_of(1, [[]]),
        model_of(2, [[-1, 2], [1, -2], [-1, -2], [1, 2]]),
    ],
)
def test_a_model_that_contradicts_itself_answers_nothing(
    opener: Opener, compiled: Compiled
) -> None:
    engine = opener(compiled)
    assert engine.domains([]) is None
    assert engine.domains([1]) is None
    assert not engine.solve([1])
    assert engine.core() == []


def test_an_empty_model(opener: Opener) -> None:
    engine = opener(model_of(0, []))
    assert engine.domains([]) == b""
    assert engine.solve([])
    assert engine.model() == b""
    with pytest.raises(UnknownOption):
        engine.domains([1])


def test_options_without_laws_stay_open(opener: Opener) -> None:
    engine = opener(model_of(3, []))
    assert engine.domains([]) == bytes(3)
    assert engine.domains([-2, 3]) == bytes([0, 2, 1])


def test_options_may_deny_and_share_literals(opener: Opener) -> None:
    engine = opener(model_of(3, [[-1, 2]], options=[1, -1, 1, -2, 3]))
    assert engine.domains([2]) == bytes([2, 1, 2, 0, 0])
    assert engine.domains([4]) == bytes([2, 1, 2, 1, 0])
    assert engine.domains([1]) == bytes([1, 2, 1, 2, 0])
    assert engine.domains([1, 2]) is None


def test_what_implies_each_other_is_one(opener: Opener) -> None:
    engine = opener(model_of(4, [[-1, 2], [-2, 3], [-3, 1], [-4, -1], [4, 1]]))
    assert engine.domains([]) == bytes(4)
    assert engine.domains([3]) == bytes([1, 1, 1, 2])
    assert engine.domains([4]) == bytes([2, 2, 2, 1])


@pytest.mark.parametrize("size", [3, 5, 40, 300])
def test_one_of_many(opener: Opener, size: int) -> None:
    alternatives = list(range(1, size + 1))
    clauses = [[-one, -other] for one in alternatives for other in range(one + 1, size + 1)]
    engine = opener(model_of(size, [*clauses, alternatives]))
    assert engine.domains([]) == bytes(size)
    assert engine.domains([2]) == bytes(1 if one == 2 else 2 for one in alternatives)
    assert engine.domains([-2]) == bytes(2 if one == 2 else 0 for one in alternatives)
    but_last = [-one for one in alternatives[:-1]]
    assert engine.domains(but_last) == bytes([2] * (size - 1) + [1])
    assert engine.domains(but_last[:-1]) == bytes([2] * (size - 2) + [0, 0])
    assert engine.domains([*but_last, -size]) is None


def test_pigeons_need_search(opener: Opener) -> None:
    """Five in four holes: nothing follows from pairs alone that would show the contradiction."""

    def at(pigeon: int, hole: int) -> int:
        return 4 * pigeon + hole + 1

    held = [[at(one, hole) for hole in range(4)] for one in range(5)]
    apart = [
        [-at(one, hole), -at(other, hole)]
        for hole in range(4)
        for one in range(5)
        for other in range(one)
    ]
    free = [[*clause, 21] for clause in held]
    engine = opener(model_of(21, [*free, *apart]))
    states = engine.domains([])
    assert states is not None
    assert states[20] == 1
    assert engine.domains([-21]) is None


def test_changed_options_names_what_differs() -> None:
    assert changed_options(bytes([0, 1, 2, 0]), bytes([0, 1, 1, 2])) == [3, 4]
    assert changed_options(bytes(9), bytes(9)) == []


def test_statistics_count_steps(chain: Engine) -> None:
    before = chain.statistics
    chain.domains([1])
    after = chain.statistics
    assert after.name in {"native", "pure"}
    assert after.steps == before.steps + 1


def test_a_closed_engine_may_be_closed_again(opener: Opener) -> None:
    engine = opener(model_of(2, [[1, 2]]))
    engine.close()
    engine.close()


def test_open_engine_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    from handsel.bid.configure.rules.engine import native

    native.load.cache_clear()
    monkeypatch.setenv("HANDSEL_ENGINE", "pure")
    assert open_engine(model_of(1, [])).statistics.name == "pure"
    native.load.cache_clear()


def test_threads_share_an_engine(opener: Opener) -> None:
    count = 24
    clauses = [[-one, one + 1] for one in range(1, count)]
    engine = opener(model_of(count, clauses))
    wrong: list[int] = []

    def work(one: int) -> None:
        for _ in range(20):
            expected = bytes([0] * (one - 1) + [1] * (count - one + 1))
            if engine.domains([one]) != expected or engine.solve([one], [-count]):
                wrong.append(one)

    threads = [threading.Thread(target=work, args=(one,)) for one in range(1, count, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
