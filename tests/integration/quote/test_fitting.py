"""Lines of a quote that do not fit together: told, kept from going out, mended."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from handsel.bid.configure import actions as configure
from handsel.bid.configure.queries.fitting import mends_of
from handsel.bid.configure.queries.fitting_told import models_of, told, told_mend
from handsel.bid.quote.actions import (
    Mending,
    NewLine,
    Signature,
    accept_for_buyer,
    mend_quote,
    present_quote,
    require_choice_fits,
    require_fitting,
    set_line,
)
from handsel.bid.quote.errors import DoesNotFit
from handsel.bid.quote.models import Quote, QuoteVersion
from handsel.bid.quote.queries import get_quote, get_version, lines_of
from handsel.bid.quote.queries.fitting import fitting_of
from handsel.ground.platform.models import BusinessEvent
from tests.support.fitting import (
    BELT,
    LAWS,
    Belts,
    configured,
    line_of,
    make_belts,
    publish_laws,
    quoted,
)
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def belts(world: World) -> Belts:
    return make_belts(world)


def found(world: World, version: QuoteVersion, language: str = "en") -> list[dict[str, Any]]:
    """Broken laws with their repairs, as told."""
    rep = world.actor("sales_rep")
    version = get_version(rep, version.quote_id)
    version.quote = get_quote(rep, version.quote_id)
    fit = fitting_of(version, now=world.now)
    answers = []
    for one in fit.found:
        mends = mends_of(fit, one)
        models = models_of(fit, mends)
        said = told(fit, one, language)
        answers.append(said | {"mends": [told_mend(fit, m, models, language) for m in mends]})
    return answers


def two_belts(world: World, belts: Belts, first: str, second: str) -> QuoteVersion:
    """A slower belt behind a faster one."""
    lines = [line_of(configured(world, belts.belt, speed=one)) for one in (first, second)]
    return quoted(world, lines)


def test_without_laws_nothing_is_found_for_one_query(
    world: World, belts: Belts, django_assert_num_queries: Any
) -> None:
    version = two_belts(world, belts, "30", "20")
    version.quote = get_quote(world.actor("sales_rep"), version.quote_id)
    with django_assert_num_queries(1):
        assert fitting_of(version, now=world.now).found == ()


def test_a_slower_belt_behind_is_told_with_its_reason_and_repairs(
    world: World, belts: Belts
) -> None:
    publish_laws(world)
    version = two_belts(world, belts, "30", "20")
    (one,) = found(world, version)
    assert (one["law"], one["forbids"], one["sentence"]) == (
        "L1",
        True,
        "The next belt is at least as fast.",
    )
    assert [line["place"] for line in one["lines"]] == [1, 2]
    assert [(b["line"]["place"], b["text"]) for b in one["because"]] == [
        (1, "Speed: 30 m/min"),
        (2, "Speed: 20 m/min"),
    ]
    assert {(m["line"]["place"], m["wish"], m["before"]) for m in one["mends"]} == {
        (1, "Speed: 20 m/min", "30 m/min"),
        (2, "Speed: 30 m/min", "20 m/min"),
    }
    (german,) = found(world, version, "de")
    assert german["laws"] == "Gurte zusammen"
    assert german["because"][0]["text"] == "Tempo: 30 m/min"


def test_presenting_is_refused_with_the_reasons_and_nothing_is_lost(
    world: World, belts: Belts
) -> None:
    publish_laws(world)
    version = two_belts(world, belts, "30", "20")
    before = [(one.key, one.configuration_id) for one in lines_of(version.pk)]
    with translation.override("en"), pytest.raises(DoesNotFit) as refused:
        present_quote(actor=world.actor("sales_rep"), now=world.now, quote_id=version.quote_id)
    assert "lines 1, 2 – The next belt is at least as fast" in str(refused.value)
    assert refused.value.facts["laws"] == ["L1"]
    assert Quote.objects.get(pk=version.quote_id).state == "draft"
    assert [(one.key, one.configuration_id) for one in lines_of(version.pk)] == before
    with translation.override("de"), pytest.raises(DoesNotFit, match="mindestens so schnell"):
        present_quote(actor=world.actor("sales_rep"), now=world.now, quote_id=version.quote_id)


@pytest.mark.parametrize("index", [0, 1])
def test_each_repair_that_is_offered_works(world: World, belts: Belts, index: int) -> None:
    publish_laws(world)
    rep = world.actor("sales_rep")
    version = two_belts(world, belts, "30", "20")
    (one,) = found(world, version)
    chosen = one["mends"][index]
    changed = mend_quote(
        actor=rep,
        now=world.now,
        quote_id=version.quote_id,
        mending=Mending(
            kind=chosen["kind"],
            line_key=next(
                line.key for line in lines_of(version.pk) if str(line.key) == chosen["line"]["key"]
            ),
            variable=chosen["variable"],
            value=chosen["value"],
            give_up=chosen["give_up"],
        ),
    )
    assert found(world, changed) == []
    (mended,) = BusinessEvent.objects.filter(type="quote.version.mended")
    assert mended.payload["change"] == f"Belt: speed = {chosen['value']}"
    presented = present_quote(actor=rep, now=world.now, quote_id=version.quote_id, mail=False)
    assert presented.version.state == "presented"


def test_what_a_repair_takes_with_it_is_told(world: World, belts: Belts) -> None:
    publish_laws(world)
    first = line_of(configured(world, belts.belt, speed="45"))
    second = line_of(configured(world, belts.belt, speed="30", drive="fixed"))
    (one,) = found(world, quoted(world, [first, second]))
    by_place = {mend["line"]["place"]: mend for mend in one["mends"]}
    assert by_place[1]["also"] == [{"title": "Drive", "before": "Controlled", "after": "Fixed"}]
    assert (by_place[2]["wish"], by_place[2]["gives_up"]) == ("Speed: 45 m/min", ["Drive"])
    assert one["mends"][0]["line"]["place"] == 1  # it gives up nothing that was chosen


def test_pieces_are_counted_and_may_be_added(world: World, belts: Belts) -> None:
    publish_laws(world)
    rep = world.actor("sales_rep")
    wall = line_of(configured(world, belts.belt, wall="true"))
    version = quoted(world, [wall])
    (one,) = found(world, version)
    (mend,) = [mend for mend in one["mends"] if mend["kind"] == "add"]
    assert (mend["sku"], mend["quantity"]) == ("BRACKET", "2")
    mended = Mending(kind="add", sku="BRACKET", quantity=Decimal(2))
    mend_quote(actor=rep, now=world.now, quote_id=version.quote_id, mending=mended)
    assert found(world, version) == []
    bracket = lines_of(version.pk)[1]
    set_line(
        actor=rep,
        now=world.now,
        quote_id=version.quote_id,
        line_key=bracket.key,
        quantity=Decimal("1.5"),
    )
    (one,) = found(world, version)
    assert [m["quantity"] for m in one["mends"] if m["kind"] == "quantity"] == ["2.5"]
    assert {"line": None, "variable": "brackets", "text": "Brackets: 1"} in one["because"]


def test_advice_is_told_and_lets_the_offer_out(world: World, belts: Belts) -> None:
    publish_laws(world)
    version = quoted(world, [line_of(configured(world, belts.care, level="full"))])
    (one,) = found(world, version)
    assert (one["law"], one["forbids"], one["is_advice"]) == ("A1", False, True)
    rep = world.actor("sales_rep")
    present_quote(actor=rep, now=world.now, quote_id=version.quote_id, mail=False)
    (said,) = BusinessEvent.objects.filter(type="quote.version.advised")
    assert (said.payload["laws"], said.payload["advice"]) == (
        ["A1"],
        "Full care likes a spare bracket.",
    )


def test_an_option_nobody_chose_forbids_nothing_and_is_told(world: World, belts: Belts) -> None:
    publish_laws(world)
    first = line_of(configured(world, belts.belt, speed="30"))
    slow = line_of(configured(world, belts.belt, speed="20"), is_optional=True)
    version = quoted(world, [first, slow])
    (one,) = found(world, version)
    assert (one["forbids"], one["option"]["place"]) == (False, 2)
    assert one["mends"] == []
    set_line(
        actor=world.actor("sales_rep"),
        now=world.now,
        quote_id=version.quote_id,
        line_key=lines_of(version.pk)[1].key,
        is_chosen=True,
    )
    (one,) = found(world, version)
    assert one["forbids"]


def test_laws_of_another_day_version_or_house_do_not_speak(world: World, belts: Belts) -> None:
    version = two_belts(world, belts, "30", "20")
    dated = LAWS.replace("law L1:", "law L1 from 2027-01-01:").partition("golden")[0]
    laws = publish_laws(world, dated)
    assert found(world, version) == []
    for no, source in ((2, LAWS), (3, LAWS.replace("next.speed >=", "next.speed + 10 >="))):
        given = {"actor": world.system, "now": world.now, "model_id": laws.pk}
        configure.draft_version(**given)
        configure.revise_source(version_no=no, source=source, **given)
        outcome = configure.test_version(version_no=no, **given)
        if no == 2:
            assert outcome.examined.may_be_published, outcome.examined.report
            configure.publish_version(version_no=no, **given)
            assert len(found(world, version)) == 1
    configure.roll_back(actor=world.system, now=world.now, model_id=laws.pk, to_no=1)
    assert found(world, version) == []


def test_plain_lines_cost_nothing_but_to_be_left_out(world: World, belts: Belts) -> None:
    publish_laws(world)
    other = NewLine(product_id=belts.products["OTHER"], quantity=Decimal(3))
    assert found(world, quoted(world, [other, other])) == []


def test_a_buyer_cannot_choose_what_does_not_fit(world: World, belts: Belts) -> None:
    publish_laws(world)
    first = line_of(configured(world, belts.belt, speed="30"))
    options = [
        line_of(configured(world, belts.belt, speed=one), is_optional=True) for one in ("20", "30")
    ]
    version = quoted(world, [first, *options])
    rep = world.actor("sales_rep")
    present_quote(actor=rep, now=world.now, quote_id=version.quote_id, mail=False)
    _, slow, fast = lines_of(version.pk)
    version.quote = get_quote(rep, version.quote_id)
    version.quote.language = "de"
    require_choice_fits(version, None, now=world.now)
    require_choice_fits(version, {fast.key}, now=world.now)
    with pytest.raises(DoesNotFit, match="mindestens so schnell"):
        require_choice_fits(version, {slow.key}, now=world.now)
    signature = Signature(name="Ada Buyer", email="ada@buyer.example", evidence="by telephone")
    clerk = world.actor("sales_manager")
    given = {"actor": clerk, "now": world.now, "quote_id": version.quote_id}
    with pytest.raises(DoesNotFit):
        accept_for_buyer(chosen={slow.key}, signature=signature, **given)
    assert Quote.objects.get(pk=version.quote_id).state == "presented"
    accept_for_buyer(chosen={fast.key}, signature=signature, **given)
    assert Quote.objects.get(pk=version.quote_id).state == "accepted"


def test_laws_published_since_do_not_take_an_offer_back(world: World, belts: Belts) -> None:
    version = two_belts(world, belts, "30", "20")
    rep = world.actor("sales_rep")
    present_quote(actor=rep, now=world.now, quote_id=version.quote_id, mail=False)
    publish_laws(world)
    accept_for_buyer(
        actor=world.actor("sales_manager"),
        now=world.now,
        quote_id=version.quote_id,
        chosen=set(),
        signature=Signature(name="Ada", email="ada@buyer.example", evidence="by telephone"),
    )
    assert Quote.objects.get(pk=version.quote_id).state == "accepted"


def test_what_must_be_configured_is_no_line_to_add(world: World, belts: Belts) -> None:
    laws = """model care_too "Care too"
line belt of "belt"
total care of "CARE" 0..5 "Agreements"
law C1: belt.wall -> care.quantity >= 1
  "A belt on the wall needs care."
"""
    publish_laws(world, laws)
    (one,) = found(world, quoted(world, [line_of(configured(world, belts.belt, wall="true"))]))
    (add,) = [mend for mend in one["mends"] if mend["kind"] == "add"]
    assert (add["sku"], add["is_configured"]) == ("CARE", True)


def test_laws_that_cannot_be_read_any_more_are_told_and_the_others_speak(
    world: World, belts: Belts
) -> None:
    publish_laws(world)
    publish_laws(
        world,
        """model walls "Walls"
line belt of "belt"
law W1: not belt.wall
  "Nothing hangs on walls."
""",
        "walls",
    )
    given = {"actor": world.system, "now": world.now, "model_id": belts.belt.pk}
    configure.draft_version(**given)
    configure.revise_source(version_no=2, source=BELT.replace("speed", "pace"), **given)
    configure.test_version(version_no=2, **given)
    configure.publish_version(version_no=2, despite_laws=True, **given)
    version = quoted(world, [line_of(configured(world, belts.belt, wall="true"))])
    version.quote = get_quote(world.actor("sales_rep"), version.quote_id)
    fit = fitting_of(version, now=world.now)
    assert fit.unread
    assert [one.misfit.law.key for one in fit.found] == ["W1"]
    (mend,) = mends_of(fit, fit.found[0])
    assert mend.wish is not None
    assert (mend.wish.variable, mend.wish.value) == ("wall", False)
    with pytest.raises(DoesNotFit, match="nobody knows whether its lines fit together"):
        require_fitting(version, now=world.now)
