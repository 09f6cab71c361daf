"""What the encoder makes of small random models against their definition, every law for itself."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pysat.solvers import Solver

from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.expressions import Ref
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.oracle import Oracle
from tests.support.random_models import amount, assignments, holds, random_model

SEEDS = st.integers(min_value=0, max_value=10**9)


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_every_law_means_what_its_expression_says(seed: int) -> None:
    """Of each assignment exactly the laws that hold can be switched on, all of them together."""
    model = random_model(seed)
    compiled = encode(model)
    assert compiled.laws == tuple(law.key for law in model.laws)
    switches = [compiled.n_variables + 1 + at for at in range(len(model.laws))]
    with Solver("g4") as solver:
        for clause, law in zip(compiled.clauses(), compiled.laws_of, strict=True):
            solver.add_clause([*clause, -switches[law]] if law >= 0 else clause)
        for values in assignments(model):
            chosen = [
                literal if values[option.variable] == option.value else -literal
                for option, literal in zip(compiled.options, compiled.option_literals, strict=True)
            ]
            on, off = [], []
            for law, switch in zip(model.laws, switches, strict=True):
                (on if holds(model, law, values) else off).append(switch)
            assert solver.solve(assumptions=[*chosen, *on, *(-switch for switch in off)])
            for switch in off:
                assert not solver.solve(assumptions=[*chosen, switch])


def valid(model: ProductModel) -> list[dict[str, object]]:
    return [
        dict(values)
        for values in assignments(model)
        if all(holds(model, law, values) for law in model.laws)
    ]


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_the_oracle_finds_what_the_definition_finds(seed: int) -> None:
    """Valid domains, the least amount, and of equally good products the first."""
    model = random_model(seed)
    products = valid(model)
    oracle = Oracle(model)
    expected = {
        one.key: tuple(
            value for value in one.values if any(found[one.key] == value for found in products)
        )
        for one in model.variables
    }
    assert oracle.valid_domains({}) == (expected if products else None)
    pairs = {(one.key, value) for one in model.variables for value in one.values}
    dead = {pair for pair in pairs if not any(pair in found.items() for found in products)}
    assert not dead or oracle.some_has({}, dead) is None
    assert not products or oracle.some_has({}, pairs - dead) in products
    if products and model.derived:
        objective = Ref(model.derived[0].key)
        amounts = [amount(model, objective, product) for product in products]
        found = oracle.best({}, objective, first_of_ties=True)
        assert found.proven and found.value == found.bound == min(amounts)
        assert found.assignment == products[amounts.index(min(amounts))]


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_laws_never_matters(seed: int, luck: object) -> None:
    """Another order of laws gives the same products."""
    model = random_model(seed)
    laws = list(model.laws)
    luck.shuffle(laws)  # type: ignore[attr-defined]
    other = ProductModel(model.name, model.variables, tuple(laws), model.derived)
    with (
        Solver("g4", bootstrap_with=encode(model).clauses()) as one,
        Solver("g4", bootstrap_with=encode(other).clauses()) as two,
    ):
        literals = encode(model).option_literals.tolist()
        for literal in [*literals, *(-literal for literal in literals)]:
            assert one.solve(assumptions=[literal]) == two.solve(assumptions=[literal])
