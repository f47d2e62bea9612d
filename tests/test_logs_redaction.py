"""Logs: no secret in any of them, wherever it stands and whoever wrote it."""

import asyncio
import io
import json
import logging
import sys
import threading
import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import setup_logging
from bot.logs_redaction import HIDDEN, redactor
from tests.test_logs import (
    FORMATS,
    SECRETS,
    Format,
    entry,
    fail,
    log,
    start,
)

pytestmark = pytest.mark.usefixtures("logging_as_it_was")

JWT = "eyJ0ZXN0IjoxfQ.eyJ0ZXN0IjoxfQ.dGVzdA"
OTHER_TOKEN = "654321:other_token_other_token_other_tok"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("secret", [*SECRETS, OTHER_TOKEN, JWT])
class TestSecrets:
    """A secret, configured or of a known shape, is hidden wherever it stands."""

    def hidden(self, stream: io.StringIO, secret: str) -> None:
        said = stream.getvalue()
        assert HIDDEN in said
        assert secret not in said
        assert json.dumps(secret)[1:-1] not in said
        assert secret[8:20] not in said

    def test_message(self, form: Format, secret: str) -> None:
        stream = start(form)
        log.info(f"got {secret}!")
        self.hidden(stream, secret)

    def test_argument(self, form: Format, secret: str) -> None:
        stream = start(form)
        log.info("got %r", {"key": secret})
        self.hidden(stream, secret)

    def test_bytes(self, form: Format, secret: str) -> None:
        stream = start(form)
        log.info("got %r", secret.encode())
        self.hidden(stream, secret)

    def test_extra(self, form: Format, secret: str) -> None:
        stream = start(form)
        log.info("got", extra={"given": secret, "nested": [{"deep": secret}]})
        self.hidden(stream, secret)

    def test_traceback(self, form: Format, secret: str) -> None:
        stream = start(form)
        try:
            try:
                fail(secret)
            finally:
                fail(f"after {secret}")
        except ValueError:
            log.exception("failed")
        self.hidden(stream, secret)

    def test_arguments_that_do_not_fit(self, form: Format, secret: str) -> None:
        stream = start(form)
        log.info("number %d", secret)
        self.hidden(stream, secret)

    def test_another_library(self, form: Format, secret: str) -> None:
        stream = start(form)
        logging.getLogger("aiohttp.client").warning("got %s", secret)
        self.hidden(stream, secret)

    def test_warning(self, form: Format, secret: str) -> None:
        stream = start(form)
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(f"odd: {secret}", stacklevel=1)
        self.hidden(stream, secret)

    def test_uncaught_exception(self, form: Format, secret: str) -> None:
        stream = start(form)
        error = ValueError(secret)
        sys.excepthook(ValueError, error, None)
        self.hidden(stream, secret)

    def test_uncaught_exception_of_a_thread(self, form: Format, secret: str) -> None:
        stream = start(form)
        thread = threading.Thread(target=fail, args=(secret,))
        thread.start()
        thread.join()
        self.hidden(stream, secret)

    def test_lost_task(self, form: Format, secret: str) -> None:
        stream = start(form)

        async def lose() -> None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "lost", "exception": ValueError(secret)}
            )

        asyncio.run(lose())
        self.hidden(stream, secret)


@pytest.mark.parametrize(
    "text",
    [
        "GET http://127.0.0.1:8080/telegram at 12:30:05 by a@b.example",
        "http://[::1]:8080/x",
        "Token verification failed",
        "invoice INV-ABCDEF of 123456: paid",
        "no password given",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redactor(("abc",))(text) == text


def test_a_secret_that_begins_with_another_is_hidden_whole() -> None:
    assert redactor(("secret", "secret-longer"))("secret-longer") == HIDDEN


def test_a_secret_that_is_a_number_leaves_json_valid() -> None:
    stream = io.StringIO()
    setup_logging("INFO", "json", ["123456"], stream=stream)
    log.info("x", extra={"update": 123456})
    assert entry(stream)["update"] == HIDDEN


@given(st.text(min_size=4), st.text(), st.text())
def test_a_configured_secret_is_hidden_in_any_text(secret: str, before: str, after: str) -> None:
    shown = redactor((secret,))(f"{before}{secret}{after}")
    assert not [part for part in shown.split(HIDDEN) if secret in part]


@pytest.mark.parametrize("text", ["1" * 4096, "eyJ" * 1365, "://a:" * 819, "Authorization " * 292])
def test_hostile_text_is_redacted_fast(text: str) -> None:
    redact = redactor(SECRETS)
    begun = time.perf_counter()
    redact(f"{text}%3A:Token password")
    assert time.perf_counter() - begun < 0.2
