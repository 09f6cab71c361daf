"""Who can answer for whom: users, roles, teams, superiors, absences and delegations.

A frozen picture taken when somebody asks; the same picture a moment later may answer otherwise,
because somebody went on leave. Nobody ever answers for his own request or his own quote: else the
owner would let a colleague ask.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from handsel.bid.quote.errors import BadCondition
from handsel.ground.kernel.said import said

SpecKind = Literal["user", "role", "team", "manager_of"]
KINDS: Final = ("user", "role", "team", "manager_of")
MANAGER_OF: Final = ("requester", "owner")
MOST_DELEGATIONS: Final = 5


@dataclass(frozen=True, slots=True)
class Spec:
    """Whom a rule asks: one user, anybody of a role, a team's members, somebody's superior."""

    kind: SpecKind
    ref: int | str

    def as_data(self) -> dict[str, Any]:
        """As it is kept: {"role": "sales_manager"}."""
        return {self.kind: self.ref}


def parse_spec(data: Any, place: str = "approver") -> Spec:
    """Read whom to ask; raises BadCondition naming the place."""
    if not isinstance(data, dict) or len(data) != 1:
        raise BadCondition(
            said("%(place)s: expected one of %(listed)s.", place=place, listed=", ".join(KINDS))
        )
    kind, ref = next(iter(data.items()))
    if kind not in KINDS:
        raise BadCondition(
            said(
                "%(place)s: expected one of %(listed)s, not %(kind)s.",
                place=place,
                listed=", ".join(KINDS),
                kind=kind,
            )
        )
    if kind in ("user", "team") and (isinstance(ref, bool) or not isinstance(ref, int) or ref < 1):
        raise BadCondition(said("%(place)s.%(kind)s: expected a key.", place=place, kind=kind))
    if kind == "manager_of" and ref not in MANAGER_OF:
        raise BadCondition(
            said(
                "%(place)s.manager_of: expected one of %(listed)s.",
                place=place,
                listed=", ".join(MANAGER_OF),
            )
        )
    if kind == "role" and (not isinstance(ref, str) or not 0 < len(ref) <= 30):
        raise BadCondition(said("%(place)s.role: expected a role.", place=place))
    return Spec(kind, ref)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A user. `may_approve`: active, works for the seller, holds the right to approve."""

    user_id: int
    name: str
    roles: frozenset[str] = frozenset()
    may_approve: bool = True


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is represented for a while; `is_absent`: he does not answer himself meanwhile."""

    user_id: int
    away_from: datetime
    away_until: datetime
    delegate_id: int | None = None
    is_absent: bool = True


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who could be asked. `usual_hours` is the median of past decisions of a user."""

    colleagues: Mapping[int, Colleague]
    away: Sequence[Away] = ()
    superiors: Mapping[int, int] = field(default_factory=dict)
    teams: Mapping[int, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    usual_hours: Mapping[int, Decimal] = field(default_factory=dict)

    def may(self, user_id: int) -> bool:
        """Whether a user can be asked at all."""
        found = self.colleagues.get(user_id)
        return found is not None and found.may_approve

    def name(self, user_id: int) -> str:
        """A user's name; nothing for one who is not known."""
        found = self.colleagues.get(user_id)
        return found.name if found else ""


@dataclass(frozen=True, slots=True)
class Circumstance:
    """The question's own facts: who asks, who owns the quote, when."""

    requester_id: int | None
    owner_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """One voice: whoever of these answers first fills it. `whose` names whom one stands in for.

    `key` stays the same while people come and go: the approver's place in the step, and for a team
    the member whose voice it is.
    """

    users: tuple[int, ...]
    whose: Mapping[int, int] = field(default_factory=dict)
    passed_over: tuple[tuple[int, str], ...] = ()
    key: str = ""


def named(spec: Spec, people: People, asked: Circumstance) -> tuple[int, ...]:
    """The users a spec names, whether they can answer now or not."""
    if spec.kind == "user":
        return (int(spec.ref),)
    if spec.kind == "role":
        holders = (one.user_id for one in people.colleagues.values() if spec.ref in one.roles)
        return tuple(sorted(holders))
    if spec.kind == "team":
        return people.teams.get(int(spec.ref), ("", ()))[1]
    inferior = asked.requester_id if spec.ref == "requester" else asked.owner_id
    superior = people.superiors.get(inferior) if inferior is not None else None
    return (superior,) if superior is not None else ()


def seats_of(
    spec: Spec, people: People, asked: Circumstance, otherwise: Spec | None = None
) -> tuple[Seat, ...]:
    """The voices a spec stands for: one, or one per member of a team.

    Where nobody named can answer it is the deputy's turn, then that of the superiors.
    """
    users = named(spec, people, asked)
    if spec.kind == "team":
        return tuple(replace(_seat((user,), people, asked), key=f":{user}") for user in users)
    seat = _seat(users, people, asked)
    if seat.users:
        return (seat,)
    for next_in_line in _next_in_line(users, people, asked, otherwise):
        found = _seat(next_in_line, people, asked)
        if found.users:
            return (Seat(found.users, found.whose, (*seat.passed_over, *found.passed_over)),)
    return (seat,)


def next_level(
    users: Collection[int], people: People, asked: Circumstance, otherwise: Spec | None
) -> tuple[int, ...]:
    """Who is asked as well when time has run out: the deputy, then the superiors."""
    for line in _next_in_line(tuple(users), people, asked, otherwise):
        found = [one for one in _seat(line, people, asked).users if one not in users]
        if found:
            return tuple(found)
    return ()


def _next_in_line(
    users: Sequence[int], people: People, asked: Circumstance, otherwise: Spec | None
) -> list[tuple[int, ...]]:
    line = [named(otherwise, people, asked)] if otherwise is not None else []
    above: tuple[int, ...] = tuple(users)
    seen = set(users)
    while above:
        steps = (people.superiors.get(user) for user in above)
        above = tuple(sorted({one for one in steps if one is not None} - seen))
        seen |= set(above)
        line.append(above)
    return line


def _seat(users: Sequence[int], people: People, asked: Circumstance) -> Seat:
    able: dict[int, None] = {}
    whose: dict[int, int] = {}
    passed: list[tuple[int, str]] = []
    for user in users:
        for one in _answering(user, people, asked, passed, 0):
            if one not in able:
                able[one] = None
                if one != user:
                    whose[one] = user
    return Seat(tuple(able), whose, tuple(passed))


def _answering(
    user: int, people: People, asked: Circumstance, passed: list[tuple[int, str]], depth: int
) -> list[int]:
    if user == asked.requester_id:
        passed.append((user, "own"))
        return []
    if user == asked.owner_id:
        passed.append((user, "owner"))
        return []
    if not people.may(user):
        passed.append((user, "gone"))
        return []
    away = _away(user, people, asked.at)
    if away is None:
        return [user]
    answering = [] if away.is_absent else [user]
    if away.is_absent:
        passed.append((user, "absent"))
    if away.delegate_id is not None and depth < MOST_DELEGATIONS:
        answering += _answering(away.delegate_id, people, asked, passed, depth + 1)
    return answering


def _away(user: int, people: People, at: datetime) -> Away | None:
    for one in people.away:
        if one.user_id == user and one.away_from <= at < one.away_until:
            return one
    return None


def can_fill(seats: Sequence[Seat], quorum: int) -> bool:
    """Whether `quorum` of the seats can be filled by different people."""
    taken: dict[int, int] = {}

    def place(number: int, tried: set[int]) -> bool:
        for user in seats[number].users:
            if user in tried:
                continue
            tried.add(user)
            if user not in taken or place(taken[user], tried):
                taken[user] = number
                return True
        return False

    return sum(place(number, set()) for number in range(len(seats))) >= quorum
