"""Ids that make asking twice the same as asking once.

An invoice's id is 20 base32 characters (100 bits) of an HMAC of what asked for it, so a redelivered
command or a double tap finds the record that the first one made. The id goes to the provider in
`order_id` and into buyers' links, so it must not be guessable: hence the key.
"""

import base64
import hashlib
import hmac
import re
import secrets

LENGTH = 20
_SHAPE = re.compile(r"[a-z2-7]{20}")
_INVITE = re.compile(r"[A-Za-z0-9_-]{16}")


def new_nonce() -> str:
    """100 random bits in the alphabet of ids: what a conversation is known by."""
    return base64.b32encode(secrets.token_bytes(13)).decode()[:LENGTH].lower()


def invoice_id(key: bytes, *what: int | str) -> str:
    """The id of the invoice that `what` asks for; `key` is the installation's own 32 bytes."""
    digest = hmac.digest(key, "\0".join(map(str, what)).encode(), hashlib.sha256)
    return base64.b32encode(digest).decode()[:LENGTH].lower()


def is_id(text: str) -> bool:
    """Whether `text` has the shape of an id or nonce of ours."""
    return _SHAPE.fullmatch(text) is not None


def new_invite() -> str:
    """96 random bits in the alphabet of start links: the code of an invite."""
    return secrets.token_urlsafe(12)


def is_invite(text: str) -> bool:
    """Whether `text` has the shape of such a code."""
    return _INVITE.fullmatch(text) is not None


def short(invoice: str) -> str:
    """What logs carry of an id: enough to find it, too little to open its card."""
    return invoice[:6]
