"""Who will be asked, in which order and why: one function for the preview and the real run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from handsel.bid.quote.errors import BadCondition
from handsel.bid.quote.rules.approval.envelope import NOTHING, Envelope
from handsel.bid.quote.rules.approval.evaluate import Finding, Findings, Offer
from handsel.bid.quote.rules.approval.facts import QuoteFacts, json_value
from handsel.bid.quote.rules.approval.grammar import Condition
from handsel.bid.quote.rules.approval.people import (
    Circumstance,
    People,
    Seat,
    Spec,
    can_fill,
    parse_spec,
    seats_of,
)
from handsel.ground.kernel.names import texts_of, translated
from handsel.ground.kernel.said import said

MOST_STEPS: Final = 10
MOST_APPROVERS: Final = 20
MOST_HOURS: Final = 1_000
MOST_TOLD: Final = 20
_TEXTS: Final = "rule_name_texts"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a rule's chain: a group asked at once. `quorum` 0 means all of them.

    After `hours` of working time (0: never) the deputy `otherwise`, else the superiors, are asked
    as well. With `signed_in` the link in the mail shows, but only who signed in answers.
    """

    approvers: tuple[Spec, ...]
    quorum: int = 0
    hours: int = 0
    otherwise: Spec | None = None
    signed_in: bool = False

    @property
    def print(self) -> str:
        """Who is asked, as text: asks with the same print are one."""
        whom = [spec.as_data() for spec in self.approvers]
        return json.dumps([whom, self.quorum], separators=(",", ":"))

    def as_data(self) -> dict[str, Any]:
        """As it is kept; `parse_steps` reads it back."""
        kept: dict[str, Any] = {"approvers": [spec.as_data() for spec in self.approvers]}
        if self.quorum:
            kept["quorum"] = self.quorum
        if self.hours:
            kept["hours"] = self.hours
        if self.otherwise is not None:
            kept["otherwise"] = self.otherwise.as_data()
        if self.signed_in:
            kept["signed_in"] = True
        return kept


def parse_steps(data: Any) -> tuple[Step, ...]:
    """Read a chain; raises BadCondition naming the place."""
    if not isinstance(data, list) or not 1 <= len(data) <= MOST_STEPS:
        raise BadCondition(
            said("steps: expected 1 to %(most_steps)s steps.", most_steps=MOST_STEPS),
            fields={"steps": "steps"},
        )
    return tuple(_step(one, f"steps[{number}]") for number, one in enumerate(data))


def _step(data: Any, place: str) -> Step:
    known = {"approvers", "quorum", "hours", "otherwise", "signed_in"}
    if not isinstance(data, dict) or data.keys() - known:
        raise BadCondition(
            said(
                "%(place)s: expected %(listed)s and nothing else.",
                place=place,
                listed=", ".join(sorted(known)),
            )
        )
    whom = data.get("approvers")
    if not isinstance(whom, list) or not 1 <= len(whom) <= MOST_APPROVERS:
        raise BadCondition(
            said(
                "%(place)s.approvers: expected 1 to %(most_approvers)s of them.",
                place=place,
                most_approvers=MOST_APPROVERS,
            )
        )
    specs = tuple(parse_spec(one, f"{place}.approvers[{n}]") for n, one in enumerate(whom))
    has_team = any(spec.kind == "team" for spec in specs)
    quorum = _whole(data.get("quorum", 0), f"{place}.quorum", 1_000 if has_team else len(specs))
    hours = _whole(data.get("hours", 0), f"{place}.hours", MOST_HOURS)
    deputy = data.get("otherwise")
    otherwise = None if deputy is None else parse_spec(deputy, f"{place}.otherwise")
    signed_in = data.get("signed_in", False)
    if not isinstance(signed_in, bool):
        raise BadCondition(said("%(place)s.signed_in: expected true or false.", place=place))
    return Step(specs, quorum, hours, otherwise, signed_in)


def _whole(value: Any, place: str, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise BadCondition(
            said("%(place)s: expected a whole number from 0 to %(most)s.", place=place, most=most)
        )
    return value


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in the version that holds now; `key` is the same through its versions."""

    rule_id: int
    key: str
    version_no: int
    name: str
    condition: Condition
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is asked: which rule's step, and the limits that were broken."""

    rule_id: int
    rule_key: str
    rule_version: int
    rule_name: str
    step_print: str
    found: Findings

    def as_json(self) -> dict[str, Any]:
        """The reason as it is kept with a request."""
        kept: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        if texts_of(self.rule_name):
            kept |= {"rule_name": str(self.rule_name), _TEXTS: dict(texts_of(self.rule_name))}
        return {**kept, "found": [one.as_json() for one in worst_of(self.found)]}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Reason:
        """The reason from what was kept."""
        found = tuple(Finding.from_json(one) for one in kept["found"])
        facts = {name: value for name, value in kept.items() if name != _TEXTS}
        return cls(**facts | {"found": found, "rule_name": name_of_rule(kept)})


def name_of_rule(kept: Mapping[str, Any]) -> str:
    """What the rule is called in a reason that was kept."""
    return translated(kept["rule_name"], kept.get(_TEXTS, {}))


def worst_of(found: Findings) -> Findings:
    """Of every limit that was broken the worst cases, at most MOST_TOLD; all that differ where
    nothing is better or worse. What is left out changes nothing about what is approved."""
    by_print: dict[str, dict[Any, Finding]] = {}
    for one in found:
        place = one.line_key if one.worse or one.because else str(json_value(one.value))
        by_print.setdefault(one.print, {}).setdefault(place, one)
    told: list[Finding] = []
    for cases in map(_with_all_reasons, by_print.values()):
        ranked = sorted(cases.values(), key=_badness, reverse=True)
        told += ranked[:MOST_TOLD] if ranked[0].worse else ranked
    return tuple(told)


def _with_all_reasons(cases: dict[Any, Finding]) -> dict[Any, Finding]:
    """Of lines that are meant one by one the worst MOST_TOLD; the first stands for all of them."""
    up = sorted((one for one in cases.values() if one.because), key=_badness, reverse=True)
    if not up:
        return cases
    because = tuple(sorted({reason for one in up for reason in one.because}))
    told = [replace(up[0], because=because), *up[1:MOST_TOLD]]
    return {one.line_key: one for one in told} | {
        place: one for place, one in cases.items() if not one.because
    }


def _badness(one: Finding) -> Decimal:
    return Decimal(str(json_value(one.value))) * one.worse if one.worse else Decimal(0)


@dataclass(frozen=True, slots=True)
class PlannedAsk:
    """One question: to whom, in which stage, how many must say yes, and why."""

    stage: int
    step: Step
    seats: tuple[Seat, ...]
    quorum: int
    reasons: tuple[Reason, ...]

    @property
    def print(self) -> str:
        """Who is asked, as text."""
        return self.step.print

    @property
    def is_answerable(self) -> bool:
        """Whether enough different people can answer."""
        return self.quorum > 0 and can_fill(self.seats, self.quorum)

    def usual_hours(self, people: People) -> Decimal | None:
        """Working hours after which enough answers usually are there; None when nobody knows."""
        medians = []
        for seat in self.seats:
            known = [people.usual_hours[u] for u in seat.users if u in people.usual_hours]
            if known:
                medians.append(min(known))
        return sorted(medians)[self.quorum - 1] if 0 < self.quorum <= len(medians) else None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that will be asked, and what need not be because it was approved already."""

    asks: tuple[PlannedAsk, ...] = ()
    kept: tuple[Reason, ...] = ()

    @property
    def needs_nobody(self) -> bool:
        """Whether the offer may go out as it is."""
        return not self.asks

    @property
    def unanswerable(self) -> tuple[PlannedAsk, ...]:
        """Questions nobody could answer."""
        return tuple(ask for ask in self.asks if not ask.is_answerable)

    def usual_hours(self, people: People) -> Decimal | None:
        """Working hours from asking to the last answer: the slowest of every stage, summed."""
        total = Decimal(0)
        for stage in sorted({ask.stage for ask in self.asks}):
            hours = [ask.usual_hours(people) for ask in self.asks if ask.stage == stage]
            known = [one for one in hours if one is not None]
            if len(known) < len(hours):
                return None
            total += max(known)
        return total


def make_plan(
    facts: QuoteFacts,
    rules: Iterable[Rule],
    people: People,
    asked: Circumstance,
    envelope: Envelope = NOTHING,
) -> Plan:
    """Who must be asked for an offer in this state.

    Steps of the same place in their chains are asked at once. Whoever several rules ask is asked
    once, with all reasons, in the last of his stages. Limits inside the envelope ask nobody.
    """
    wanted: dict[str, tuple[int, Step, list[Reason]]] = {}
    kept: list[Reason] = []
    offer = Offer(facts)
    for rule in rules:
        found = offer.findings(rule.condition)
        if found is None:
            continue
        for place, step in enumerate(rule.steps, 1):
            reason = Reason(rule.rule_id, rule.key, rule.version_no, rule.name, step.print, found)
            if envelope.covers(rule.key, step.print, found):
                kept.append(reason)
                continue
            stage, first, reasons = wanted.get(step.print, (place, step, []))
            wanted[step.print] = (max(stage, place), _stricter(first, step), [*reasons, reason])
    return Plan(_numbered(list(wanted.values()), people, asked), tuple(kept))


def _stricter(one: Step, other: Step) -> Step:
    """Of two steps that ask the same people, the one whose time runs out first; with signing in
    where one of them wants it."""
    sooner = min(one, other, key=lambda step: step.hours or MOST_HOURS + 1)
    return replace(sooner, signed_in=one.signed_in or other.signed_in)


def _numbered(
    wanted: Sequence[tuple[int, Step, list[Reason]]], people: People, asked: Circumstance
) -> tuple[PlannedAsk, ...]:
    places = sorted({stage for stage, _step_, _reasons in wanted})
    asks = [
        planned(places.index(stage) + 1, step, tuple(reasons), people, asked)
        for stage, step, reasons in wanted
    ]
    return tuple(sorted(asks, key=lambda ask: (ask.stage, ask.print)))


def planned(
    stage: int,
    step: Step,
    reasons: tuple[Reason, ...],
    people: People,
    asked: Circumstance,
) -> PlannedAsk:
    """A question with the people who can answer it at that moment."""
    seats = tuple(
        replace(seat, key=f"{place}{seat.key}")
        for place, spec in enumerate(step.approvers)
        for seat in seats_of(spec, people, asked, step.otherwise)
    )
    return PlannedAsk(stage, step, seats, step.quorum or len(seats), reasons)
