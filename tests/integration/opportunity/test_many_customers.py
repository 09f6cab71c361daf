"""A house with more customers than a list can show: every one of them can still be chosen."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from handsel.ground.party.models import Organization
from handsel.ground.party.queries import MOST_OPTIONS, organization_options
from tests.support.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def many(world: World) -> list[Organization]:
    made = [
        Organization(name=f"Kunde {number:04}", number=f"K-{number:04}", created_at=world.now)
        for number in range(MOST_OPTIONS + 20)
    ]
    return Organization.objects.bulk_create(made)


def signed_in(world: World) -> Client:
    client = Client()
    client.force_login(world.users["sales_rep"], backend="handsel.site.signed_in.Backend")
    return client


def test_few_are_listed_and_need_no_search(world: World) -> None:
    few = organization_options()
    assert few["search_url"] == ""
    assert (str(world.customer.pk), world.customer.name) in few["options"]


def test_of_many_the_one_chosen_comes_first_and_the_others_are_found(world: World) -> None:
    last = many(world)[-1]
    options = organization_options(last)
    assert options["options"][0] == (str(last.pk), "Kunde 0219")
    assert len(options["options"]) == MOST_OPTIONS + 1
    client = signed_in(world)
    page = client.get(reverse("opportunity:new")).content.decode()
    assert "Kunde 0219" not in page and 'name="organization_id_find"' in page
    found = client.get(options["search_url"], {"organization_id_find": "0219"}).content.decode()
    assert re.findall(r'value="(\d+)" selected>(.*?)<', found) == [(str(last.pk), "Kunde 0219")]
    assert "disabled" in client.get(options["search_url"], {"x_find": "nobody"}).content.decode()


def test_the_search_needs_the_right_to_see_organizations(world: World) -> None:
    assert Client().get(reverse("party:options")).status_code in (302, 401, 403)
