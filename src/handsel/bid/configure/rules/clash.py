"""Things that cannot all hold: the smallest reasons why, and the smallest ways out.

A clash has parts, each a few literals assumed together (a decision, a law's selector), and the
`wanted` literals, which always stand. Parts are sets of bits: part k is bit k.

Sources: deletion of parts from a core and QuickXplain (Junker, AAAI 2004) for a minimal reason;
implicit hitting sets (Ignatiev, Previti, Liffiton and Marques-Silva, CP 2015) for a smallest one;
the hitting-set tree (Reiter, AIJ 1987) for ways out; FastDiag (Felfernig, Schubert and Zehentner,
AI EDAM 2012) for the preferred one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from handsel.bid.configure.rules.hitting import first_smallest_hitting_set
from handsel.bid.configure.rules.prover import Solving

SPLIT_FROM = 8  # cores longer than this are halved rather than thinned one by one


class OutOfBudget(Exception):
    """As many questions were asked as were allowed; the answer so far stands."""


@dataclass
class Clash:
    """One question to the prover, in parts. Hold the prover's lock while using it."""

    prover: Solving
    wanted: Sequence[int]
    parts: Sequence[tuple[int, ...]]
    budget: int = 0
    wanted_can_hold: bool = False  # known beforehand, so it need not be asked
    asked: int = 0
    _learns: bool = False
    _ways_out: set[int] = field(default_factory=set)  # bits of parts a known solution breaks
    _part_of: dict[int, int] = field(default_factory=dict)
    _leaning: list[int] = field(default_factory=list)

    @property
    def everything(self) -> int:
        """All parts."""
        return (1 << len(self.parts)) - 1

    def holds(self, chosen: int) -> bool:
        """Whether the chosen parts and what is wanted can hold at once."""
        if not chosen and self.wanted_can_hold and not self._learns:
            return True
        self.asked += 1
        if self.budget and self.asked > self.budget:
            raise OutOfBudget
        part_of = self._part_of = {}
        assumed = list(self.wanted)
        for part in bits(chosen):
            for literal in self.parts[part]:
                if part_of.setdefault(literal, part) == part:
                    assumed.append(literal)
        found = self.prover.solve(assumed, self._leaning)
        if found and self._learns:
            self._ways_out.add(self.everything & ~self._kept())
        return found

    def blamed(self) -> int:
        """After holds() said no: parts to blame, not yet the fewest."""
        found = 0
        for literal in self.prover.core():
            part = self._part_of.get(literal)
            if part is not None:
                found |= 1 << part
        return found

    def learn(self) -> None:
        """From here on keep what solutions show; smallest_reason() builds on it."""
        self._learns = True
        self._leaning = [literal for part in self.parts for literal in part]

    def _kept(self) -> int:
        """The parts the prover's last solution fulfils."""
        model = self.prover.model()
        kept = 0
        for part, own in enumerate(self.parts):
            if all(model[abs(literal) - 1] == literal for literal in own):
                kept |= 1 << part
        return kept

    def minimal_reason(self, *, given: int = 0, among: int | None = None) -> int | None:
        """Parts that cannot hold, none of which can be left out; None when all can hold.

        `given` are parts known to be needed: they are in the reason untested.
        """
        if self.holds(given | (self.everything if among is None else among)):
            return None
        reason = given | self.blamed()
        while reason != given and not self.holds(reason):
            smaller = given | self.blamed()
            if smaller.bit_count() >= reason.bit_count():
                break
            reason = smaller
        open_parts = reason & ~given
        if open_parts.bit_count() > SPLIT_FROM:
            return given | self._split(given, open_parts, has_more=True)
        return self._thinned(given, reason)

    def _thinned(self, needed: int, reason: int) -> int:
        while reason & ~needed:
            part = 1 << ((reason & ~needed).bit_length() - 1)  # what was said last goes first
            if self.holds(reason & ~part):
                needed |= part
            else:
                reason = needed | self.blamed()
        return reason

    def _split(self, background: int, reason: int, *, has_more: bool) -> int:
        if has_more and not self.holds(background):
            return 0
        if reason.bit_count() == 1:
            return reason
        first, second = halves(reason)
        late = self._split(background | first, second, has_more=True)
        early = self._split(background | late, first, has_more=bool(late))
        return early | late

    def smallest_reason(self, known: int) -> tuple[int, bool]:
        """A reason with the fewest parts, the first such in the order of the parts.

        `known` is any reason, the answer when the budget ends before a smaller is proved or ruled
        out; the flag says whether it was. The same whatever the solver's whims.
        """
        try:
            while True:
                candidate = first_smallest_hitting_set(sorted(self._ways_out), known.bit_count())
                if candidate is None:
                    return known, False
                if not self.holds(candidate):
                    return candidate, True
                self._widen()
        except OutOfBudget:
            return known, False

    def _widen(self) -> None:
        """From the last solution to one that breaks a minimal set of parts."""
        kept = self._kept()
        for part in bits(self.everything & ~kept):
            if not kept >> part & 1 and self.holds(kept | 1 << part):
                kept = self._kept()
        self._ways_out.add(self.everything & ~kept)

    def smallest_ways_out(self, most: int) -> Iterator[int]:
        """Every subset-minimal set of at most `most` parts without which the rest can hold.

        Fewest first, then in the order of the parts.
        """
        reasons: list[int] = []
        found: list[int] = []
        level: set[int] = {0}
        for size in range(most + 1):
            longer: set[int] = set()
            for given_up in sorted(level, key=in_order):
                if any(given_up & one == one for one in found):
                    continue
                reason = next((one for one in reasons if not one & given_up), None)
                if reason is None:
                    if self.holds(self.everything & ~given_up):
                        found.append(given_up)
                        yield given_up
                        continue
                    reason = self.blamed()
                    reasons.append(reason)
                longer.update(given_up | 1 << part for part in bits(reason))
            if size == most:
                return
            level = longer

    def preferred_way_out(self) -> int | None:
        """What to give up when the first parts matter most; None when nothing helps.

        Of two ways out, the one that keeps the first part the other gives up.
        """
        if self.holds(self.everything):
            return 0
        if not self.holds(0):
            return None
        return self._diagnosed(self.everything, self.everything, known_to_fail=True)

    def _diagnosed(self, suspects: int, kept: int, *, known_to_fail: bool) -> int:
        if not known_to_fail and self.holds(kept):
            return 0
        if suspects.bit_count() == 1:
            return suspects
        first, second = halves(suspects)
        # Give up of the less important half first; only what that leaves is asked of the other.
        early = self._diagnosed(first, kept & ~second, known_to_fail=False)
        late = self._diagnosed(second, kept & ~early, known_to_fail=not early)
        return early | late


def bits(chosen: int) -> Iterator[int]:
    """The parts of a set, first to last."""
    while chosen:
        lowest = chosen & -chosen
        yield lowest.bit_length() - 1
        chosen ^= lowest


def in_order(chosen: int) -> tuple[int, ...]:
    """A key that sorts sets by their first parts."""
    return tuple(bits(chosen))


def halves(chosen: int) -> tuple[int, int]:
    """A set in two, what comes first and what comes last."""
    parts = list(bits(chosen))
    first = sum(1 << part for part in parts[: len(parts) // 2])
    return first, chosen & ~first
