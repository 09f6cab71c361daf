"""Settings pages: who may, what changes, what is on record."""

from typing import Any

import pytest
from django.urls import reverse

from handsel.ground.document.models import Mail
from handsel.ground.identity import actions, queries
from handsel.ground.identity.errors import LastAdministrator
from handsel.ground.identity.models import Team, User
from handsel.ground.party import queries as party
from handsel.ground.platform import installation, log
from tests.support.race import race
from tests.support.signed_in import post, session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
PAGES = ("users", "user_new", "teams", "team_new", "sellers", "installation")


@pytest.fixture
def world() -> World:
    return make_world()


def admin(world: World) -> Any:
    """The administrator's browser."""
    return session_of(world.users["administrator"])


@pytest.mark.parametrize("name", PAGES)
def test_only_the_administrator_opens_the_settings(world: World, name: str) -> None:
    address = reverse(f"settings:{name}")
    assert admin(world).get(address).status_code == 200
    for role in ("sales_rep", "accountant", "order_desk"):
        assert session_of(world.users[role]).get(address).status_code == 403


@pytest.mark.parametrize("name", ["keys", "profile"])
def test_everybody_has_a_profile_and_keys(world: World, name: str) -> None:
    for user in world.users.values():
        assert session_of(user).get(reverse(f"settings:{name}")).status_code == 200


def test_a_new_user_with_roles_and_seat(world: World) -> None:
    answer = post(
        admin(world),
        "/settings/users/new/",
        email="Eva@Halden.Example",
        name="Eva",
        language="de",
        time_zone="Europe/Berlin",
        roles=["sales_rep", "sales_manager"],
        sellers=[str(world.seller.pk), str(world.foreign_seller.pk)],
    )
    user = User.objects.get(email="eva@halden.example")
    assert answer["Location"] == reverse("settings:user", args=[user.pk])
    assert queries.roles_of(user.pk) == ["sales_manager", "sales_rep"]
    seats = party.sellers_of_users([user.pk])[user.pk]
    assert seats == [world.seller.pk], "an administrator lets nobody in where he is not himself"
    assert not user.has_usable_password()
    assert [event.type for event in log.timeline(("user", user.pk))] == [
        "party.seat.given",
        "identity.user.added",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "sales_rep@halden.example"),
        ("time_zone", "Mars/Base"),
        ("name", " "),
        ("roles", ["emperor"]),
    ],
)
def test_what_cannot_be_right_is_told_and_nothing_is_kept(
    world: World, field: str, value: Any
) -> None:
    before = User.objects.count()
    fields = {
        "email": "eva@halden.example",
        "name": "Eva",
        "language": "en",
        "time_zone": "Europe/Berlin",
        "roles": ["sales_rep"],
        field: value,
    }
    answer = post(admin(world), "/settings/users/new/", **fields)
    assert answer.status_code in (200, 422)
    assert b"notice-bad" in answer.content
    assert User.objects.count() == before


def test_roles_and_seats_change_and_who_did_it_is_on_record(world: World) -> None:
    user = world.users["sales_rep"]
    answer = post(
        admin(world),
        f"/settings/users/{user.pk}/",
        name="Rep",
        language="de",
        time_zone="Europe/Berlin",
        roles=["accountant"],
        sellers=[],
    )
    assert answer.status_code == 302
    assert queries.roles_of(user.pk) == ["accountant"]
    assert user.pk not in party.sellers_of_users([user.pk])
    told = {event.type: event for event in log.timeline(("user", user.pk))}
    changed = told["identity.user.roles_changed"]
    assert (changed.payload["given"], changed.payload["taken"]) == (["accountant"], ["sales_rep"])
    assert changed.actor_label == "Administrator"
    page = admin(world).get(f"/settings/users/{user.pk}/").content.decode()
    assert "Roles given: Accountant; taken: Sales rep" in page


def test_deactivate_and_let_in_again(world: World) -> None:
    user = world.users["sales_rep"]
    client = admin(world)
    post(client, f"/settings/users/{user.pk}/deactivate/")
    assert not User.objects.get(pk=user.pk).is_active
    post(client, f"/settings/users/{user.pk}/reactivate/")
    assert User.objects.get(pk=user.pk).is_active


def test_one_administrator_is_always_left(world: World) -> None:
    boss = world.users["administrator"]
    post(admin(world), f"/settings/users/{boss.pk}/deactivate/")
    assert User.objects.get(pk=boss.pk).is_active
    with pytest.raises(LastAdministrator):
        actions.deactivate_user(actor=world.system, now=world.now, user_id=boss.pk)
    with pytest.raises(LastAdministrator):
        actions.set_roles(actor=world.system, now=world.now, user_id=boss.pk, roles=[])


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_put_each_other_out_at_once() -> None:
    world = make_world()
    second = actions.create_user(
        actor=world.system,
        now=world.now,
        email="second@halden.example",
        name="Second",
        password=None,
        roles=["administrator"],
    )
    both = [world.users["administrator"].pk, second.pk]
    answers = race(
        [
            lambda key=key: actions.deactivate_user(actor=world.system, now=world.now, user_id=key)
            for key in both
        ]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["LastAdministrator", "NoneType"]
    assert User.objects.filter(pk__in=both, is_active=True).count() == 1


def test_a_link_is_mailed_and_shown_where_mails_go_nowhere(world: World, settings: Any) -> None:
    settings.MAIL_TRANSPORT = "kept"
    user = world.users["sales_rep"]
    shown = post(admin(world), f"/settings/users/{user.pk}/link/")
    assert "/sign-in/password/reset/key/" in shown.content.decode()
    settings.MAIL_TRANSPORT = "smtp"
    sent = post(admin(world), f"/settings/users/{user.pk}/link/")
    assert sent.status_code == 302
    assert Mail.objects.filter(to=[user.email], seller_id=None).count() == 2


def test_a_team_is_made_and_changed(world: World) -> None:
    rep, desk = world.users["sales_rep"], world.users["order_desk"]
    post(admin(world), "/settings/teams/new/", name="South", members=[rep.pk, desk.pk])
    team = Team.objects.get(name="South")
    assert queries.members_of(team.pk) == sorted([rep.pk, desk.pk])
    post(admin(world), f"/settings/teams/{team.pk}/", name="North", members=[rep.pk])
    team.refresh_from_db()
    assert (team.name, queries.members_of(team.pk)) == ("North", [rep.pk])


def test_a_legal_entity_of_others_is_not_there(world: World) -> None:
    assert admin(world).get(f"/settings/sellers/{world.foreign_seller.pk}/").status_code == 404
    answer = post(admin(world), f"/settings/sellers/{world.foreign_seller.pk}/accounts/", iban="x")
    assert answer.status_code == 404


def test_facts_account_and_vat_id_of_a_legal_entity(world: World) -> None:
    client, key = admin(world), world.seller.pk
    page = client.get(f"/settings/sellers/{key}/")
    assert page.status_code == 200
    bad = post(client, f"/settings/sellers/{key}/accounts/", iban="DE00", currency="EUR")
    assert (bad.status_code, b"notice-bad" in bad.content) == (422, True)
    good = post(
        client,
        f"/settings/sellers/{key}/accounts/",
        iban="DE02 1203 0000 0000 2020 51",
        bic="BYLADEM1001",
        bank_name="DKB",
        currency="EUR",
    )
    assert good.status_code == 302
    accounts = party.bank_accounts_of(key)
    assert [a.is_default for a in accounts] == [True, False]
    post(client, f"/settings/sellers/{key}/accounts/{accounts[1].pk}/prefer/")
    assert party.seller_bank_account(world.seller, "EUR") == accounts[1]
    post(client, f"/settings/sellers/{key}/registrations/", vat_id="FR 40 303265045")
    assert party.seller_registrations(world.seller)["FR"] == "FR40303265045"


def test_the_end_of_a_quarantine_sends_what_waited(world: World) -> None:
    client = admin(world)
    assert b"Open to the world" in client.get("/settings/installation/").content
    installation.quarantine(now=world.now, reason="restored from a backup")
    assert b"In quarantine since" in client.get("/settings/installation/").content
    assert b"is in quarantine" in client.get("/").content
    assert post(client, "/settings/installation/release/").status_code == 302
    assert not installation.is_quarantined()


def test_changing_a_setting_needs_a_post(world: World) -> None:
    for name in ("user_off", "user_on", "user_link"):
        address = reverse(f"settings:{name}", args=[world.users["sales_rep"].pk])
        assert admin(world).get(address).status_code == 405
