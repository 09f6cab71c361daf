"""API keys: as much as their user or less, until they end."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from handsel.ground.identity import actions
from handsel.ground.identity.errors import KeyMissing, KeyNotAllowed, UserInvalid
from handsel.ground.identity.models import ApiKey
from handsel.ground.platform import log
from handsel.ground.platform.actor import Actor
from handsel.ground.platform.models import BusinessEvent, IdempotencyKey
from tests.support.signed_in import post, session_of
from tests.support.world import World, make_world

pytestmark = pytest.mark.django_db
ME = "/api/identity/me"


@pytest.fixture
def world() -> World:
    from handsel.site.middleware import clock

    return make_world(now=clock.now())


def make_key(world: World, role: str = "sales_rep", **more: Any) -> str:
    """A key of that role's user; its secret."""
    user = world.users[role]
    _, secret = actions.create_api_key(
        actor=world.actor(role), now=world.now, user_id=user.pk, label="test", **more
    )
    return secret


def ask(secret: str, address: str = ME) -> Any:
    """Ask the API with a key."""
    return Client().get(address, headers={"authorization": f"Bearer {secret}"})


def test_a_key_may_what_its_user_may(world: World) -> None:
    answer = ask(make_key(world)).json()
    assert (answer["kind"], answer["user_id"]) == ("api_key", world.users["sales_rep"].pk)
    assert set(answer["permissions"]) == world.actor("sales_rep").permissions
    assert answer["seller_ids"] == [world.seller.pk]


def test_a_narrowed_key_may_only_that(world: World) -> None:
    secret = make_key(world, permissions=["lead.view", "home.view"])
    assert ask(secret).json()["permissions"] == ["home.view", "lead.view"]
    assert ask(secret, "/api/lead/leads").status_code != 403
    assert ask(secret, "/api/party/organizations").status_code == 403


def test_a_narrowed_key_loses_what_its_user_loses(world: World) -> None:
    secret = make_key(world, permissions=["lead.view", "home.view"])
    actions.set_roles(
        actor=world.system,
        now=world.now,
        user_id=world.users["sales_rep"].pk,
        roles=["production"],
    )
    assert ask(secret).json()["permissions"] == ["home.view"]


def test_no_key_is_wider_than_who_makes_it(world: World) -> None:
    with pytest.raises(KeyNotAllowed):
        make_key(world, permissions=["settings.edit"])


def test_keys_are_made_for_oneself_by_a_person(world: World) -> None:
    rep, accountant = world.users["sales_rep"], world.users["accountant"]
    as_key = Actor("api_key", "Rep (key)", rep.pk, world.actor("sales_rep").permissions)
    for actor, user in ((world.actor("administrator"), accountant), (as_key, rep)):
        with pytest.raises(KeyNotAllowed):
            actions.create_api_key(actor=actor, now=world.now, user_id=user.pk, label="x")


def test_a_revoked_key_opens_nothing(world: World) -> None:
    secret = make_key(world)
    key = ApiKey.objects.get()
    actions.revoke_api_key(actor=world.system, now=world.now, user_id=key.user_id, key_id=key.pk)
    assert ask(secret).status_code == 401


def test_an_expired_key_opens_nothing(world: World) -> None:
    secret = make_key(world, expires_at=world.now + timedelta(days=1))
    assert ask(secret).status_code == 200
    ApiKey.objects.update(expires_at=world.now - timedelta(seconds=1))
    assert ask(secret).status_code == 401


def test_the_key_of_a_deactivated_user_opens_nothing(world: World) -> None:
    secret = make_key(world)
    actions.deactivate_user(actor=world.system, now=world.now, user_id=world.users["sales_rep"].pk)
    assert ask(secret).status_code == 401
    assert ApiKey.objects.get().revoked_at == world.now


@pytest.mark.parametrize("secret", ["", "hsl_", "hsl_" + "A" * 43, "é", "Bearer x"])
def test_strange_keys_are_unknown(world: World, secret: str) -> None:
    assert ask(secret).status_code == 401


def test_a_key_is_foreign_to_others(world: World) -> None:
    make_key(world)
    key = ApiKey.objects.get()
    with pytest.raises(KeyMissing):
        actions.revoke_api_key(
            actor=world.actor("accountant"),
            now=world.now,
            user_id=world.users["accountant"].pk,
            key_id=key.pk,
        )


def test_a_key_that_has_expired_already_is_refused(world: World) -> None:
    with pytest.raises(UserInvalid):
        make_key(world, expires_at=world.now)


def test_the_page_shows_a_new_key_once_and_keeps_no_secret(world: World) -> None:
    client = session_of(world.users["sales_rep"])
    once = {"key": "k" * 20, "label": "Website", "expires_on": "", "permissions": ["lead.view"]}
    first = post(client, "/settings/keys/", **once).content.decode()
    secret = first.split('class="secret"><code>')[1].split("<")[0]
    assert ask(secret, ME).status_code == 403, "it may only look at leads"
    again = post(client, "/settings/keys/", **once).content.decode()
    assert secret not in again
    assert ApiKey.objects.count() == 1
    kept = [str(row) for row in IdempotencyKey.objects.values("response", "request_hash")]
    kept += [str(row) for row in BusinessEvent.objects.values_list("payload", flat=True)]
    assert not [text for text in kept if secret in text]
    assert "Website" in client.get("/settings/keys/").content.decode()


def test_who_made_and_ended_a_key_is_on_record(world: World) -> None:
    make_key(world)
    key = ApiKey.objects.get()
    client = session_of(world.users["administrator"])
    answer = post(client, f"/settings/users/{key.user_id}/keys/{key.pk}/revoke/")
    assert answer.status_code == 302
    told = [(event.type, event.actor_label) for event in log.timeline(("api_key", key.pk))]
    assert told == [
        ("identity.api_key.revoked", "Administrator"),
        ("identity.api_key.made", "Sales rep"),
    ]


def test_keys_over_the_api(world: World) -> None:
    client = session_of(world.users["sales_rep"])
    made = client.post(
        "/api/identity/keys",
        {"label": "Script", "permissions": ["lead.view"]},
        content_type="application/json",
    )
    assert made.status_code == 201, made.content
    by_key = Client().post(
        "/api/identity/keys",
        {"label": "More"},
        content_type="application/json",
        headers={"authorization": f"Bearer {make_key(world)}"},
    )
    assert by_key.status_code == 403
    listed = client.get("/api/identity/keys").json()
    assert [key["label"] for key in listed] == ["Script", "test"]
    assert not any("secret" in key for key in listed)
