"""A product model as clauses.

`encode` gives every value of every variable a literal, brings each law to clauses over them and
marks the clauses with the law. Tables become decision diagrams, arithmetic becomes staircases over
thresholds; intermediate quantities are defined once, for all laws, and only as far as laws ask.
"""

from __future__ import annotations

from handsel.bid.configure.rules.compiled import Builder, Compiled
from handsel.bid.configure.rules.encode.calculation import calculated
from handsel.bid.configure.rules.encode.conditions import Conditions
from handsel.bid.configure.rules.encode.diagrams import encode_table
from handsel.bid.configure.rules.encode.literals import Literals
from handsel.bid.configure.rules.encode.meaning import Meaning
from handsel.bid.configure.rules.encode.refusals import ModelNotFinite, ModelTooLarge
from handsel.bid.configure.rules.encode.staircases import define_waiting
from handsel.bid.configure.rules.model import ProductModel, TableLaw

__all__ = ["ModelNotFinite", "ModelTooLarge", "encode"]


def encode(model: ProductModel) -> Compiled:
    """The model's compiled form: options in the order of variables and values.

    Raises ModelTooLarge or ModelNotFinite, naming the law, when a law needs more combinations
    than a compiled model may hold, can divide by zero, or names what the model does not have.
    """
    builder = Builder()
    literals = Literals(builder, model.variables)
    conditions = Conditions(literals, Meaning(model))
    quantities = conditions.quantities
    for law in model.laws:
        builder.begin_law(law.key)
        with quantities.asked_by(law.key):
            if isinstance(law, TableLaw):
                encode_table(law, literals)
                continue
            for clause in conditions.clauses(law.condition):
                builder.add(sorted(clause, key=abs))
    builder.begin_structure()
    define_waiting(quantities)
    return builder.build(calculated(model, builder.n_variables))
