"""The KPIs there are and what exactly each of them means. Sentences are English message ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


def gettext_noop(text: str) -> str:
    """Mark a sentence for translators; whoever shows it translates it."""
    return text


_ = gettext_noop


@dataclass(frozen=True, slots=True)
class Definition:
    """One KPI: its card. `filters` are the parameters its page and its exports take."""

    key: str
    title: str
    question: str
    formula: str
    population: str
    clock: str
    time_axis: str
    open_cases: str
    currency: str
    zone: str
    owner: str
    version: int
    filters: tuple[str, ...]


_NO_MONEY: Final = _("No money in it.")
_SELLERS_ZONE: Final = _("The zone of the seller who was asked.")
_MANAGER: Final = _("Sales manager")

KPIS: Final[tuple[Definition, ...]] = (
    Definition(
        key="lead_response",
        title=_("Lead response time"),
        question=_("How long does somebody who asks wait for a person to answer?"),
        formula=_(
            "Time from the customer's act to the first outbound contact by a person that reached "
            "him. Median and 90th percentile by Kaplan and Meier; share answered within the "
            "target over all leads older than the target."
        ),
        population=_(
            "Leads that asked for something. Spam, tests, duplicates and imported lists are left "
            "out and counted; conversations taken live count in coverage only."
        ),
        clock=_(
            "Calendar time. It starts with the customer's act, not with our record of it. "
            "Acknowledgements, unanswered dials and returned mails do not stop it; dials that "
            "nobody picked up are attempts."
        ),
        time_axis=_("By the moment the customer asked."),
        open_cases=_(
            "Leads not answered yet are censored, not dropped. Where fewer than half were "
            "answered the median is not reached."
        ),
        currency=_NO_MONEY,
        zone=_SELLERS_ZONE,
        owner=_MANAGER,
        version=1,
        filters=("from", "until", "source", "target"),
    ),
    Definition(
        key="lead_conversion",
        title=_("Lead conversion"),
        question=_("Which share of those who ask becomes a customer?"),
        formula=_(
            "Distinct leads of a month with a won deal within 30, 90 or 180 days, divided by the "
            "distinct leads of that month; with Wilson's 95 % interval."
        ),
        population=_(
            "Leads without spam, tests and duplicates. Leads of organizations that had bought "
            "before are expansion and counted apart. A lead without a source is a category."
        ),
        clock=_("Calendar days from the customer's act to the deal that was won."),
        time_axis=_(
            "Cohorts by the month of the customer's act. The same-period ratio (won in a month "
            "over asked in that month) stands beside it under its own name: it is no conversion."
        ),
        open_cases=_(
            "A cohort younger than the horizon shows a survival estimate with its interval, "
            "marked as such. A deal whose orders were all cancelled is not converted."
        ),
        currency=_NO_MONEY,
        zone=_SELLERS_ZONE,
        owner=_MANAGER,
        version=1,
        filters=("from", "until", "source", "as_of"),
    ),
    Definition(
        key="pipeline_value",
        title=_("Pipeline value"),
        question=_("What are our open deals worth, and how likely is it?"),
        formula=_(
            "Sum of the amounts of open deals; weighted: each times the probability of its stage."
        ),
        population=_("Deals open at the instant, rebuilt from the event log. Lost deals are 0."),
        clock=_("Point in time: what had happened by the end of the chosen day."),
        time_axis=_("By expected close; a date that has passed is a bucket of its own."),
        open_cases=_("All of them are open; deals without an expected close are shown apart."),
        currency=_("Amounts of two currencies are never added."),
        zone=_("The zone of the seller."),
        owner=_MANAGER,
        version=1,
        filters=("as_of", "currency"),
    ),
)


def definition(key: str) -> Definition | None:
    """A KPI by its key, or None."""
    return next((one for one in KPIS if one.key == key), None)
