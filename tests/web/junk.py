"""Bodies and headers that nobody should send, from a seed."""

import json
import random
import string
from dataclasses import dataclass
from typing import Any, Final

import jwt

from tests.web.deliveries import HEADER
from tests.world import WEBHOOK_SECRET

_ODD: Final[list[Any]] = [
    0, -1, 1, 2**31, 2**53, 2**63, 2**64, 10**400, 1.5, -0.0, 1e308, True, False, None, "", " ",
    "0", "-1", "null", "INV-", "INV-AAAAAAAA", "ы" * 50, "\ud800", "\x00", "a" * 5000, [], {},
    [[]], [{}], {"": ""}, "2026-01-01", "NaN", "paid", "HS256",
]  # fmt: skip
_FIELDS: Final = [
    "update_id", "message", "callback_query", "edited_message", "chat", "from", "text", "date",
    "id", "data", "message_id", "entities", "status", "invoice_id", "amount_crypto", "currency",
    "order_id", "token", "invoice_info", "test_mode", "payment_status",
]  # fmt: skip
_TYPES: Final = [
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "multipart/form-data", "text/plain", "application/json; charset=utf-7", "x/y; z", "", "\t;;",
]  # fmt: skip
_CODINGS: Final = ["gzip", "deflate", "br", "zstd", "identity", "gzip, gzip", "x"]

_KEY: Final = "another key than the provider's, " * 3


@dataclass(frozen=True, slots=True)
class Request:
    """What goes over the wire, byte for byte."""

    path: str
    raw: bytes


def request(seed: int) -> Request:
    """The junk of that number, the same on each run."""
    dice = random.Random(seed)
    path = dice.choice(["/telegram", "/cryptocloud/postback"])
    head, body = _headers(dice, path), _body(dice, path)
    if dice.random() < 0.3:
        body = _spoiled(dice, body)
    length = len(body) if dice.random() < 0.95 else dice.choice([0, len(body) // 2, -1, "x", ""])
    lines = [f"POST {path} HTTP/1.1".encode(), b"Host: bot", b"Connection: close"]
    if dice.random() < 0.05:
        lines.append(b"Transfer-Encoding: chunked")
        body = _chunked(dice, body)
    else:
        lines.append(f"Content-Length: {length}".encode())
    return Request(path, b"\r\n".join([*lines, *head, b"", b""]) + body)


def _headers(dice: random.Random, path: str) -> list[bytes]:
    lines = []
    if dice.random() < 0.8:
        lines.append(f"Content-Type: {dice.choice(_TYPES)}".encode())
    if dice.random() < 0.1:
        lines.append(f"Content-Encoding: {dice.choice(_CODINGS)}".encode())
    if path == "/telegram":
        lines += _secrets(dice)
    else:
        lines.append(b"X-Forwarded-For: " + _sender(dice))
    for _ in range(dice.choice([0, 0, 0, 1, 3])):
        name = "".join(dice.choices(string.ascii_letters + "-_", k=dice.randint(1, 20)))
        value = bytes(dice.choices(range(0x20, 0x100), k=dice.randint(0, 40)))
        lines.append(f"X-{name}: ".encode() + value)
    if dice.random() < 0.03:
        lines.append(bytes(dice.choices([c for c in range(256) if c not in b"\r\n"], k=30)))
    return lines


def _sender(dice: random.Random) -> bytes:
    """Nearly always another one, as one who sends much junk is not listened to."""
    if dice.random() < 0.1:
        return dice.choice([b"", b"unknown", b"[", b"127.0.0.1", b",,,", b"\xff", b"1.2.3.4, ::1"])
    return ".".join(str(dice.randint(1, 254)) for _ in range(4)).encode()


def _secrets(dice: random.Random) -> list[bytes]:
    right, name = WEBHOOK_SECRET.encode(), HEADER.encode()
    roll = dice.random()
    if roll < 0.4:  # whoever guesses
        wrong = [b"", right[:-1], right + b"a", right.upper(), right + b"\xff", "тест".encode()]
        noise = bytes(dice.choices([c for c in range(1, 256) if c not in b"\r\n"], k=20))
        return [name + b": " + dice.choice([*wrong, noise])]
    if roll < 0.5:
        return []
    if roll < 0.55:
        return [name + b": " + right] * 2
    return [name + b": " + right]


def _body(dice: random.Random, path: str) -> bytes:
    roll = dice.random()
    if roll < 0.5:
        return _near(dice, path)
    if roll < 0.65:
        return _near(dice, "/telegram" if path != "/telegram" else "")
    if roll < 0.75:
        return dice.randbytes(dice.randint(0, 200))
    if roll < 0.85:
        return json.dumps(_value(dice, 0)).encode()
    if roll < 0.9:
        return dice.choice([b"[", b'{"a":']) * dice.choice([10, 30_000])
    return b"a" * dice.choice([0, 64 * 1024, 64 * 1024 + 1, 2**20 + 1])


def _near(dice: random.Random, path: str) -> bytes:
    """Something that its receiver could nearly take."""
    if path == "/telegram":
        return json.dumps(_update(dice)).encode()
    postback = _postback(dice)
    if dice.random() < 0.5:
        return json.dumps(postback).encode()
    return "&".join(f"{k}={v}" for k, v in postback.items()).encode(errors="surrogatepass")


def _value(dice: random.Random, depth: int) -> Any:
    roll = dice.random()
    if depth > 3 or roll < 0.5:
        return dice.choice(_ODD)
    if roll < 0.6:
        return [_value(dice, depth + 1) for _ in range(dice.randint(0, 4))]
    return {dice.choice(_FIELDS): _value(dice, depth + 1) for _ in range(dice.randint(0, 6))}


def _update(dice: random.Random) -> dict[str, Any]:
    """Nearly an update: with something in it that no Telegram sends, so it must lead to nothing."""
    number = dice.choice(_ODD) if dice.random() < 0.2 else dice.randint(1, 2**31)
    what: dict[str, Any] = {
        "message_id": 1,
        "date": 1_790_000_000,
        "chat": {"id": 2002, "type": "private"},
        "from": {"id": 2002, "is_bot": False, "first_name": "Seller"},
        "text": "/invoice 50 EUR",
    }
    kind = dice.choice(["message", "edited_message", "callback_query", "poll", "telepathy"])
    if dice.random() < 0.2:  # sound, but talk among people
        group = {"id": -1001, "type": "supergroup", "title": "Team"}
        return {"update_id": number, "message": what | {"text": "Hello", "chat": group}}
    broken = dice.choice(["message_id", "date", "chat", "from"])
    what[broken] = dice.choice([None, "x", [], {"id": "x"}, {"type": "private"}])
    return {"update_id": number, kind: what if broken != "from" else _value(dice, 1)}


def _postback(dice: random.Random) -> dict[str, Any]:
    """Nearly a postback: its token is of another key, of another kind, or of no kind."""
    tokens = [
        *_ODD,
        *(jwt.encode({"id": "AAAAAAAA", "exp": 2**33}, _KEY, alg) for alg in ("HS256", "HS512")),
        jwt.encode({"id": "AAAAAAAA", "exp": 2**33}, None, "none"),
        "e30.e30.e30",
        "a.b.c",
        "." * dice.randint(0, 5),
    ]
    body = {
        "status": "success",
        "invoice_id": dice.choice(["AAAAAAAA", "INV-AAAAAAAA", *_ODD]),
        "order_id": dice.choice([*_ODD, "a" * 20]),
        "token": dice.choice(tokens),
        "amount_crypto": dice.choice(_ODD),
    }
    for _ in range(dice.randint(0, 2)):
        del body[dice.choice(list(body))]
    return body


def _spoiled(dice: random.Random, body: bytes) -> bytes:
    spoiled = bytearray(body)
    for _ in range(dice.randint(1, 4)):
        if spoiled:
            spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
    return bytes(spoiled[: dice.randint(0, len(spoiled))] if dice.random() < 0.3 else spoiled)


def _chunked(dice: random.Random, body: bytes) -> bytes:
    size = dice.choice([f"{len(body):x}", "ffffffff", "-1", "x", ""])
    return f"{size}\r\n".encode() + body + b"\r\n0\r\n\r\n"
