"""Who gets in, and with what: passwords, second factors, links, deactivated users."""

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from handsel.ground.document.models import Mail
from handsel.ground.identity import actions
from handsel.ground.identity.models import User
from handsel.site.sign_in import make_sign_in_link
from tests.support.signed_in import session_of
from tests.support.world import PASSWORD, World, make_world

pytestmark = pytest.mark.django_db
LOGIN = "/sign-in/login/"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def rep(world: World, settings: Any) -> User:
    """A sales rep with a password; nobody is slowed down by others' tries."""
    settings.ACCOUNT_RATE_LIMITS = False
    user = world.users["sales_rep"]
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(email: str, password: str = PASSWORD) -> tuple[Client, Any]:
    """Post the form; the client and the answer."""
    client = Client()
    return client, client.post(LOGIN, {"login": email, "password": password})


def is_in(client: Client) -> bool:
    """Whether the first page opens."""
    return client.get("/").status_code == 200


def test_the_right_password_opens_the_first_page(rep: User) -> None:
    client, answer = sign_in(rep.email.upper())
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)


@pytest.mark.parametrize("email", ["sales_rep@halden.example", "nobody@halden.example"])
def test_wrong_password_and_unknown_address_are_told_the_same(rep: User, email: str) -> None:
    client, answer = sign_in(email, "not the password")
    assert answer.status_code == 200
    assert "not correct" in answer.content.decode()
    assert not is_in(client)


def test_a_deactivated_user_is_told_so_and_stays_outside(world: World, rep: User) -> None:
    client, _ = sign_in(rep.email)
    actions.deactivate_user(actor=world.system, now=world.now, user_id=rep.pk)
    assert not is_in(client), "an open session ends too"
    again, answer = sign_in(rep.email)
    assert answer["Location"] == "/sign-in/inactive/"
    assert not is_in(again)
    assert "no longer sign in" in again.get(answer["Location"]).content.decode()


def test_a_user_without_password_cannot_sign_in(world: World, rep: User) -> None:
    client, answer = sign_in(world.users["accountant"].email, "")
    assert answer.status_code == 200
    assert not is_in(client)


def test_after_five_wrong_tries_even_the_right_password_waits(world: World) -> None:
    user = world.users["order_desk"]
    user.set_password(PASSWORD)
    user.save()
    for _ in range(5):
        sign_in(user.email, "wrong password")
    client, answer = sign_in(user.email)
    assert answer.status_code in (200, 429)
    assert not is_in(client)


def test_second_factor_is_asked_for_and_half_signed_in_is_not_in(rep: User) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(rep, secret)
    client, answer = sign_in(rep.email)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    page = client.get(answer["Location"])
    assert page.status_code == 200
    wrong = client.post(answer["Location"], {"code": "000000"})
    assert wrong.status_code == 200
    assert not is_in(client)
    code = totp.format_hotp_value(
        totp.hotp_value(secret, totp.yield_hotp_counters_from_time().__next__())
    )
    right = client.post(answer["Location"], {"code": code})
    assert right["Location"] == "/"
    assert is_in(client)


def test_switching_the_second_factor_on_asks_for_the_password_and_gives_recovery_codes(
    rep: User,
) -> None:
    client, _ = sign_in(rep.email)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert client.get(asked["Location"]).status_code == 200
    client.post(asked["Location"], {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200
    secret = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page.content.decode())
    assert secret is not None
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret[1], counter))
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer.status_code == 302
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert codes.status_code == 200
    assert len(re.findall(r"\b[0-9a-f]{8}\b", codes.content.decode())) >= 10
    assert client.get(reverse("mfa_index")).status_code == 200


@pytest.mark.parametrize(
    "name", ["account_change_password", "mfa_index", "mfa_list_webauthn", "account_logout"]
)
def test_pages_about_oneself_wear_our_frame(rep: User, name: str) -> None:
    answer = session_of(rep).get(reverse(name))
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert b'class="main"' in answer.content


@pytest.mark.parametrize(
    "address", ["/sign-in/signup/", "/sign-in/email/", "/sign-in/password/set/"]
)
def test_what_a_company_does_not_offer_is_not_there(rep: User, address: str) -> None:
    assert session_of(rep).get(address).status_code == 404
    assert Client().post(address, {"email": "me@elsewhere.example"}).status_code == 404


def test_a_reset_mail_goes_through_the_outbox_with_our_own_address(
    rep: User, settings: Any
) -> None:
    settings.PUBLIC_BASE_URL = "https://handsel.halden.example"
    Client().post("/sign-in/password/reset/", {"email": rep.email}, headers={"host": "localhost"})
    mail = Mail.objects.get(to=[rep.email])
    assert mail.seller_id is None, "nobody else may read it"
    link = re.search(r"https?://\S+", mail.body_text)
    assert link is not None
    assert link[0].startswith("https://handsel.halden.example/sign-in/password/reset/key/")


def test_the_link_of_an_administrator_lets_a_new_user_choose_a_password(
    world: World, rep: User
) -> None:
    newcomer = actions.create_user(
        actor=world.system,
        now=world.now,
        email="new@halden.example",
        name="New One",
        password=None,
        roles=["sales_rep"],
    )
    made = make_sign_in_link(actor=world.actor("administrator"), now=world.now, user=newcomer)
    client = Client()
    first = client.get(made.url.removeprefix("http://localhost:8000"))
    chosen = client.post(first["Location"], {"password1": PASSWORD, "password2": PASSWORD})
    assert chosen.status_code == 302
    assert is_in(sign_in("new@halden.example")[0])
    stale = Client().get(made.url.removeprefix("http://localhost:8000"))
    assert stale.status_code == 200, "the link works once"


def test_a_reset_for_an_unknown_address_answers_the_same(rep: User) -> None:
    answers = [
        Client().post("/sign-in/password/reset/", {"email": email})
        for email in (rep.email, "nobody@halden.example")
    ]
    assert {answer["Location"] for answer in answers} == {"/sign-in/password/reset/done/"}


def test_a_user_of_no_legal_entity_gets_in_and_sees_nothing(world: World, rep: User) -> None:
    from handsel.ground.party import actions as party

    party.remove_seller_member(
        actor=world.system, now=world.now, seller_id=world.seller.pk, user_id=rep.pk
    )
    answer = session_of(rep).get("/")
    assert answer.status_code == 200
    assert "work for no legal entity" in answer.content.decode()
    assert session_of(rep).get("/lead/").status_code == 200
