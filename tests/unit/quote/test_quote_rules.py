"""Terms, identities of lines, who looks human, and how a single discount is shown."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from handsel.bid.price.rules.waterfall import Row, Stage
from handsel.bid.quote.errors import BadQuote
from handsel.bid.quote.rules.content import plain
from handsel.bid.quote.rules.discounts import single_discount_bps
from handsel.bid.quote.rules.line_keys import line_key, serial_of
from handsel.bid.quote.rules.states import LIVE, QUOTE, VERSION
from handsel.bid.quote.rules.terms import Terms, check_terms, first_instant_after
from handsel.bid.quote.rules.visitors import looks_human
from handsel.ground.kernel.grammar import parse_decimal

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"


def test_line_keys_are_uuids_that_sort_as_lines_were_added() -> None:
    keys = [line_key(42, serial) for serial in (1, 2, 10, 1_000)]
    assert keys == sorted(keys)
    assert [serial_of(key) for key in keys] == [1, 2, 10, 1_000]
    assert all(key.version == 8 and key.variant == UUID(int=1 << 63).variant for key in keys)
    assert line_key(42, 1) != line_key(43, 1)


@pytest.mark.parametrize(("quote_id", "serial"), [(0, 1), (1, 0), (1 << 48, 1)])
def test_line_keys_of_nothing_are_refused(quote_id: int, serial: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        line_key(quote_id, serial)


def test_an_offer_ends_with_the_sellers_day() -> None:
    day = date(2026, 3, 28)  # the night on which Berlin changes to summer time follows
    assert first_instant_after(day, "Europe/Berlin") == datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    day = date(2026, 3, 29)
    assert first_instant_after(day, "Europe/Berlin") == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert first_instant_after(day, "Pacific/Auckland") == datetime(2026, 3, 29, 11, tzinfo=UTC)


def test_good_terms_pass_and_wrong_ones_name_their_fields() -> None:
    day = date(2026, 4, 1)
    check_terms(Terms(valid_until=day, billing_method="shares", billing_shares=(3000, 6000, 1000)))
    wrong = Terms(
        valid_until=day, billing_method="on_order", billing_shares=(10_000,), payment_days=400
    )
    with pytest.raises(BadQuote) as refusal:
        check_terms(wrong)
    assert set(refusal.value.fields) == {"billing_shares", "payment_days"}


@pytest.mark.parametrize(
    ("method", "agent", "purpose", "expected"),
    [
        ("GET", PHONE, "", True),
        ("HEAD", PHONE, "", False),
        ("GET", PHONE, "prefetch;prerender", False),
        ("GET", "Mozilla/5.0 (compatible; Googlebot/2.1)", "", False),
        ("GET", "WhatsApp/2.23", "", False),
        ("GET", "Mozilla/5.0 (Windows NT 10.0) ms-office; MSOutlook 16", "", False),
        ("GET", "curl/8.5", "", False),
        ("GET", "", "", False),
    ],
)
def test_programs_that_look_at_links_are_not_readers(
    method: str, agent: str, purpose: str, expected: bool
) -> None:
    assert looks_human(method=method, user_agent=agent, purpose=purpose) is expected


def test_a_percentage_is_shown_where_it_is_the_only_step() -> None:
    base, tax = Row(Stage.BASE, "", 100_00), Row(Stage.TAX, "", 17_10, bps=1900)
    tier = Row(Stage.TIER, "", -10_00, bps=1000)
    assert single_discount_bps([base, tier, tax]) == 1000
    assert single_discount_bps([base, tier, Row(Stage.HEADER, "", -1_00), tax]) is None
    assert single_discount_bps([base, Row(Stage.TIER, "", 10_00, bps=-1000)]) is None


def test_plain_numbers() -> None:
    shown = [plain(parse_decimal(text)) for text in ("2.500000", "100", "0.000001", "10.0")]
    assert shown == ["2.5", "100", "0.000001", "10"]


def test_states_lead_only_to_states_there_are() -> None:
    for table in (QUOTE, VERSION):
        assert {target for targets in table.values() for target in targets} <= set(table)
    assert set(LIVE) < set(VERSION)
    assert not QUOTE["accepted"]
    assert not VERSION["accepted"]
