"""Models of other programs: UVL, table JSON and DIMACS into a draft, a version out as UVL."""

from __future__ import annotations

import base64
import gzip
import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from handsel.bid.configure import actions
from handsel.bid.configure.actions.importing import text_of_files
from handsel.bid.configure.models import ModelVersion
from handsel.bid.configure.queries.engines import model_of
from handsel.bid.configure.rules.count import count_variants
from handsel.bid.configure.rules.encode import encode
from handsel.bid.configure.rules.formats.uvl import parse_uvl
from handsel.bid.configure.rules.language import LanguageFault
from handsel.bid.configure.rules.model import ProductModel
from handsel.bid.configure.rules.session import Configurator
from handsel.ground.identity import actions as identity
from tests.support.configure import LAMP, publish_model
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

UVL = """features
    Sandwich
        mandatory
            Bread
        optional
            Sauce
                alternative
                    Ketchup
                    Mustard
            Cheese
constraints
    Ketchup => Cheese
"""
DIMACS = "c 1 frame\nc 2 bell\nc 3 light\np cnf 3 2\n1 0\n-2 3 0\n"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def draft(world: World) -> ModelVersion:
    modeller = world.actor("product_modeller")
    model = publish_model(modeller, world.now)
    return actions.draft_version(actor=modeller, now=world.now, model_id=model.pk)


@pytest.fixture
def client(world: World) -> Client:
    made = Client()
    user = world.users["product_modeller"]
    made.force_login(user, backend="handsel.site.signed_in.Backend")
    return made


def here(version: ModelVersion) -> str:
    return f"/configure/models/{version.model_id}/{version.version_no}/"


def products(model: ProductModel) -> int:
    return count_variants(Configurator.of(encode(model), model), ()).count


@pytest.mark.parametrize(
    ("name", "content", "count"),
    [("sandwich.uvl", UVL, 5), ("bike.dimacs", DIMACS, 3), ("lamp.model", LAMP, 40)],
)
def test_a_file_becomes_the_drafts_text(
    client: Client, draft: ModelVersion, name: str, content: str, count: int
) -> None:
    file = SimpleUploadedFile(name, content.encode())
    assert client.post(f"{here(draft)}import/", {"file": file}).status_code == 303
    draft.refresh_from_db()
    assert products(model_of(draft)) == count


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("sandwich.uvl", UVL.replace("Ketchup =>", "Ketchap =>").encode(), "sandwich.uvl:12:5"),
        ("bike.dimacs", b"p cnf 1 1\n2 0\n", "bike.dimacs, line 2"),
        ("table.json", b'{"variables": NaN}', "table.json"),
        ("lamp.docx", b"x", "tells no format"),
        ("lamp.uvl", b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_bad_file_is_told_and_the_draft_stays(
    client: Client, draft: ModelVersion, name: str, content: bytes, told: str
) -> None:
    refused = client.post(f"{here(draft)}import/", {"file": SimpleUploadedFile(name, content)})
    assert refused.status_code == 422
    assert told in refused.content.decode()
    draft.refresh_from_db()
    assert draft.source == LAMP


def test_a_version_is_written_as_uvl_and_read_again(client: Client, draft: ModelVersion) -> None:
    answer = client.get(f"{here(draft)}uvl/")
    assert answer.status_code == 200
    assert "lamp-2.uvl" in answer["Content-Disposition"]
    assert products(parse_uvl(answer.content.decode())) == products(model_of(draft)) == 40


def test_packed_files_are_unpacked_and_damaged_ones_told() -> None:
    content = b"c 1 blue\np cnf 2 1\n-1 -2 0\n"
    packed = gzip.compress(content)
    assert text_of_files([("m.dimacs.gz", packed)]) == text_of_files([("m.dimacs", content)])
    for damaged in (packed[:-9], b"\x1f\x8bgarbage"):
        with pytest.raises(LanguageFault, match="damaged"):
            text_of_files([("m.dimacs.gz", damaged)])


CART = b"imports\n parts.wheel as w\nfeatures\n Cart\n  mandatory\n   w.Wheel cardinality [2..3]\n"
WHEEL = b"features\n Wheel\n  optional\n   Brake\n"


def zipped(**files: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return into.getvalue()


def test_a_model_of_several_files_is_read(client: Client, draft: ModelVersion) -> None:
    alone = client.post(f"{here(draft)}import/", {"file": SimpleUploadedFile("cart.uvl", CART)})
    assert alone.status_code == 422
    assert "The file “parts/wheel.uvl” is missing." in alone.content.decode()
    page = client.get(f"{here(draft)}import/").content.decode()
    assert re.search(r'<input[^>]*type="file"[^>]* multiple', page)
    flat = [("cart.uvl", CART.replace(b"parts.", b"")), ("wheel.uvl", WHEEL)]
    content = zipped(**{"cart.uvl": CART, "parts/wheel.uvl": WHEEL})
    for files in (flat, [("cart.zip", content)]):
        given = [SimpleUploadedFile(name, file) for name, file in files]
        assert client.post(f"{here(draft)}import/", {"file": given}).status_code == 303
        draft.refresh_from_db()
        assert products(model_of(draft)) == 4 + 8


def test_the_api_reads_files(world: World, draft: ModelVersion) -> None:
    _, secret = identity.create_api_key(
        actor=world.actor("product_modeller"),
        now=world.now,
        user_id=world.users["product_modeller"].pk,
        label="program",
    )
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    def post(number: int, *files: tuple[str, bytes | str]) -> Any:
        told = [
            {"name": name, "content_base64": base64.b64encode(file).decode()}
            if isinstance(file, bytes)
            else {"name": name, "content_base64": file}
            for name, file in files
        ]
        path = f"/api/configure/models/{draft.model_id}/versions/{draft.version_no}/import"
        key = {"Idempotency-Key": f"import-number-{number}"}
        return client.post(path, {"files": told}, content_type="application/json", headers=key)

    missing = post(1, ("cart.uvl", CART))
    assert missing.status_code == 422
    assert "cart.uvl:2:2: The file “parts/wheel.uvl” is missing." in missing.json()["detail"]
    assert post(2, ("cart.uvl", "no base64!")).status_code == 422
    done = post(3, ("cart.uvl", CART), ("parts/wheel.uvl", WHEEL))
    assert done.status_code == 200, done.content
    draft.refresh_from_db()
    assert products(model_of(draft)) == 4 + 8
    assert "`w.Wheel[2].w.Brake`" in done.json()["source"]
