"""Files of leads: preview, import, refusals, taking up again, and the real file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handsel.attract.lead import actions, queries
from handsel.attract.lead.errors import ImportEnded, MappingInvalid
from handsel.attract.lead.models import Lead, LeadImport, RefusedRow, Touch
from handsel.ground.platform import store
from handsel.ground.platform.models import BusinessEvent, NumberSeries
from tests.support.lead import make_lead, real_file
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

FILE = b"""id,Date,Name,E-mail,Company,Source,Extra
1,2026-01-05,Mara Vogel,mara@vogel.example,Vogel Druck,fair,x
2,2026-01-06,Kim Brandt,kim@brandt.example,Brandt,,x
3,2026-01-07,No Mail,not an address,,web,x
4,soon,Late Date,late@b.example,,web,x
5,2026-01-09,Same Again,same@b.example,,web,x
5,2026-01-09,Same Again,same@b.example,,web,x
6,2026-01-10,=1+1,formula@b.example,,web
"""


@pytest.fixture
def world() -> World:
    return make_world()


def start(world: World, content: bytes = FILE, source: str = "fair list", **more: object) -> int:
    found = actions.start_import(
        actor=world.actor("sales_manager"),
        now=world.now,
        seller_id=world.seller.pk,
        content=content,
        file_name="leads.csv",
        source_name=source,
        **more,  # type: ignore[arg-type]
    )
    return found.pk


def run(world: World, import_id: int, **more: object) -> LeadImport:
    return actions.run_import(
        actor=world.actor("sales_manager"),
        now=world.now,
        import_id=import_id,
        **more,  # type: ignore[arg-type]
    )


def test_a_preview_says_what_would_happen_and_writes_nothing(world: World) -> None:
    found = actions.preview_import(
        actor=world.system,
        now=world.now,
        seller_id=world.seller.pk,
        content=FILE,
        source_name="fair list",
    )
    assert found.mapping == {
        "id": "external_id",
        "Date": "asked_at",
        "Name": "person_name",
        "E-mail": "email",
        "Company": "company_name",
        "Source": "source",
    }
    assert (found.unmapped, found.total) == (["Extra"], 7)
    outcomes = [row.outcome for row in found.rows]
    assert outcomes == ["add", "add", "refuse", "refuse", "add", "add", "refuse"]
    assert found.rows[2].reason == "email: an address such as name@company.com"
    assert not Lead.objects.exists()


def test_rows_are_added_known_or_refused_with_a_file_of_reasons(world: World) -> None:
    done = run(world, start(world))
    assert actions.summary(done) == {
        "import_id": done.pk,
        "rows": 7,
        "added": 3,
        "known": 1,
        "refused": 3,
    }
    assert done.task.state == "done"
    assert done.task.refused_file is not None
    text = store.read(done.task.refused_file.pk).decode("utf-8-sig").splitlines()
    assert text[1].startswith("4,email: an address such as")
    assert text[2].startswith("5,“soon” is not a date")
    assert text[3].startswith("8,6 cells where the header has 7,") and "'=1+1" in text[3]


def test_imported_leads_are_whole_leads_that_asked_nothing_of_us(world: World) -> None:
    run(world, start(world))
    lead = Lead.objects.get(external_id="2")
    assert (lead.number, lead.channel, lead.source) == ("L-2026-00002", "import", "")
    assert lead.excluded_from_response == "imported"
    assert lead.asked_at == datetime(2026, 1, 5, 23, tzinfo=UTC)
    assert {row.kind for row in queries.recognitions(lead)} >= {"email", "domain"}
    assert Touch.objects.get(lead=lead).is_first
    captured = BusinessEvent.objects.filter(type="lead.lead.captured").order_by("pk")
    assert [event.occurred_at for event in captured][1] == lead.asked_at
    assert lead not in queries.unanswered(queries.leads(world.system))


def test_the_same_file_again_adds_nothing_and_other_captures_are_known(world: World) -> None:
    make_lead(
        world,
        around=actions.Circumstances(external_source="fair list", external_id="1"),
    )
    assert run(world, start(world)).added == 2
    again = run(world, start(world))
    assert (again.added, again.known, again.refused) == (0, 4, 3)
    assert Lead.objects.count() == 3
    assert NumberSeries.objects.get(kind="lead").last_number == 3


def test_another_source_may_use_the_same_ids(world: World) -> None:
    run(world, start(world))
    assert run(world, start(world, source="other list")).added == 3


class Killed(Exception):
    pass


@pytest.mark.parametrize("chunk", [1, 2, 3, 7])
def test_stopped_between_chunks_it_goes_on_where_it_stood(world: World, chunk: int) -> None:
    import_id = start(world)

    def die(done: int, total: int) -> None:
        raise Killed

    deaths = 0
    while True:
        try:
            done = run(world, import_id, chunk=chunk, progress=die)
            break
        except Killed:
            deaths += 1
            assert start(world) == import_id
    assert deaths == -(-7 // chunk)
    assert (done.added, done.known, done.refused) == (3, 1, 3)
    assert [row.row_number for row in RefusedRow.objects.order_by("pk")] == [4, 5, 8]
    numbers = Lead.objects.order_by("pk").values_list("number", flat=True)
    assert list(numbers) == ["L-2026-00001", "L-2026-00002", "L-2026-00003"]


def test_a_stopped_import_stays_stopped_and_a_finished_one_cannot_be(world: World) -> None:
    import_id = start(world)
    actions.stop_import(actor=world.system, now=world.now, import_id=import_id)
    with pytest.raises(ImportEnded):
        run(world, import_id)
    other = start(world)
    assert other != import_id
    run(world, other)
    with pytest.raises(ImportEnded):
        actions.stop_import(actor=world.system, now=world.now, import_id=other)


def test_a_mapping_is_checked_before_anything_is_kept(world: World) -> None:
    with pytest.raises(MappingInvalid):
        start(world, mapping={"Name": "shoe_size"})
    with pytest.raises(MappingInvalid):
        start(world, content=b"\x89PNG\r\n\x1a\n\x00\x00")
    with pytest.raises(MappingInvalid):
        start(world, options={"encoding": "rot13"})
    assert not LeadImport.objects.exists()


def test_another_house_does_not_see_it(world: World) -> None:
    from handsel.ground.kernel.errors import NotFound

    import_id = start(world)
    with pytest.raises(NotFound):
        actions.run_import(actor=world.stranger, now=world.now, import_id=import_id)


def test_the_real_file(world: World) -> None:
    content = real_file("olist_marketing_qualified_leads_dataset.csv")
    done = run(world, start(world, content=content, source="olist"))
    assert (done.added, done.known, done.refused) == (8000, 0, 0)
    assert queries.sources(world.system)[0] == ""
    assert Lead.objects.filter(source="").count() == 60
    january = Lead.objects.filter(
        asked_at__gte=datetime(2017, 12, 31, 23, tzinfo=UTC),
        asked_at__lt=datetime(2018, 1, 31, 23, tzinfo=UTC),
    )
    assert january.count() == 1141
    again = run(world, start(world, content=content, source="olist"))
    assert (again.added, again.known) == (0, 8000)
    assert NumberSeries.objects.get(kind="lead").last_number == 8000


def test_a_long_file_is_recognized_as_a_single_lead_is(world: World) -> None:
    """Many companies are compared at once, few by the index; both say the same."""
    head = b"id,Date,Name,E-mail,Company\n"
    rows = [f"{n},2026-01-05,Person {n},p{n}@c{n}.example,Company {n}" for n in range(30)]
    rows += ["a,2026-01-05,Ann,ann@x.example,BRANDT Lebensmittel AG"]
    rows += ["b,2026-01-05,Ann,ann@x.example,Lebensmittel Brandt"]
    before = make_lead(world, email="p3@c3.example")
    run(world, start(world, head + "\n".join(rows).encode()))
    found = {row.external_id: row for row in Lead.objects.filter(channel="import")}
    names = {one: queries.recognitions(found[one]) for one in ("a", "b", "3", "4")}
    kinds = {one: {row.kind for row in rows} for one, rows in names.items()}
    assert kinds == {
        "a": {"company_name"},
        "b": {"company_name", "earlier_lead"},
        "3": {"earlier_lead"},
        "4": set(),
    }
    alone = make_lead(world, email="ann@y.example", company_name="BRANDT Lebensmittel AG")
    (hint,) = queries.recognitions(alone)
    assert (hint.organization_id, hint.reason) == (names["a"][0].organization_id, "100")
    earlier = [row.other_lead_id for row in (*names["b"], *names["3"])]
    assert earlier.count(found["a"].pk) == 1 and earlier.count(before.pk) == 1
