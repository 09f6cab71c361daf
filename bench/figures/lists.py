"""List pages over 100,000 opportunities, whole requests answered by the program."""

from __future__ import annotations

from bench.registry import figure
from bench.workbench import Measured, Workbench


def _page(bench: Workbench, address: str, runs: int = 21) -> Measured:
    from bench.work.browser import client_on_many_deals

    client = client_on_many_deals()
    bench.settle()
    first = client.get(address)
    if first.status_code != 200:
        raise AssertionError(f"{address} answered {first.status_code}")
    return bench.measure(lambda: client.get(address), runs=runs, warm_up=3)


@figure("list_plain", about="list page, 50 of 100,000", target=8, peer=22, group="lists")
def list_plain(bench: Workbench) -> Measured:
    """Newest first."""
    return _page(bench, "/opportunity/")


@figure("list_search", about="the same, a word searched", target=10, peer=53, group="lists")
def list_search(bench: Workbench) -> Measured:
    """The word is in 1 of 20."""
    return _page(bench, "/opportunity/?q=conveyor")


@figure("list_count", about="the same with the total count", target=15, peer=73, group="lists")
def list_count(bench: Workbench) -> Measured:
    """The word searched, with the count of all matches."""
    return _page(bench, "/opportunity/?q=conveyor&count=1")


@figure(
    "opportunity_bulk",
    about="opportunities opened in bulk, each",
    target=0.3,
    peer=1.5,
    group="lists",
)
def opportunity_bulk(bench: Workbench) -> Measured:
    """1,000 at a time, each with its event and its stage change."""
    from bench.work.yardstick import hundred_thousand_deals, open_deals

    stick = hundred_thousand_deals()
    return bench.measure(lambda: open_deals(stick, 200_000, 1_000), n=1_000, runs=5)
