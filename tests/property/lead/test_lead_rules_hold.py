"""What holds for every lead, however odd."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handsel.attract.lead.errors import InquiryInvalid
from handsel.attract.lead.rules.file_rows import FIELDS, Reading, RowReader
from handsel.attract.lead.rules.identity import (
    COMPANY_ALIKE,
    company_similarity,
    similar_companies,
)
from handsel.attract.lead.rules.inquiry import LIMITS, inquiry, origin
from handsel.attract.lead.rules.qualification import DIMENSIONS, verdict
from handsel.attract.lead.rules.response import Contact, response, stops_clock
from handsel.ground.kernel.errors import Invalid

ASKED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = ASKED + timedelta(days=30)

contacts = st.builds(
    Contact,
    occurred_at=st.integers(0, 30 * 24 * 60).map(lambda m: ASKED + timedelta(minutes=m)),
    direction=st.sampled_from(["in", "out"]),
    channel=st.sampled_from(["mail", "call", "chat", "visit", "form"]),
    is_by_person=st.booleans(),
    reached=st.booleans(),
    user_id=st.none() | st.just(1),
)


@given(st.lists(contacts, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_writing_down_does_not_matter(
    known: list[Contact], chance: random.Random
) -> None:
    shuffled = chance.sample(known, len(known))
    first, second = (response(ASKED, one, now=NOW) for one in (known, shuffled))
    assert (first.answered_at, first.attempts) == (second.answered_at, second.attempts)


@given(st.lists(contacts, max_size=12))
def test_what_stops_no_clock_changes_no_answer(known: list[Contact]) -> None:
    answering = [contact for contact in known if stops_clock(contact)]
    assert (
        response(ASKED, known, now=NOW).answered_at
        == response(ASKED, answering, now=NOW).answered_at
    )


@given(st.lists(contacts, max_size=12), contacts)
def test_one_more_contact_never_makes_the_answer_later(
    known: list[Contact], one_more: Contact
) -> None:
    before = response(ASKED, known, now=NOW).answered_at
    after = response(ASKED, [*known, one_more], now=NOW).answered_at
    assert before is None or (after is not None and after <= before)


@given(st.dictionaries(st.sampled_from([*LIMITS]), st.text(max_size=300)))
def test_an_inquiry_is_bounded_storable_and_stays_the_same_when_read_again(
    values: dict[str, str],
) -> None:
    try:
        found = inquiry(values, need_contact=False)
    except InquiryInvalid as refused:
        assert refused.fields
        return
    said = {name: getattr(found, name) for name in LIMITS}
    for name, text in said.items():
        assert len(text) <= LIMITS[name]
        assert "\x00" not in text
        text.encode()
    assert inquiry(said, need_contact=False) == found


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=400)))
def test_an_origin_is_never_refused_and_always_bounded(values: dict[str, str]) -> None:
    origin(values)


@given(st.lists(st.text(max_size=60), min_size=len(FIELDS), max_size=len(FIELDS)))
def test_a_row_is_read_or_refused_with_a_reason(cells: list[str]) -> None:
    reader = RowReader([*FIELDS], {name: name for name in FIELDS}, Reading(zone="Europe/Berlin"))
    try:
        found = reader.read(cells, now=NOW)
    except Invalid as refused:
        assert str(refused)
    else:
        assert found.external_id


@given(st.text(max_size=40), st.text(max_size=40))
def test_similarity_has_no_direction(one: str, other: str) -> None:
    assert company_similarity(one, other) == company_similarity(other, one)


@given(st.dictionaries(st.sampled_from(DIMENSIONS), st.integers(0, 3)))
def test_a_better_grade_never_makes_a_verdict_worse(grades: dict[str, int]) -> None:
    order = ["not_qualified", "open", "doubtful", "qualified"]
    before = order.index(verdict(grades).state)
    for name, grade in grades.items():
        better = {**grades, name: min(3, grade + 1)}
        assert order.index(verdict(better).state) >= before


company_names = st.lists(
    st.lists(
        st.sampled_from(["Brandt", "Brand", "Müller", "Muller", "Söhne", "& Co.", "GmbH", "Vogel"]),
        max_size=3,
    ).map(" ".join),
    max_size=8,
)


@given(company_names, company_names)
def test_comparing_many_companies_says_what_comparing_two_says(
    names: list[str], known: list[str]
) -> None:
    one_by_one = {
        (left, right, company_similarity(name, other))
        for left, name in enumerate(names)
        for right, other in enumerate(known)
        if company_similarity(name, other) >= COMPANY_ALIKE
    }
    assert set(similar_companies(names, known)) == one_by_one
