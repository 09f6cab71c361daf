"""A fee that is a line comes to what it comes to beside the lines, for any document."""

from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handsel.bid.price.rules import terms
from handsel.bid.price.rules.context import LineFacts, PriceContext, RequestLine
from handsel.bid.price.rules.document import PricedDocument, recalled, settle
from handsel.bid.price.rules.engine import price
from handsel.bid.price.rules.exactness import ONE
from handsel.bid.price.rules.reprice import reprice, standing
from handsel.bid.price.rules.waterfall import Stage, gross_of, net_of
from tests.property.price.test_engine_invariants import (
    abouts,
    amounts,
    contexts,
    percents,
    requests,
)

FIRST = 100
fees = st.lists(
    st.one_of(
        st.builds(
            terms.Fee, rule=st.just("F"), tax_key=st.just("standard"), about=abouts, bps=percents
        ),
        st.builds(
            terms.Fee,
            rule=st.just("F"),
            tax_key=st.sampled_from(["standard", "reduced"]),
            about=abouts,
            amount=amounts,
        ),
    ),
    min_size=1,
    max_size=3,
)


def as_lines(found: list[terms.Fee]) -> list[RequestLine]:
    return [
        RequestLine(key, FIRST, "fee", "", fee.tax_key, ONE, facts=LineFacts(fee=fee))
        for key, fee in enumerate(found, FIRST)
    ]


def without(context: PriceContext) -> PriceContext:
    return replace(context, terms=replace(context.terms, fees=()))


def beside(context: PriceContext, found: list[terms.Fee]) -> PriceContext:
    return replace(context, terms=replace(context.terms, fees=tuple(found)))


def amounts_of(document: PricedDocument) -> tuple[object, ...]:
    rows = tuple(one for one in document.taxes if one.base_minor or one.tax_minor)
    return document.net_minor, document.tax_minor, document.header_minor, rows


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(contexts(), requests(), fees, st.randoms(use_true_random=False))
def test_as_a_line_a_fee_is_what_it_is_beside_the_lines(
    context: PriceContext, lines: list[RequestLine], found: list[terms.Fee], random: Random
) -> None:
    aside = price(beside(context, found), lines)
    mixed = [*lines, *as_lines(found)]
    random.shuffle(mixed)
    within = price(without(context), mixed)
    assert amounts_of(within) == amounts_of(aside)
    charged = [line for line in within.lines if line.is_fee]
    assert sum(line.own_minor for line in charged) == sum(fee.net_minor for fee in aside.fees) or (
        context.policy.prices_include_tax
    )
    for line in charged:
        assert line.rows[0].stage is Stage.FEE
        assert not any(row.stage is Stage.HEADER for row in line.rows)
        assert (net_of(line.rows), gross_of(line.rows)) == (line.net_minor, line.gross_minor)
    others = {line.key: line.own_minor for line in within.lines if not line.is_fee}
    assert others == {line.key: line.own_minor for line in aside.lines}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(contexts(), requests(), fees, st.randoms(use_true_random=False))
def test_an_edit_charges_fees_as_all_of_it_would(
    context: PriceContext, lines: list[RequestLine], found: list[terms.Fee], random: Random
) -> None:
    context = without(context)
    charged = as_lines(found)
    previous = price(context, [*lines, *charged])
    groups = {line.key: line.product_group for line in lines}
    touched = {line.key for line in lines if random.random() < 0.3}
    touched |= {line.key for line in previous.lines if line.is_derived or line.is_fee}
    after = [
        replace(line, quantity=line.quantity + 1) if line.key in touched else line for line in lines
    ]
    change = reprice(
        context,
        [standing(one, groups[one.key]) for one in previous.lines if one.key not in touched],
        [line for line in [*after, *charged] if line.key in touched],
    )
    if change is None:
        return
    whole = price(context, [*after, *charged])
    assert change.document.net_minor == whole.net_minor
    assert change.document.taxes == whole.taxes
    known = {line.key: line for line in whole.lines}
    assert all(known[key] == line for key, line in change.lines.items())


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(contexts(), requests(), fees)
def test_kept_lines_charge_their_fees_again(
    context: PriceContext, lines: list[RequestLine], found: list[terms.Fee]
) -> None:
    found = [replace(fee, about=terms.EVERYTHING) for fee in found]
    plain = replace(without(context), policy=replace(context.policy, prices_include_tax=False))
    document = price(plain, [*lines, *as_lines(found)])
    kept = []
    for line in document.lines:
        one = recalled(
            line.rows,
            key=line.key,
            product_id=line.product_id,
            quantity=line.quantity,
            list_price=line.list_price,
            tax=line.tax,
            counts=line.counts,
            currency=plain.currency,
        )
        one.takes_header, one.facts = line.takes_header, line.facts
        kept.append(one)
    again = settle(
        kept,
        currency=plain.currency,
        header_bps=plain.header_bps,
        rounding=plain.rounding,
        policy=plain.policy,
    )
    assert [line.net_minor for line in again.lines] == [line.net_minor for line in document.lines]
    assert again.taxes == document.taxes
