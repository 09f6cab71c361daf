"""Pages of leads: what they show, what they refuse, to whom."""

from __future__ import annotations

import csv
import io
import json
from uuid import uuid4

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from handsel.attract.lead import actions, queries
from handsel.attract.lead.models import CaptureForm, Lead, LeadImport, Recognition
from tests.support.lead import make_form, make_lead
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def rep(client: Client, world: World) -> Client:
    client.force_login(world.users["sales_rep"])
    return client


def post(client: Client, address: str, **values: object) -> object:
    return client.post(address, {"idempotency_key": str(uuid4()), **values})  # type: ignore[arg-type]


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


def test_the_list_shows_the_clock_and_filters_by_its_address(rep: Client, world: World) -> None:
    waiting, done = make_lead(world), make_lead(world, person_name="Ole Hansen", source="fair")
    actions.reply(
        actor=world.actor("sales_rep"), now=world.now, lead_id=done.pk, subject="Hi", body="Yes"
    )
    page = text(rep, "/lead/")
    assert "waiting for" in page
    assert "answered in under a minute" in page
    assert done.number not in text(rep, "/lead/?waiting=1")
    assert waiting.number not in text(rep, "/lead/?source=fair")
    assert waiting.number in text(rep, "/lead/?source=-&state=open&owner=none")
    assert waiting.number in text(rep, "/lead/?q=vogel")
    assert waiting.number not in text(rep, "/lead/?q=hansen")
    assert waiting.number in text(rep, f"/lead/?q={waiting.number}")


@pytest.mark.parametrize(
    "query", ["state=nope", "owner=1e9", "owner=" + "9" * 30, "sort=password", "from=-1", "q=%00"]
)
def test_odd_filters_find_nothing_and_break_nothing(rep: Client, world: World, query: str) -> None:
    make_lead(world)
    text(rep, f"/lead/?{query}")


def test_pages_of_fifty(rep: Client, world: World) -> None:
    for n in range(52):
        make_lead(world, email=f"p{n}@x.example")
    first, second = text(rep, "/lead/"), text(rep, "/lead/?from=50")
    assert "1–50" in first
    assert "from=50" in first
    assert "51–52" in second
    assert "L-2026-00001" in second


def test_the_export_holds_no_formula(rep: Client, world: World) -> None:
    make_lead(world, person_name="=cmd()", company_name="Vogel")
    answer = rep.get("/lead/export.csv")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(body, newline=""))
    assert (row["person_name"], row["company_name"]) == ("'=cmd()", "Vogel")


def test_the_record_leads_on(rep: Client, world: World) -> None:
    lead = make_lead(world, email="kim@brandt.example", interest="Belt", message="<b>Hi</b>")
    page = text(rep, f"/lead/{lead.pk}/")
    assert "&lt;b&gt;Hi&lt;/b&gt;" in page
    assert "Kim Brandt has the same mail address" in page
    assert f"/opportunity/convert/{lead.pk}/" in page
    assert "data-main-action" in page


def test_answering_from_the_page_happens_once(rep: Client, world: World) -> None:
    lead = make_lead(world)
    body = {"idempotency_key": "one", "subject": "Re", "body": "Yes"}
    for _ in range(2):
        answer = rep.post(f"/lead/{lead.pk}/reply/", body, headers={"HX-Request": "true"})
        assert answer.status_code == 204
        assert answer.headers["HX-Redirect"] == f"/lead/{lead.pk}/"
    assert queries.interactions(lead).filter(direction="out").count() == 1


def test_a_refusal_comes_back_as_a_message_beside_what_was_typed(rep: Client, world: World) -> None:
    lead = make_lead(world)
    answer = rep.post(
        f"/lead/{lead.pk}/reply/",
        {"idempotency_key": "one", "subject": "Re", "body": " "},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#messages"
    assert "what you want to say" in answer.content.decode()


def test_every_command_of_the_page(rep: Client, world: World) -> None:
    lead = make_lead(world, email="kim@brandt.example")
    (domain,) = Recognition.objects.filter(lead=lead, kind="domain")
    here = f"/lead/{lead.pk}"
    post(rep, f"{here}/contact/", channel="call", how="out:missed", occurred_at="2026-03-02T10:30")
    post(rep, f"{here}/qualify/", dimension="fit", grade="2", evidence="Standard belt")
    post(rep, f"{here}/assign/", owner_id=world.users["sales_rep"].pk)
    post(rep, f"{here}/who/{domain.pk}/", state="same")
    lead.refresh_from_db()
    assert lead.owner_id == world.users["sales_rep"].pk
    assert lead.organization_id == world.customer.pk
    assert queries.response_of(lead, now=world.now).attempts == 1
    page = text(rep, f"{here}/")
    assert "Standard belt" in page
    assert "Likely" in page
    assert "Reason" in text(rep, f"{here}/disqualify/")
    post(rep, f"{here}/disqualify/", reason="no_budget", note="next year")
    assert "No budget" in text(rep, f"{here}/")
    post(rep, f"{here}/reopen/")
    lead.refresh_from_db()
    assert lead.state == "working"


def test_questions_are_dialogs_for_a_script_and_pages_without(rep: Client, world: World) -> None:
    lead = make_lead(world)
    for verb in ("disqualify", "assign"):
        address = f"/lead/{lead.pk}/{verb}/"
        assert "<html" in text(rep, address)
        part = rep.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "<dialog" in part
        assert "<html" not in part


def test_many_at_once(rep: Client, world: World) -> None:
    leads = [make_lead(world, email=f"p{n}@x.example") for n in range(3)]
    post(rep, "/lead/take/", ids=[lead.pk for lead in leads[:2]])
    post(rep, "/lead/spam/", ids=[lead.pk for lead in leads[1:]])
    found = {lead.pk: lead for lead in Lead.objects.all()}
    assert [found[lead.pk].state for lead in leads] == ["new", "disqualified", "disqualified"]
    assert [found[lead.pk].owner_id is not None for lead in leads] == [True, True, False]
    foreign = post(rep, "/lead/spam/", ids=[leads[0].pk, 10**9])
    assert foreign.status_code == 404  # type: ignore[attr-defined]
    leads[0].refresh_from_db()
    assert leads[0].state == "new"


def test_a_call_written_down_by_hand(rep: Client, world: World) -> None:
    assert "How did they ask?" in text(rep, "/lead/new/")
    post(rep, "/lead/new/", channel="call", person_name="Ole", phone="+49 30 1234567")
    lead = Lead.objects.get()
    assert (lead.channel, lead.state, lead.owner_id) == (
        "call",
        "working",
        world.users["sales_rep"].pk,
    )
    assert queries.response_of(lead, now=lead.captured_at).state == "live"


def test_forms_are_made_and_changed(rep: Client, world: World) -> None:
    post(
        rep,
        "/lead/forms/new/",
        key="fair",
        title="Fair",
        frame_ancestors="https://www.halden.example\n",
        interest_choices="Belt\nSpares\n",
        is_active="on",
    )
    form = CaptureForm.objects.get()
    assert (form.frame_ancestors, form.interest_choices) == (
        ["https://www.halden.example"],
        ["Belt", "Spares"],
    )
    post(rep, f"/lead/forms/{form.pk}/", title="Fair 2026", language="de")
    form.refresh_from_db()
    assert (form.title, form.language, form.is_active, form.key) == (
        "Fair 2026",
        "de",
        False,
        "fair",
    )
    assert "Fair 2026" in text(rep, "/lead/forms/")
    page = text(rep, f"/lead/forms/{form.pk}/")
    assert "&lt;iframe src=" in page
    answer = post(rep, "/lead/forms/new/", key="fair", title="Again")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    answer = post(rep, "/lead/forms/new/", key="x", title="X", frame_ancestors="javascript:1")
    assert answer.status_code == 422  # type: ignore[attr-defined]


FILE = "Kennung;Datum;E-Mail;Irgendwas\n1;05.01.2026;a@b.example;x\n2;soon;c@d.example;y\n"


def test_a_file_is_mapped_looked_at_and_imported_by_a_worker(client: Client, world: World) -> None:
    client.force_login(world.users["sales_manager"])
    sent = io.BytesIO(FILE.encode())
    sent.name = "messe.csv"
    answer = post(client, "/lead/imports/upload/", file=sent, source="fair", date_order="dmy")
    row = LeadImport.objects.get()
    look = f"/lead/imports/{row.pk}/columns/"
    assert answer.headers["Location"] == look  # type: ignore[attr-defined]
    page = text(client, look)
    assert "is not a date" in page
    assert not Lead.objects.exists()
    narrow = text(client, f"{look}?map-E-Mail=email&map-Irgendwas=message")
    assert "is not a date" not in narrow
    post(
        client,
        f"/lead/imports/{row.pk}/start/",
        **{"map-Kennung": "external_id", "map-E-Mail": "email"},
    )
    job = ProcrastinateJob.objects.get(task_name="lead.import_file")
    assert job.args == {"import_id": row.pk, "seller_id": world.seller.pk}
    _work(job)
    assert Lead.objects.count() == 2
    page = text(client, f"/lead/imports/{row.pk}/")
    assert "2 added, 0 known, 0 refused" in page
    assert "messe.csv" in text(client, "/lead/imports/")


def _work(job: ProcrastinateJob) -> None:
    from handsel.attract.lead import jobs

    jobs.import_file(**(job.args if isinstance(job.args, dict) else json.loads(job.args)))


def test_an_import_that_broke_off_is_shown_and_goes_on(client: Client, world: World) -> None:
    from handsel.attract.lead import jobs
    from handsel.ground.kernel.errors import NotFound

    client.force_login(world.users["sales_manager"])
    row = actions.start_import(
        actor=world.actor("sales_manager"),
        now=world.now,
        seller_id=world.seller.pk,
        content=FILE.encode(),
        file_name="messe.csv",
        source_name="fair",
        options={"date_order": "dmy"},
    )
    row.options = {**row.options, "zone": "Europe/Nowhere"}
    row.save()
    with pytest.raises(Exception, match="Nowhere"):
        jobs.import_file(import_id=row.pk, seller_id=world.seller.pk)
    with pytest.raises(NotFound):
        jobs.import_file(import_id=row.pk, seller_id=world.foreign_seller.pk)
    row.options["zone"] = "Europe/Berlin"
    row.save()
    row.task.refresh_from_db()
    assert row.task.state == "failed"
    assert "Go on" in text(client, f"/lead/imports/{row.pk}/")
    post(client, f"/lead/imports/{row.pk}/resume/")
    _work(ProcrastinateJob.objects.get(task_name="lead.import_file"))
    assert Lead.objects.count() == 1


def test_refused_rows_as_a_file(client: Client, world: World) -> None:
    client.force_login(world.users["sales_manager"])
    row = actions.start_import(
        actor=world.actor("sales_manager"),
        now=world.now,
        seller_id=world.seller.pk,
        content=FILE.encode(),
        file_name="messe.csv",
        source_name="fair",
        options={"date_order": "dmy"},
    )
    actions.run_import(actor=world.system, now=world.now, import_id=row.pk)
    answer = client.get(f"/lead/imports/{row.pk}/refused.csv")
    assert "3,“soon” is not a date" in answer.content.decode()
    assert "attachment" in answer.headers["Content-Disposition"]


def test_what_is_no_list_is_refused_before_anything_is_kept(client: Client, world: World) -> None:
    client.force_login(world.users["sales_manager"])
    sent = io.BytesIO(b"PK\x03\x04\x00\x00")
    sent.name = "list.xlsx"
    answer = post(client, "/lead/imports/upload/", file=sent, source="fair")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert not LeadImport.objects.exists()


ADDRESSES = ["", "new/", "forms/", "imports/", "export.csv", "{lead}/", "forms/{form}/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_sign_in_first_and_other_roles_are_refused(
    client: Client, world: World, address: str
) -> None:
    lead, form = make_lead(world), make_form(world)
    place = "/lead/" + address.format(lead=lead.pk, form=form.pk)
    assert client.get(place).status_code == 302
    client.force_login(world.users["production"])
    assert client.get(place).status_code == 403


def test_another_house_sees_nothing(client: Client, world: World) -> None:
    from handsel.ground.party.models import SellerMember

    lead, form = make_lead(world), make_form(world)
    user = world.users["sales_rep"]
    SellerMember.objects.filter(user=user).update(seller=world.foreign_seller)
    client.force_login(user)
    assert client.get(f"/lead/{lead.pk}/").status_code == 404
    assert client.get(f"/lead/forms/{form.pk}/").status_code == 404
    assert post(client, f"/lead/{lead.pk}/disqualify/", reason="spam").status_code == 404  # type: ignore[attr-defined]
    assert lead.number not in client.get("/lead/").content.decode()
