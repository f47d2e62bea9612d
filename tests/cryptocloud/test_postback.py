"""Of a payment notification only the signed id is believed, and only for five minutes."""

import base64
import json
import time
import warnings
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cryptocloud import read_postback
from bot.domain.errors import PostbackError, PostbackForged, PostbackUnreadable

KEY = "test-secret-key-of-the-project-0123456789"
ID = "AB12CD34"


def token(*, key: str = KEY, algorithm: str = "HS256", **changed: Any) -> str:
    claims = {"id": ID, "exp": int(time.time()) + 300} | changed
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm)


def body(signed: str | None = None, **changed: Any) -> bytes:
    fields = {
        "status": "success",
        "invoice_id": ID,
        "amount_crypto": 55.6,
        "currency": "USDT_TRC20",
        "order_id": "A-17~abcdefghijklmnopqrst",
        "token": signed if signed is not None else token(),
        "invoice_info": {"status": "paid", "amount": 1e-06},
    }
    return json.dumps(fields | changed).encode()


def form(document: bytes) -> bytes:
    return urlencode(json.loads(document)).encode()


@pytest.mark.parametrize("shape", [lambda b: b, form], ids=["json", "form"])
@pytest.mark.parametrize("prefixes", [("", ""), ("INV-", ""), ("", "INV-"), ("INV-", "INV-")])
def test_a_good_one(shape: Any, prefixes: tuple[str, str]) -> None:
    claimed, told = prefixes
    read = read_postback(shape(body(token(id=claimed + ID), invoice_id=told + ID)), KEY)
    assert (read.uuid, read.order_id) == (f"INV-{ID}", "A-17~abcdefghijklmnopqrst")


def test_an_unparsable_invoice_info_does_not_matter() -> None:
    assert read_postback(form(body(invoice_info="{'status': Dec")), KEY).uuid == f"INV-{ID}"


def unsigned() -> str:
    parts = [{"alg": "none", "typ": "JWT"}, {"id": ID, "exp": int(time.time()) + 300}]
    encoded = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts]
    return b".".join(encoded).decode() + "."


def tampered() -> str:
    head, _, signature = token().split(".")
    claims = json.dumps({"id": "OTHER123", "exp": int(time.time()) + 300}).encode()
    return f"{head}.{base64.urlsafe_b64encode(claims).rstrip(b'=').decode()}.{signature}"


@pytest.mark.parametrize(
    "forged",
    [
        lambda: token(key="another key that is long enough for HS256"),
        lambda: token(algorithm="HS512"),
        lambda: token(algorithm="HS384"),
        unsigned,
        tampered,
        lambda: token(exp=int(time.time()) - 60),
        lambda: token(exp=None),
        lambda: token(exp="soon"),
        lambda: token(id=None),
        lambda: token(id="OTHER123"),
        lambda: token(id=17),
        lambda: token(id=[ID]),
        lambda: token(id=""),
        lambda: token(nbf=int(time.time()) + 1000),
        lambda: "",
        lambda: "a.b.c",
        lambda: "ж.ж.ж",
        lambda: token() + "x" * 100,
    ],
)
def test_a_forged_one(forged: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            signed = forged()
        except (TypeError, ValueError, OverflowError):
            signed = "cannot.be.made"  # PyJWT will not even encode it
    with pytest.raises(PostbackForged):
        read_postback(body(signed), KEY)


def test_a_good_token_does_not_serve_another_invoice() -> None:
    with pytest.raises(PostbackForged):
        read_postback(body(invoice_id="OTHER123"), KEY)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"{",
        b"[" * 50_000,
        b'{"token": 1, "invoice_id": "A"}',
        b'{"token": "a", "invoice_id": 1}',
        b'{"token": "a"}',
        b"invoice_id=A",
        b"token=a&token=b&invoice_id=A",
        b"x=" + b"&x=".join([b"1"] * 500),
        b'{"invoice_id": ' + b"9" * 60_000 + b"}",
    ],
)
def test_what_cannot_be_read(raw: bytes) -> None:
    with pytest.raises(PostbackUnreadable):
        read_postback(raw, KEY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.binary()
    | st.dictionaries(st.sampled_from(["token", "invoice_id", "order_id", "x"]), JSON).map(
        lambda document: json.dumps(document).encode()
    )
)
def test_nothing_but_a_refusal_comes_of_junk(raw: bytes) -> None:
    with pytest.raises(PostbackError):
        read_postback(raw, KEY)


def test_a_short_key_is_the_projects_own_choice() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        signed = token(key="short")
    assert read_postback(body(signed), "short").uuid == f"INV-{ID}"
