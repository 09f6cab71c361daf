"""Telling a person who opens a link from the programs that look at every link."""

from __future__ import annotations

import re
from typing import Final

_PROGRAMS: Final = re.compile(
    r"bot|crawl|spider|preview|scan|monitor|curl|wget|python|java/|headless|facebookexternalhit"
    r"|slack|whatsapp|telegram|skype|teams|outlook|safelinks|barracuda|mimecast|proofpoint",
    re.IGNORECASE,
)


def looks_human(*, method: str, user_agent: str, purpose: str) -> bool:
    """Whether an opening is likely a person's: a GET by a browser that is not loading ahead.

    `purpose` is the header Sec-Purpose or Purpose. Mail servers open links before their readers
    do; counting them would tell the seller of an interest that nobody has.
    """
    if method != "GET" or "prefetch" in purpose.lower() or "preview" in purpose.lower():
        return False
    return "Mozilla/" in user_agent and not _PROGRAMS.search(user_agent)
