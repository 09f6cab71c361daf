"""A client signed in on the yardstick's world, answered in this process."""

from __future__ import annotations

from django.test import Client

from bench.work.yardstick import hundred_thousand_deals


def client_on_many_deals() -> Client:
    """The sales manager, over 100,000 opportunities."""
    stick = hundred_thousand_deals()
    client = Client()
    client.force_login(stick.world.users["sales_manager"])
    return client
