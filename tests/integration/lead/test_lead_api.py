"""Leads over the JSON API."""

from __future__ import annotations

import json

import pytest

from handsel.attract.lead.jobs import import_file
from handsel.attract.lead.models import Lead
from handsel.ground.document.models import Mail
from tests.support.calls import Api, api_of
from tests.support.lead import make_lead
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def api(world: World) -> Api:
    return api_of(world, "sales_rep")


WHO = {"person_name": "Mara Vogel", "email": "mara@vogel.example", "source": "shop"}


def test_a_lead_is_captured_once_for_a_key_and_once_for_an_id(api: Api) -> None:
    status, first = api.post("/lead/", key="key-00001", **WHO)
    assert (status, first["is_new"], first["lead"]["number"]) == (201, True, "L-2026-00001")
    assert api.post("/lead/", key="key-00001", **WHO) == (201, first)
    status, problem = api.post("/lead/", key="key-00001", **{**WHO, "source": "other"})
    assert (status, problem["code"]) == (422, "idempotency_key_reused")
    known = {"external_source": "shop", "external_id": "4711"}
    assert api.post("/lead/", **WHO, **known)[1]["is_new"]
    assert not api.post("/lead/", **WHO, **known)[1]["is_new"]
    assert Lead.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"person_name": "Mara"}, "email"),
        ({**WHO, "email": "mara"}, "email"),
        ({**WHO, "country": "Germany"}, "country"),
        ({**WHO, "asked_at": "2126-01-01T00:00:00Z"}, "asked_at"),
        ({**WHO, "owner_id": 10**12}, "owner_id"),
        ({**WHO, "owner_id": -1}, "owner_id"),
        ({**WHO, "shoe_size": 42}, "shoe_size"),
        ({**WHO, "channel": "import"}, "channel"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_field(
    api: Api, body: dict[str, object], field: str
) -> None:
    status, problem = api.post("/lead/", **body)
    assert status == 422
    assert any(name.endswith(field) for name in problem["fields"])
    assert not Lead.objects.exists()


def test_the_whole_way_of_a_lead(api: Api, world: World) -> None:
    _, made = api.post("/lead/", **{**WHO, "email": "kim@brandt.example"})
    here = f"/lead/{made['lead']['id']}"
    status, sent = api.post(f"{here}/reply", subject="Re", body="Gladly")
    assert (status, sent["direction"], sent["is_by_person"]) == (201, "out", True)
    assert Mail.objects.get().to == ["kim@brandt.example"]
    api.post(f"{here}/contacts", direction="out", channel="call", reached=False)
    for name in ("interest", "purchasing_power", "fit", "timing"):
        status, record = api.post(
            f"{here}/findings", dimension=name, grade=3, evidence="said on the phone"
        )
    assert (status, record["lead"]["state"], record["verdict"]["points"]) == (201, "qualified", 12)
    assert (record["response"]["state"], record["response"]["attempts"]) == ("answered", 1)
    (person,) = [one for one in record["recognitions"] if one["kind"] == "email"]
    _, decided = api.post(f"{here}/recognitions/{person['id']}", state="same")
    assert decided["state"] == "same"
    _, record = api.get(here)
    assert record["lead"]["person_id"] == world.buyer.pk
    assert api.post(f"{here}/assign", owner_id=world.users["sales_rep"].pk)[0] == 200
    assert api.post(f"{here}/disqualify", reason="mood")[0] == 422
    assert api.post(f"{here}/disqualify", reason="competitor")[1]["state"] == "disqualified"
    assert api.post(f"{here}/findings", dimension="fit", grade=1, evidence="x")[0] == 409
    assert api.post(f"{here}/reopen")[1]["state"] == "working"


def test_pages_by_cursor_never_overlap(api: Api, world: World) -> None:
    made = [make_lead(world, email=f"p{n}@x.example").pk for n in range(7)]
    seen: list[int] = []
    cursor = ""
    while True:
        _, page = api.get("/lead/", limit=3, cursor=cursor)
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == sorted(made, reverse=True)
    assert api.get("/lead/", cursor="nonsense")[0] == 422
    assert api.get("/lead/", cursor="2026-01-01T00:00:00Z_" + "9" * 40)[0] == 422
    assert api.get("/lead/", limit=0)[0] == 422
    assert api.get("/lead/", q="\x00")[0] == 422


def test_filters(api: Api, world: World) -> None:
    make_lead(world, source="fair")
    make_lead(world, person_name="Ole Hansen")
    assert len(api.get("/lead/", source="fair")[1]["rows"]) == 1
    assert len(api.get("/lead/", q="hansen", waiting="true")[1]["rows"]) == 1


def test_forms(api: Api, world: World) -> None:
    new = json.dumps({"key": "fair", "title": "Fair", "interest_choices": ["Belt"]})
    answer = api.raw("/lead/forms", new)
    made = json.loads(answer.content)
    assert (answer.status_code, made["is_active"]) == (201, True)
    here = f"/lead/forms/{made['id']}"
    owner = world.users["sales_rep"].pk
    _, changed = api.post(here, is_active=False, owner_id=owner, frame_ancestors=None)
    assert (changed["is_active"], changed["owner_id"], changed["title"]) == (False, owner, "Fair")
    assert api.post(here, owner_id=None)[1]["owner_id"] is None
    assert api.post(here, frame_ancestors=["javascript:alert(1)"])[0] == 422
    assert api.raw("/lead/forms", new).status_code == 422
    assert [one["key"] for one in api.get("/lead/forms")[1]] == ["fair"]


def test_a_file_is_previewed_and_imported(world: World) -> None:
    api = api_of(world, "sales_manager")
    content = "id,e-mail\n1,a@b.example\n2,nope\n"
    status, seen = api.post("/lead/imports/preview", content=content, source="fair")
    assert (status, seen["total"], seen["mapping"]["e-mail"]) == (200, 2, "email")
    assert [row["outcome"] for row in seen["rows"]] == ["add", "refuse"]
    status, begun = api.post("/lead/imports", content=content, source="fair")
    assert (status, begun["state"]) == (202, "waiting")
    import_file(import_id=begun["id"], seller_id=world.seller.pk)
    _, done = api.get(f"/lead/imports/{begun['id']}")
    assert (done["state"], done["added"], done["refused"]) == ("done", 1, 1)
    _, refused = api.get(f"/lead/imports/{begun['id']}/refused")
    assert refused[0]["row_number"] == 3
    assert api.post("/lead/imports", content="\n\n", source="fair")[0] == 422


def test_who_may_not_is_refused_and_foreign_is_missing(world: World) -> None:
    lead = make_lead(world)
    rep = api_of(world, "sales_rep")
    assert api_of(world, "production").get(f"/lead/{lead.pk}")[0] == 403
    assert rep.post("/lead/imports", content="a\n1\n", source="x")[0] == 403
    assert rep.get("/lead/999999999")[0] == 404
    assert rep.get(f"/lead/{10**30}")[0] == 422
    assert Api("hsl_wrong").get("/lead/")[0] == 401
    assert rep.raw("/lead/", b'{"email": NaN}').status_code == 400
    assert rep.raw("/lead/", b"[]").status_code == 422
