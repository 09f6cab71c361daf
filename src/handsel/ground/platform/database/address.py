"""Addresses of databases as URLs, and the parts of them."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def socket_url(*, user: str, database: str, socket_dir: str, port: int) -> str:
    """The address of a database behind a Unix socket, in the form libpq and Django both read."""
    query = urlencode({"host": socket_dir, "port": str(port)}, quote_via=quote)
    return f"postgresql://{quote(user)}@/{quote(database)}?{query}"


def without_password(url: str) -> str:
    """The address with the password left out, fit to be printed."""
    head, at, tail = url.rpartition("@")
    if not at:
        return url
    scheme, slashes, credentials = head.partition("://")
    user = credentials.partition(":")[0]
    return f"{scheme}{slashes}{user}@{tail}"
