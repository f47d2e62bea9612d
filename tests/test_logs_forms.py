"""A secret is hidden in every form that libraries, languages and protocols print it in."""

import base64
import html
import json
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs_redaction import HIDDEN, redactor
from tests.leaks import Finder

TOKEN = "123456:TEST_token_with-Enough-Characters-0123"
KEY = (
    "eyJ0ZXN0IjoiaGVhZGVyIn0.eyJ0ZXN0IjoiYSBrZXkgdGhhdCBvcGVucyBub3RoaW5nIn0"
    ".VGhpcyBpcyBub3QgYSBzaWduYXR1cmU"
)
SECRET_KEY = "Test/Key+With=Signs&Percent%20"
PASSWORD = "te\"st/p\\\\ss'<жук> 😀"
WEBHOOK = "Test_Webhook_Secret-0123456789"
SECRETS = (TOKEN, KEY, SECRET_KEY, PASSWORD, WEBHOOK)

each_secret = pytest.mark.parametrize("secret", SECRETS)
redact = redactor(SECRETS)


def lowered(text: str) -> str:
    """Percent escapes in small letters, as some clients write them."""
    parts = text.split("%")
    return parts[0] + "".join(f"%{part[:2].lower()}{part[2:]}" for part in parts[1:])


def finder(secret: str) -> Finder:
    """Decodes instead of matching, so it does not share what the redaction overlooks."""
    found = Finder()
    found.know("secret", secret)
    return found


def base64_behind(before: str) -> Callable[[str], str]:
    return lambda word: base64.b64encode(f"{before}{word}".encode()).decode()


WAYS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "percent": lambda word: quote(word, safe=""),
    "percent, small": lambda word: lowered(quote(word, safe="")),
    "percent, path": quote,
    "percent, form": quote_plus,
    "percent, twice": lambda word: quote(quote(word, safe=""), safe=""),
    "repr": repr,
    "repr of repr": lambda word: repr(repr(word)),
    "repr of bytes": lambda word: repr(word.encode()),
    "repr of repr of bytes": lambda word: repr(repr(word.encode())),
    "JSON": json.dumps,
    "JSON, not ASCII": lambda word: json.dumps(word, ensure_ascii=False),
    "JSON in JSON": lambda word: json.dumps({"body": json.dumps({"key": word})}),
    "JSON with escaped slashes": lambda word: json.dumps(word).replace("/", "\\/"),
    "HTML": html.escape,
    "ASCII": ascii,
    "base64 of Token": base64_behind("Token "),
    "base64 of user": base64_behind("user:"),
    "base64 alone": base64_behind(""),
    "base64 at 1": base64_behind("x"),
    "base64 at 2": base64_behind("xx"),
    "base64, URL": lambda word: base64.urlsafe_b64encode(word.encode()).decode(),
    "hex": lambda word: word.encode().hex(),
    "HEX": lambda word: word.encode().hex().upper(),
}
ENCODED = [way for name, way in WAYS.items() if name.startswith(("base64", "hex", "HEX"))]


@each_secret
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_it_is_hidden_however_it_is_written(secret: str, way: Callable[[str], str]) -> None:
    written = way(secret)
    shown = redact(f"before {written} after")
    assert HIDDEN in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert finder(secret).find(shown) == []


@pytest.mark.parametrize("secret", [secret for secret in SECRETS if secret != PASSWORD])
@pytest.mark.parametrize("sign", ["...", "…", " ", "\n", "', '", '" "'])
def test_its_halves_are_hidden(secret: str, sign: str) -> None:
    """pydantic shows both ends of a long value, `reprlib` its beginning; lines are broken."""
    middle = len(secret) // 2
    shown = redact(f"input_value='{secret[:middle]}{sign}{secret[middle:]}'")
    assert finder(secret).find(shown) == []


def test_the_secret_half_of_a_token_is_hidden_alone_and_its_number_is_not() -> None:
    number, _, half = TOKEN.partition(":")
    assert redact(f"bot {number}: {half}") == f"bot {number}: {HIDDEN}"


def test_words_that_a_secret_happens_to_have_stay() -> None:
    shown = redactor(["invoice-bot-secret-word"])("invoice created, the word is out")
    assert shown == "invoice created, the word is out"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("X-Telegram-Bot-Api-Secret-Token: guess", f"Secret-Token: {HIDDEN}"),
        ("{'secret_token': 'guess', 'url': 1}", f"'secret_token': '{HIDDEN}', 'url': 1}}"),
        ("[(b'X-Telegram-Bot-Api-Secret-Token', b'guess')]", f"Secret-Token', b'{HIDDEN}')]"),
        ("Bearer abcdefghijklmnop done", f"Bearer {HIDDEN} done"),
        ("'password', 'guess'", f"'password', '{HIDDEN}'"),
        ("bot654321%253Aother_token_other_token_other_tok/", f"bot{HIDDEN}/"),
        ("eyJ0ZXN0IjoxfQwithoutDot cut", f"{HIDDEN} cut"),
        (
            "Command # 1 (HSET x mail a@b.example (nice)) of pipeline caused error: OOM",
            "Command # 1 (HSET …) of pipeline caused error: OOM",
        ),
        ("inv:{3}:abcdefghijklmnopqrst gone", "inv:{3}:abcdef… gone"),
        ("{access}:invite:abcdefghijklmnop", "{access}:invite:abcdef…"),
        ("t.me/bot?start=abcdefghijklmnopqrst x", "start=abcdef… x"),
        ("order A-17~abcdefghijklmnopqrst", "order A-17~abcdef…"),
    ],
)
def test_shapes_of_what_is_not_configured(text: str, shown: str) -> None:
    assert redactor(())(text).endswith(shown)


@pytest.mark.parametrize(
    "text",
    [
        "password wrong, try again",
        "Basic authentication is not supported",
        "the secret token is not valid",
        "due:{3} read, list:{2002}:open has 3",
        "restart=always; ~ten; a@b.example",
        "Command # 1 of 2",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redactor(())(text) == text


@given(
    st.text(min_size=4),
    st.sampled_from(list(WAYS.values())),
    st.text(alphabet=" abc:/", max_size=5),
)
def test_any_secret_is_hidden_in_any_form(
    secret: str, way: Callable[[str], str], before: str
) -> None:
    written = way(secret)
    if way in ENCODED and len(secret.encode()) < 8:  # its base64 might be any word
        return
    assert HIDDEN in redactor((secret,))(f"{before}{written}")


@pytest.mark.parametrize(
    "text",
    [
        "Command # 1 (A " * 273,
        "secret_token" + "\\" * 4096,
        "\\" * 4096 + "x",
        "%25" * 1365,
        "}:abcdef" * 512,
        "TEST_token_" * 372,
    ],
)
def test_hostile_text_costs_little(text: str) -> None:
    begun = time.perf_counter()
    redact(text)
    assert time.perf_counter() - begun < 0.2
