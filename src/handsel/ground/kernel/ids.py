"""Secrets that leave the house in a link, and what is kept of them."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Return 256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """Return the SHA-256 of a token (32 bytes): the only form in which it is stored.

    A plain hash is enough: 256 random bits cannot be guessed, so nothing has to be slow.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
