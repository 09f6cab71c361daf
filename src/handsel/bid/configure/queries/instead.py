"""What could be chosen instead of what was, all other choices standing.

The same is asked after every decision, for every choice made before. A value that could not be had
can be had even less after one more decision, so only the rest is asked anew, and the engine keeps
the products it found.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from handsel.bid.configure.rules.decisions import Decision, Decisions, numbers
from handsel.bid.configure.rules.expressions import Value
from handsel.bid.configure.rules.session import Configurator

MOST_KEPT = 20_000

Values = frozenset[Value]


class Instead:
    """The alternatives to choices in one model; the last ones are kept, for all sessions."""

    def __init__(self, configurator: Configurator) -> None:
        self._configurator = configurator
        self._found: OrderedDict[tuple[str, Decisions], Values] = OrderedDict()
        self._lock = threading.Lock()

    def values(self, decisions: Decisions, key: str) -> Values:
        """The values of a variable that some product with all decisions about others has."""
        others = tuple(one for one in decisions if one.variable != key)
        found = self._kept(key, others)
        if found is None:
            found = self._searched(decisions, key, others)
            self._keep(key, others, found)
        return found

    def _searched(self, decisions: Decisions, key: str, others: Decisions) -> Values:
        configurator = self._configurator
        given, leaving = list[int](), list[int]()
        for one in decisions:
            own = configurator.numbers([one])
            if one.variable == key:
                leaving.extend(range(len(given), len(given) + len(own)))
            given.extend(own)
        before = self._kept(key, others[:-1])
        all_values = configurator.variables[key].values
        values = [one for one in all_values if before is None or one in before]
        # A value is decided by one number; only a bound takes several.
        asked = [numbers(configurator.compiled, Decision(key, value))[0] for value in values]
        answers = configurator.engine.instead(given, leaving, asked)
        return frozenset(one for one, can_be in zip(values, answers, strict=True) if can_be)

    def _kept(self, key: str, others: Decisions) -> Values | None:
        with self._lock:
            found = self._found.get((key, others))
            if found is not None:
                self._found.move_to_end((key, others))
            return found

    def _keep(self, key: str, others: Decisions, found: Values) -> None:
        with self._lock:
            self._found[key, others] = found
            while len(self._found) > MOST_KEPT:
                self._found.popitem(last=False)
