"""Plugs the rooms together: listeners in stream order, adapters into ports."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from handsel import stream
from handsel.ground.identity import actions as identity
from handsel.ground.kernel.errors import plug_wording
from handsel.ground.platform import dispatch, thread, timeline_view
from handsel.ground.platform.actor import Actor
from handsel.site.roles import PERMISSIONS, ROLES
from handsel.site.sentences import SENTENCES
from handsel.site.shell import formats
from handsel.site.spoken import ACTORS, WORDS
from handsel.site.wording import told


def plug() -> None:
    """Import every room's listeners and tell the dispatcher the stream's order."""
    identity.declare_roles(ROLES, PERMISSIONS)
    plug_wording(told)
    timeline_view.plug(SENTENCES, WORDS, ACTORS, lambda on: formats.reader().day(on))
    thread.plug(_thread_of)
    _plug_adapters()
    _plug_search()
    dispatch.set_stream_order([room.module for room in stream.ROOMS])
    for room in stream.ROOMS:
        if importlib.util.find_spec(room.module) is None:
            continue
        name = f"{room.module}.listeners"
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)


def _plug_adapters() -> None:
    from handsel.bid.configure import ports as configure_ports
    from handsel.bid.price import ports as price_ports
    from handsel.bid.price.adapters.configured import ConfiguredPrices
    from handsel.bid.quote import ports as quote_ports
    from handsel.commit.order import ports as order_ports
    from handsel.earn.billing import ports as billing_ports
    from handsel.earn.billing.adapters.judge import RulesValidator
    from handsel.site.adapters.house_rights import HouseRights
    from handsel.site.adapters.invoice_standing import InvoiceStanding
    from handsel.site.adapters.order_progress import OrderProgress
    from handsel.site.adapters.ordered_before import OrderedBefore
    from handsel.site.adapters.product_costs import ProductCosts
    from handsel.site.adapters.quote_around import LinesOfQuotes
    from handsel.site.adapters.quoted_deals import QuotesForPrices
    from handsel.site.adapters.quoted_products import QuotesOfProducts
    from handsel.site.adapters.receivables import OpenReceivables

    configure_ports.plug(ConfiguredPrices())
    configure_ports.plug_quoted(QuotesOfProducts())
    configure_ports.plug_around(LinesOfQuotes())
    price_ports.plug(QuotesForPrices())
    price_ports.plug_bought(OrderedBefore())
    quote_ports.plug(HouseRights())
    quote_ports.plug_costs(ProductCosts())
    billing_ports.plug(RulesValidator())
    billing_ports.plug_standing(InvoiceStanding())

    order_ports.plug(OpenReceivables())
    order_ports.plug_progress(OrderProgress())


def _plug_search() -> None:
    from handsel.site import search

    search.plug()


def _thread_of(object_type: str, object_id: int, actor: Actor) -> dict[str, Any]:
    from handsel.site.thread import steps

    return steps.thread_of(object_type, object_id, actor)
