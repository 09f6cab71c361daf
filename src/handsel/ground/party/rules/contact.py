"""Mail addresses and phone numbers in the one form in which they are compared."""

from __future__ import annotations

import re

import phonenumbers

_EMAIL = re.compile(
    r"^[^@\s<>\",;:\\()\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,188}[a-z0-9])?\.[a-z]{2,63}$"
)

# Providers that give addresses to everybody; their domains say nothing about an organization.
FREEMAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "yahoo.com",
        "yahoo.de",
        "icloud.com",
        "me.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "t-online.de",
        "freenet.de",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "mail.com",
        "orange.fr",
        "free.fr",
        "laposte.net",
        "libero.it",
        "wp.pl",
        "o2.pl",
        "seznam.cz",
    ]
)


def normalize_email(text: str) -> str | None:
    """The address in lower case without surrounding space, or None if it is none."""
    address = text.strip().lower()
    if len(address) > 200 or ".." in address:
        return None
    return address if _EMAIL.match(address) else None


def email_domain(address: str) -> str | None:
    """The domain of a normalized address if it can stand for an organization."""
    domain = address.rpartition("@")[2]
    return None if not domain or domain in FREEMAIL else domain


def normalize_phone(text: str, country: str) -> str | None:
    """The number in E.164 (``+49301234567``), or None if it cannot be one.

    `country` (ISO 3166) tells how a number without country code is read; may be empty.
    """
    try:
        number = phonenumbers.parse(text, country.upper() or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
