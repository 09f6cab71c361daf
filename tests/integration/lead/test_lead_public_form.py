"""The public form: embeddable, once for a press of the button, and no use to a machine."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client

from handsel.attract.lead import queries
from handsel.attract.lead.models import CaptureCount, CaptureForm, Lead
from handsel.attract.lead.web.public import BEGUN
from handsel.ground.document.models import Mail
from tests.support.lead import make_form
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db

TYPED = {
    "person_name": "Mara Vogel",
    "email": "mara@vogel-druck.example",
    "interest": "Belt conveyor",
    "message": "How soon?",
}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def form(world: World) -> CaptureForm:
    return make_form(
        world,
        source="website",
        interest_choices=["Belt conveyor", "Spare parts"],
        consent_text="You may write to me about news.",
        frame_ancestors=["https://www.halden.example"],
        owner_id=world.users["sales_rep"].pk,
    )


def begun(seconds_ago: int) -> str:
    return signing.dumps(int(datetime.now(UTC).timestamp()) - seconds_ago, salt=BEGUN)


def send(client: Client, key: str = "k-1", **typed: str) -> HttpResponse:
    body = {**TYPED, "idempotency_key": key, "begun": begun(60), **typed}
    return client.post("/form/contact/", body)  # type: ignore[return-value]


def test_the_form_may_be_embedded_where_it_says_and_keeps_where_one_came_from(
    client: Client, form: CaptureForm
) -> None:
    answer = client.get(
        "/form/contact/?utm_source=newsletter&utm_campaign=spring&gclid=abc",
        headers={"referer": "https://search.example/?q=conveyor"},
    )
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self' https://www.halden.example")
    assert "X-Frame-Options" not in answer.headers
    text = answer.content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
    assert hidden["source"] == "newsletter"
    assert hidden["click_id"] == "gclid:abc"
    assert hidden["referrer"] == "https://search.example/?q=conveyor"
    assert len({hidden["idempotency_key"], hidden["begun"], ""}) == 3


def test_an_inquiry_is_kept_acknowledged_and_thanked_for(client: Client, form: CaptureForm) -> None:
    answer = send(client, consent="1", source="newsletter", campaign="spring")
    lead = Lead.objects.get()
    assert (lead.channel, lead.source, lead.form_id) == ("form", "newsletter", form.pk)
    assert (lead.owner_id, lead.interest) == (form.owner_id, "Belt conveyor")
    assert (lead.consent_text, lead.consented_at) == (form.consent_text, lead.captured_at)
    touch = queries.first_touch(lead)
    assert touch is not None
    assert touch.campaign == "spring"
    assert answer.status_code == 303
    thanks = client.get(answer.headers["Location"])
    assert lead.number in thanks.content.decode()
    mail = Mail.objects.get()
    assert (mail.to, mail.by_user_id) == ([TYPED["email"]], None)
    assert lead.number in mail.body_text


def test_consent_is_not_kept_unless_it_was_given(client: Client, form: CaptureForm) -> None:
    send(client)
    lead = Lead.objects.get()
    assert (lead.consent_text, lead.consented_at) == ("", None)


def test_sent_twice_it_is_one_inquiry_and_typed_anew_another_one(
    client: Client, form: CaptureForm
) -> None:
    first, again = send(client), send(client)
    assert Lead.objects.count() == 1
    assert Mail.objects.count() == 1
    numbers = [_number(answer) for answer in (first, again)]
    assert numbers[0] == numbers[1]
    send(client, message="And one more thing")
    assert Lead.objects.count() == 2


def _number(answer: HttpResponse) -> str:
    (token,) = parse_qs(urlsplit(answer.headers["Location"]).query)["t"]
    return str(signing.loads(token, salt="lead.form.done")["number"])


def test_what_is_wrong_is_said_by_the_field_and_nothing_typed_is_lost(
    client: Client, form: CaptureForm
) -> None:
    answer = send(client, email="mara at vogel", message="Do not lose this")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Please enter: an address such as name@company.com" in text
    assert "Do not lose this" in text
    assert not Lead.objects.exists()


def test_nobody_types_that_fast(client: Client, form: CaptureForm) -> None:
    for mark in (begun(0), "", "forged"):
        answer = send(client, begun=mark)
        assert answer.status_code == 422
        assert TYPED["message"] in answer.content.decode()
    assert not Lead.objects.exists()


def test_a_field_nobody_sees_gives_a_machine_away_but_nothing_is_thrown_away(
    client: Client, form: CaptureForm, world: World
) -> None:
    answer = send(client, website="https://spam.example")
    assert answer.status_code == 303
    lead = Lead.objects.get()
    assert (lead.state, lead.excluded_from_response) == ("disqualified", "spam")
    assert lead not in queries.unanswered(queries.leads(world.system))
    assert not Mail.objects.exists()


def test_one_address_cannot_flood_us(client: Client, form: CaptureForm) -> None:
    answers = [send(client, key=f"k-{n}", message=f"No. {n}").status_code for n in range(12)]
    assert answers == [303] * 10 + [429] * 2
    assert Lead.objects.count() == 10
    assert CaptureCount.objects.get().used == 10
    body = {**TYPED, "idempotency_key": "other", "begun": begun(60)}
    other = client.post("/form/contact/", body, REMOTE_ADDR="198.51.100.7")
    assert other.status_code == 303


def test_counts_are_forgotten(client: Client, form: CaptureForm) -> None:
    from handsel.attract.lead import actions

    send(client)
    row = CaptureCount.objects.get()
    assert b"127.0.0.1" not in bytes(row.address_hash)
    assert actions.forget_counts(now=row.hour_at + timedelta(days=1)) == 0
    assert actions.forget_counts(now=row.hour_at + timedelta(days=3)) == 1


def test_a_form_that_is_off_or_unknown_is_not_there(
    client: Client, form: CaptureForm, world: World
) -> None:
    assert client.get("/form/nope/").status_code == 404
    CaptureForm.objects.update(is_active=False)
    assert client.get("/form/contact/").status_code == 404
    assert send(client).status_code == 404


def test_a_number_is_told_to_who_was_given_it_only(client: Client, form: CaptureForm) -> None:
    send(client)
    text = client.get("/form/contact/thanks/?t=forged").content.decode()
    assert Lead.objects.get().number not in text
    assert "Thank you" in text


def test_a_german_form_is_acknowledged_in_german(client: Client, form: CaptureForm) -> None:
    CaptureForm.objects.update(language="de")
    send(client)
    assert Lead.objects.get().language == "de"
    assert Mail.objects.get().body_text.startswith("Guten Tag Mara Vogel")
