"""Why something cannot be: the user's own decisions and the named laws, none of them too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from handsel.bid.configure.rules.clash import Clash, bits
from handsel.bid.configure.rules.compiled import STRUCTURE, Compiled
from handsel.bid.configure.rules.decisions import Decision, Decisions, literals, numbers
from handsel.bid.configure.rules.engine import FALSE, TRUE, Engine, open_engine
from handsel.bid.configure.rules.prover import EngineProver, Prover, Solving, guarded_form

# Questions to the solver spent on proving that no smaller reason exists; counted rather than
# timed, so that the answer is the same on a slow machine.
BUDGET = 400
MOST_PARTS = 600


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why `wish` cannot be had: these decisions and laws, and none of them can be left out.

    Without a wish, why the decisions cannot stand together. `is_smallest` says that no reason has
    fewer parts (proved); without it the reason is minimal, yet a shorter one may exist.
    """

    wish: Decision | None
    decisions: Decisions
    laws: tuple[str, ...]
    is_smallest: bool = False

    @property
    def size(self) -> int:
        """How many things it names."""
        return len(self.decisions) + len(self.laws)


@dataclass
class Explainer:
    """Explains for one model. Solvers are built when first needed and shared by all sessions.

    `unnamed` are keys of laws that are part of the model's build and never given as a reason.
    """

    compiled: Compiled
    engine: Engine
    unnamed: frozenset[str] = frozenset()
    budget: int = BUDGET

    @cached_property
    def named(self) -> tuple[int, ...]:
        """Numbers of the laws that can be given as a reason."""
        return tuple(n for n, key in enumerate(self.compiled.laws) if key not in self.unnamed)

    @cached_property
    def _tells_laws(self) -> bool:
        """Whether naming laws says anything: a DIMACS file is one law, and nothing beside it."""
        is_all = len(self.compiled.laws) == 1 and STRUCTURE not in self.compiled.laws_of
        return bool(self.named) and not is_all

    @cached_property
    def plain(self) -> Prover:
        """All laws in force; what decisions alone are asked of."""
        return Prover(self.compiled)

    @cached_property
    def quick(self) -> Solving:
        """All laws in force; for questions that need no whole product."""
        is_native = self.engine.statistics.name == "native"
        return EngineProver(self.engine) if is_native else self.plain

    @cached_property
    def guarded(self) -> Prover:
        """Each law under its selector."""
        return Prover(self.compiled, self.named)

    @cached_property
    def quick_guarded(self) -> Solving:
        """Each law under its selector; for questions that need no whole product."""
        if self.engine.statistics.name != "native":
            return self.guarded
        return EngineProver(open_engine(guarded_form(self.compiled, self.named)))

    def prepare(self) -> None:
        """Build what explains now, so that nobody's first question waits for it."""
        _ = self.plain, self.quick, self.guarded, self.quick_guarded

    def clash(self, decisions: Sequence[Decision], wish: Decision | None) -> Clash:
        """The decisions as parts that stand against the wish, all laws in force."""
        parts = [literals(self.compiled, one) for one in decisions]
        wanted = literals(self.compiled, wish) if wish else ()
        return Clash(self.quick, wanted, parts, wanted_can_hold=self._can_be(wish))

    def _can_be(self, wish: Decision | None) -> bool:
        """Whether some product is known to have the wish; bounds are not looked up."""
        named = numbers(self.compiled, wish) if wish else ()
        if len(named) != 1 or self._root is None:
            return False
        return self._root[abs(named[0]) - 1] != (FALSE if named[0] > 0 else TRUE)

    @cached_property
    def _root(self) -> bytes | None:
        return self.engine.domains(())

    def minimal_decisions(
        self, decisions: Sequence[Decision], wish: Decision | None
    ) -> Decisions | None:
        """Decisions to blame, none too many; None when the wish can be had."""
        with self.quick.lock:
            reason = self.clash(decisions, wish).minimal_reason()
        return None if reason is None else tuple(decisions[part] for part in bits(reason))

    def explain(
        self, decisions: Sequence[Decision], wish: Decision | None = None, *, smallest: bool = False
    ) -> Explanation | None:
        """Why the wish cannot be had after the decisions; None when it can.

        Minimal: without any of its parts it is no reason. The `smallest` of all takes ten times as
        long, to search and to prove. Raises UnknownOption for what the model does not have.
        """
        if not self._tells_laws:
            return self._by_decisions(decisions, wish, smallest=smallest)
        blamed = self.minimal_decisions(decisions, wish)
        if blamed is None:
            return None
        if smallest and len(decisions) + len(self.named) <= MOST_PARTS:
            with self.guarded.lock:
                return self._smallest_with_laws(decisions, wish, blamed)
        with self.quick_guarded.lock:
            clash = self._full_clash(decisions, wish, self.quick_guarded)
            reason = self._minimal_with_laws(clash, decisions, blamed)
        return self._told(decisions, wish, reason, is_smallest=reason.bit_count() <= 1)

    def _by_decisions(
        self, decisions: Sequence[Decision], wish: Decision | None, *, smallest: bool
    ) -> Explanation | None:
        with self.quick.lock:
            clash = self.clash(decisions, wish)
            reason = clash.minimal_reason()
        if reason is None:
            return None
        # None or one is as few as can be: with none the wish were dead on its own.
        proved = reason.bit_count() <= 1
        if smallest and not proved:
            with self.plain.lock:
                clash = replace(clash, prover=self.plain, asked=0, budget=self.budget)
                clash.learn()
                reason, proved = clash.smallest_reason(reason)
        chosen = tuple(decisions[part] for part in bits(reason))
        return Explanation(wish, chosen, self._keys(self.named), proved)

    def _smallest_with_laws(
        self, decisions: Sequence[Decision], wish: Decision | None, blamed: Decisions
    ) -> Explanation:
        clash = self._full_clash(decisions, wish, self.guarded)
        clash.learn()
        reason = self._minimal_with_laws(clash, decisions, blamed)
        proved = reason.bit_count() <= 1
        if not proved:
            clash.budget = clash.asked + self.budget
            reason, proved = clash.smallest_reason(reason)
        return self._told(decisions, wish, reason, is_smallest=proved)

    def _minimal_with_laws(
        self, clash: Clash, decisions: Sequence[Decision], blamed: Decisions
    ) -> int:
        """The decisions to blame and laws without any of which they could stand."""
        given = sum(1 << index for index, one in enumerate(decisions) if one in blamed)
        laws = clash.everything & ~((1 << len(decisions)) - 1)
        reason = clash.minimal_reason(given=given, among=laws)
        if reason is None:
            raise AssertionError("guarded and plain clauses disagree")
        return reason

    def _told(
        self,
        decisions: Sequence[Decision],
        wish: Decision | None,
        reason: int,
        *,
        is_smallest: bool,
    ) -> Explanation:
        parts, count = list(bits(reason)), len(decisions)
        chosen = tuple(decisions[part] for part in parts if part < count)
        laws = self._keys([self.named[part - count] for part in parts if part >= count])
        return Explanation(wish, chosen, laws, is_smallest)

    def _keys(self, laws: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.compiled.laws[law] for law in laws)

    def _full_clash(
        self, decisions: Sequence[Decision], wish: Decision | None, prover: Solving
    ) -> Clash:
        parts: list[tuple[int, ...]] = [literals(self.compiled, one) for one in decisions]
        parts += [(self.compiled.n_variables + 1 + law,) for law in self.named]
        wanted = literals(self.compiled, wish) if wish else ()
        return Clash(prover, wanted, parts)

    def is_minimal(self, explanation: Explanation) -> bool:
        """Whether the reason really is one, and stops being one without any of its parts."""
        with self.guarded.lock:
            clash = self._full_clash(explanation.decisions, explanation.wish, self.guarded)
            n_decisions = len(explanation.decisions)
            named = (1 << n_decisions) - 1
            for key in explanation.laws:
                named |= 1 << n_decisions + self.named.index(self.compiled.laws.index(key))
            if clash.holds(named):
                return False
            return all(clash.holds(named & ~(1 << part)) for part in bits(named))
