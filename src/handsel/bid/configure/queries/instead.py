"""What could be chosen instead of what was, all other choices standing.

The same is asked after every decision, for every choice made before. A value that could not be had
can be had even less after one more decision; one that could still can when the product found for
it has the new decision too. So only the rest is asked anew.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

from handsel.bid.configure.rules.decisions import Decision, Decisions, numbers
from handsel.bid.configure.rules.engine import TRUE
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.session import Configurator

KEPT_BYTES = 8 << 20

# By value that can be had: a product that has it, one byte an option.
Products = Mapping[Value, bytes]


class Instead:
    """The alternatives to choices in one model; the last ones are kept, for all sessions."""

    def __init__(self, configurator: Configurator) -> None:
        self._configurator = configurator
        self._found: OrderedDict[tuple[str, Decisions], Products] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def values(self, decisions: Decisions, key: str) -> frozenset[Value]:
        """The values of a variable that some product with all decisions about others has."""
        others = tuple(one for one in decisions if one.variable != key)
        found = self._kept(key, others)
        if found is None:
            found = self._searched(key, others)
            self._keep(key, others, found)
        return frozenset(found)

    def _searched(self, key: str, others: Decisions) -> Products:
        configurator = self._configurator
        compiled, engine = configurator.compiled, configurator.engine
        given = configurator.numbers(others)
        before = self._kept(key, others[:-1])
        newest = numbers(compiled, others[-1]) if others else ()
        found: dict[Value, bytes] = {}
        for value in configurator.variables[key].values:
            product = None if before is None else before.get(value)
            if before is not None and product is None:
                continue
            if product is None or not _has(product, newest):
                if not engine.solve([*given, *numbers(compiled, Decision(key, value))]):
                    continue
                product = engine.model()
            found[value] = product
        return found

    def _kept(self, key: str, others: Decisions) -> Products | None:
        with self._lock:
            found = self._found.get((key, others))
            if found is not None:
                self._found.move_to_end((key, others))
            return found

    def _keep(self, key: str, others: Decisions, found: Products) -> None:
        with self._lock:
            self._bytes += _size(found) - _size(self._found.get((key, others), {}))
            self._found[key, others] = found
            while self._bytes > KEPT_BYTES and len(self._found) > 1:
                _key, oldest = self._found.popitem(last=False)
                self._bytes -= _size(oldest)


def _has(product: bytes, decided: tuple[int, ...]) -> bool:
    return all((product[abs(one) - 1] == TRUE) is (one > 0) for one in decided)


def _size(products: Products) -> int:
    return sum(map(len, products.values()))
