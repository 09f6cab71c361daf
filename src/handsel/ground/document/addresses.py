"""Mail addresses as parsed objects; nothing else is ever put into a header."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.utils import parseaddr

import idna

from handsel.ground.document.errors import BadAddress
from handsel.ground.document.plain_text import one_line

# RFC 5321 dot-string for the local part, RFC 1035 labels for the domain, with the lengths of
# RFC 5321 4.5.3.1. Quoted local parts and address literals exist on paper only.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST_ADDRESS = 254
_LONGEST_NAME = 120


def parse_address(text: str) -> Address:
    """Read "name@example.com" or "Name <name@example.com>", one address, no more.

    A domain in another script is written in its ASCII form (IDNA 2008). Raises BadAddress.
    """
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise _bad(text)
    name, spec = parseaddr(text)
    local, at, domain = spec.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local) > 64:
        raise _bad(text)
    if text.strip() != spec and not text.strip().endswith(f"<{spec}>"):
        raise _bad(text)
    return _address(name, local, _ascii_domain(domain, text), text)


def named_address(name: str, spec: str) -> Address:
    """An address with a display name from data, such as a person's name."""
    bare = parse_address(spec)
    return _address(name, bare.username, bare.domain, spec)


def _address(name: str, local: str, domain: str, text: str) -> Address:
    if len(f"{local}@{domain}") > _LONGEST_ADDRESS:
        raise _bad(text)
    return Address(one_line(name)[:_LONGEST_NAME], local, domain)


def _ascii_domain(domain: str, text: str) -> str:
    try:
        plain = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise _bad(text) from None
    labels = plain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _bad(text)
    return plain


def _bad(text: str) -> BadAddress:
    shown = one_line(text)[:80]
    return BadAddress(
        f"“{shown}” is not a mail address; expected one such as name@example.com.", address=shown
    )
