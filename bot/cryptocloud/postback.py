"""Reads the provider's payment notifications, of which only the signed id is believed.

Source: the provider's page on postbacks. JSON or a form, by a setting of the project; `invoice_id`
without its prefix; `token` a JWT (HS256, the project's SECRET KEY, five minutes) with the claims
`id` and `exp`. It covers neither amount nor status nor order_id.
"""

import json
import re
import warnings
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

import jwt

from bot.domain.errors import PostbackForged, PostbackUnreadable
from bot.domain.provider import Postback

_ID: Final = re.compile("(INV-)?[A-Za-z0-9]{1,64}")
CLOCKS_APART: Final = timedelta(seconds=30)  # the provider's and ours
_PREFIX: Final = "INV-"
_MOST_FIELDS: Final = 100
LONGEST: Final = 128  # characters of an id or an order number; ours are far shorter


def read_postback(body: bytes, secret_key: str) -> Postback:
    """Verify first, then take the id.

    Both shapes are tried, whatever the headers call the body. Raises `PostbackUnreadable` or
    `PostbackForged`.
    """
    fields = _fields(body)
    token, invoice_id = fields.get("token"), fields.get("invoice_id")
    if not isinstance(token, str) or not isinstance(invoice_id, str) or len(invoice_id) > LONGEST:
        raise PostbackUnreadable("token and invoice_id are not both there")
    signed = _signed_id(token, secret_key)
    if signed.removeprefix(_PREFIX) != invoice_id.removeprefix(_PREFIX) or not invoice_id:
        raise PostbackForged("the token is another invoice's")
    order_id = fields.get("order_id")
    known = isinstance(order_id, str) and len(order_id) <= LONGEST
    return Postback(_PREFIX + signed.removeprefix(_PREFIX), str(order_id) if known else "")


def _signed_id(token: str, secret_key: str) -> str:
    try:
        with warnings.catch_warnings():
            # The key is the provider's choice; a short one is no news at each notification.
            warnings.simplefilter("ignore", jwt.InsecureKeyLengthWarning)
            claims = jwt.decode(
                token,
                secret_key,
                algorithms=["HS256"],  # never what the token itself says
                options={"require": ["exp", "id"]},
                leeway=CLOCKS_APART,
            )
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise PostbackForged(type(error).__name__) from None
    signed = claims["id"]
    if not isinstance(signed, str) or not _ID.fullmatch(signed):
        raise PostbackForged("the token names no invoice")
    return signed


def _fields(body: bytes) -> Mapping[str, Any]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise PostbackUnreadable("not UTF-8") from None
    try:
        document = json.loads(text, parse_int=_ignored)
    except (ValueError, RecursionError):
        return _form(text)
    if not isinstance(document, dict):
        raise PostbackUnreadable("no object")
    return document


def _ignored(_: str) -> None:
    """Nobody needs its numbers, and one of a million digits takes long to read."""


def _form(text: str) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise PostbackUnreadable("neither JSON nor a form") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise PostbackUnreadable("a field comes twice")  # which one would be meant?
    return fields
