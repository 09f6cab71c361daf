"""What to give up to get what one wishes: the user's own decisions, as few as can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from handsel.bid.configure.rules.clash import Clash, bits
from handsel.bid.configure.rules.decisions import Decision, Decisions
from handsel.bid.configure.rules.explain import Explainer
from handsel.bid.configure.rules.expressions import Value

MOST_CHANGES = 3

Assignment: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Repair:
    """Decisions to give up so that the wish can be had; all others stand.

    No part of `given_up` alone would do. `amount` is what the product comes to then, where it was
    asked for.
    """

    wish: Decision | None
    given_up: Decisions
    kept: Decisions
    amount: int | None = None

    @property
    def decisions(self) -> Decisions:
        """The decisions after the repair, the wish last."""
        return (*self.kept, self.wish) if self.wish else self.kept


def smallest_repairs(
    explainer: Explainer,
    decisions: Sequence[Decision],
    wish: Decision | None = None,
    *,
    most: int = MOST_CHANGES,
) -> list[Repair]:
    """Every subset-minimal repair of at most `most` changes, fewest first.

    Without a wish, the decisions contradict each other and are to be reconciled. Empty when
    nothing helps (the wish is impossible in any product, or needs more changes); one repair that
    gives up nothing when the wish can be had as it is.
    """
    with explainer.quick.lock:
        clash = explainer.clash(decisions, wish)
        return [_repair(decisions, wish, given_up) for given_up in clash.smallest_ways_out(most)]


def preferred_repair(
    explainer: Explainer, decisions: Sequence[Decision], wish: Decision | None = None
) -> Repair | None:
    """The repair that keeps what was decided first; decisions come in order of importance.

    Of any number of changes; None when the wish is impossible in any product.
    """
    with explainer.quick.lock:
        given_up = explainer.clash(decisions, wish).preferred_way_out()
    return None if given_up is None else _repair(decisions, wish, given_up)


def ranked(
    repairs: Sequence[Repair], amount: Callable[[Decisions], int | None] | None = None
) -> list[Repair]:
    """Fewest changes first, then what costs least, then the order of the decisions.

    `amount` says what a product with these decisions comes to; None where it cannot say.
    """
    if amount is None:
        return sorted(repairs, key=lambda one: len(one.given_up))
    priced = [replace(one, amount=amount(one.decisions)) for one in repairs]
    return sorted(priced, key=_rank)


def _rank(repair: Repair) -> tuple[int, bool, int]:
    return len(repair.given_up), repair.amount is None, repair.amount or 0


def _repair(decisions: Sequence[Decision], wish: Decision | None, given_up: int) -> Repair:
    gone = set(bits(given_up))
    return Repair(
        wish,
        tuple(one for index, one in enumerate(decisions) if index in gone),
        tuple(one for index, one in enumerate(decisions) if index not in gone),
    )


def works(explainer: Explainer, repair: Repair) -> bool:
    """Whether the wish can be had after the repair, and could not if any part were kept."""
    with explainer.quick.lock:
        clash: Clash = explainer.clash((*repair.kept, *repair.given_up), repair.wish)
        kept = (1 << len(repair.kept)) - 1
        gone = range(len(repair.kept), len(clash.parts))
        return clash.holds(kept) and not any(clash.holds(kept | 1 << part) for part in gone)
