"""Logs: one record a line, in two formats."""

import io
import json
import logging
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

import httpx
import pytest

from bot.logs import setup_logging
from bot.logs_redaction import HIDDEN, redactor

TOKEN = "123456:TEST-TOKEN-TEST-TOKEN-TEST-TOKEN-AA"
KEY = "test-api-key-0123"
PASSWORD = 'te"st/pa\\ss жук'
SECRETS = (TOKEN, KEY, PASSWORD)
JWT = "eyJ0ZXN0IjoxfQ.eyJ0ZXN0IjoxfQ.dGVzdA"
OTHER_TOKEN = "654321:other_token_other_token_other_tok"

Format = Literal["console", "json"]
FORMATS: tuple[Format, ...] = ("console", "json")


pytestmark = pytest.mark.usefixtures("logging_as_it_was")


def start(form: Format, level: str = "INFO") -> io.StringIO:
    stream = io.StringIO()
    setup_logging(level, form, SECRETS, stream=stream)
    return stream


def entry(stream: io.StringIO) -> dict[str, object]:
    (line,) = stream.getvalue().splitlines()
    value = json.loads(line)
    assert isinstance(value, dict)
    return value


def fail(words: str) -> None:
    raise ValueError(words)


log = logging.getLogger("bot.services.example")


def test_console_is_one_line() -> None:
    stream = start("console")
    log.info("created %s", "ABCDEF", extra={"chat": 5, "took": 0.25})
    (line,) = stream.getvalue().splitlines()
    assert line.endswith(" INFO     bot.services.example: created ABCDEF chat=5 took=0.25")
    assert abs(datetime.now() - datetime.fromisoformat(line[:23])).total_seconds() < 5  # noqa: DTZ005 -- a person reads it where they are


def test_console_is_coloured_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    setup_logging("INFO", "console", (), stream=stream)
    log.warning("hot")
    assert "\x1b[33mWARNING \x1b[0m" in stream.getvalue()
    plain = start("console")
    log.warning("hot")
    assert "\x1b" not in plain.getvalue()


def test_json_has_the_fields() -> None:
    stream = start("json")
    log.info(
        "created %s", "жук", extra={"chat": 5, "ok": True, "none": None, "amount": Decimal("1.10")}
    )
    said = entry(stream)
    when = datetime.fromisoformat(str(said.pop("time")))
    assert when.utcoffset() == UTC.utcoffset(None)
    assert abs(datetime.now(UTC) - when).total_seconds() < 5
    assert said == {
        "level": "INFO",
        "logger": "bot.services.example",
        "message": "created жук",
        "chat": 5,
        "ok": True,
        "none": None,
        "amount": "1.10",
    }


def test_json_keeps_the_traceback_in_the_object() -> None:
    stream = start("json")
    try:
        fail("broken")
    except ValueError:
        log.exception("failed")
    said = entry(stream)
    assert said["message"] == "failed"
    assert str(said["exception"]).endswith("ValueError: broken")


def test_json_is_valid_whatever_is_logged() -> None:
    stream = start("json")
    log.info(
        "x", extra={"a": float("nan"), "b": {("t",): object}, "level": "forged", "c": "\ud800"}
    )
    said = entry(stream)
    assert said["level"] == "INFO"
    assert said["a"] == "nan"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b[31m", "\u2028", "\u202e", "\x85", "\u2066"])
def test_what_users_write_forges_no_line(form: Format, sign: str) -> None:
    stream = start(form)
    log.info("from a user: %s", f"a{sign}b", extra={"text": f"a{sign}b"})
    assert sign not in stream.getvalue().rstrip("\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"GET https://api.telegram.org/bot{OTHER_TOKEN}/getMe", "/bot[redacted]/getMe"),
        (f"?url=bot{OTHER_TOKEN.replace(':', '%3A')}", "?url=bot[redacted]"),
        ("Authorization: Token abc", "Authorization: Token [redacted]"),
        ("{'authorization': 'Bearer abc', 'a': 1}", "'Bearer [redacted]', 'a': 1}"),
        ("[(b'Authorization', b'Token abc'), 1]", "b'Token [redacted]'), 1]"),
        ('{"Authorization": "abc"}', '{"Authorization": "[redacted]"}'),
        ("sent Token 0123456789abcdef to it", "sent Token [redacted] to it"),
        ("redis://user:p@ss:w@host:6379/0", "redis://user:[redacted]@host:6379/0"),
        ("rediss://:abc@host", "rediss://:[redacted]@host"),
        ("unix:///run/s.sock?password=abc&db=1", "?password=[redacted]&db=1"),
        ("Connection(host=h,password=abc,db=0)", "password=[redacted],db=0)"),
        ("cut JWT eyJ0ZXN0IjoxfQ.eyJ0ZXN0", "cut JWT [redacted]"),
    ],
)
def test_shapes(text: str, shown: str) -> None:
    assert redactor(())(text).endswith(shown)


async def test_httpx_is_silent_about_each_request() -> None:
    stream = start("console")
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get(f"http://localhost/bot{TOKEN}/getMe")
        assert stream.getvalue() == ""
        stream = start("console", "DEBUG")
        await client.get(f"http://localhost/bot{TOKEN}/getMe")
    assert f"http://localhost/bot{HIDDEN}/getMe" in stream.getvalue()


def test_the_level_holds() -> None:
    stream = start("console", "WARNING")
    log.info("small")
    log.warning("big")
    assert stream.getvalue().count("\n") == 1


def test_a_stream_that_is_closed_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    start("console").close()
    log.info("got %s", TOKEN)
    assert TOKEN not in "".join(capsys.readouterr())


def test_ctrl_c_is_no_error_to_log(capsys: pytest.CaptureFixture[str]) -> None:
    stream = start("console")
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert stream.getvalue() == ""
    assert "KeyboardInterrupt" in capsys.readouterr().err
