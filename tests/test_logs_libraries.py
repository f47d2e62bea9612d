"""What the libraries themselves say about a failure, with everything in it that we gave them."""

import asyncio
import io
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError
from aiohttp import ClientSession, InvalidURL, encode_basic_auth, web
from pydantic import BaseModel, ValidationError
from redis.exceptions import RedisError

from bot.connections import StartError, create_bot, introduced
from bot.logs import setup_logging
from bot.logs_redaction import HIDDEN
from bot.storage.connection import connect
from bot.telegram.metering import CallMeter
from tests.leaks import Finder
from tests.suite_secrets import SUITE

pytestmark = pytest.mark.usefixtures("logging_as_it_was")

TOKEN = SUITE.bot_token.get_secret_value()
KEY = SUITE.cryptocloud_api_key.get_secret_value()
PASSWORD = "test/pass@word+of:redis"
QUOTED = "test%2Fpass%40word+of%3Aredis"
METER = CallMeter(lambda *_: None, lambda *_: None)
log = logging.getLogger("bot.example")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Log:
    """What was logged, to be read once everything is over."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.finder = Finder()
        for name, word in (("token", TOKEN), ("key", KEY), ("password", PASSWORD)):
            self.finder.know(name, word)
        setup_logging("DEBUG", "console", (*SUITE.secrets(), PASSWORD), stream=self.stream)

    def clean(self, *words: str) -> None:
        """It says these words, and no secret."""
        said = self.stream.getvalue()
        assert [word for word in words if word not in said] == []
        assert self.finder.find(said) == []


@pytest.fixture
def said() -> Log:
    return Log()


@asynccontextmanager
async def serving(answer: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def repeats(request: web.Request) -> web.Response:
    """A gateway's page that shows what was asked for."""
    headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
    return web.Response(text=f"<h1>{request.rel_url}</h1>{headers}", status=502)


async def refuses(request: web.Request) -> web.Response:
    """The same by a gateway that speaks Telegram's language."""
    words = f"no way to {request.rel_url}"
    body = {"ok": False, "error_code": 404, "description": words}
    return web.json_response(body, status=404)


async def breaks(request: web.Request) -> web.Response:
    raise RuntimeError(f"cannot do {request.rel_url} with {dict(request.headers)}")


async def asked(url: str) -> None:
    """Whatever happens is logged as an incident is."""
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    try:
        await bot.get_me()
    except AiogramError:
        log.exception("failed: %r", bot)
    finally:
        await bot.session.close()


async def test_a_gateway_that_repeats_the_address_of_a_call(said: Log) -> None:
    async with serving(repeats) as url:
        await asked(url)
    said.clean(f"/bot{HIDDEN}/getMe", "ClientDecodeError")


async def test_telegram_is_not_there(said: Log) -> None:
    await asked("http://127.0.0.1:9")
    said.clean("TelegramNetworkError")


async def test_a_server_of_ours_that_fails(said: Log) -> None:
    async with serving(breaks) as url:
        await asked(url)
    said.clean(f"cannot do /bot{HIDDEN}/getMe", "Error handling request")


async def test_aiohttp_names_a_wrong_address(said: Log) -> None:
    async with ClientSession() as session:
        try:
            await session.get(f"http://127.0.0.1:port/bot{TOKEN}/getMe")
        except (InvalidURL, ValueError):
            log.exception("failed")
    said.clean(f"127.0.0.1:port/bot{HIDDEN}/getMe")


def test_a_basic_authorization(said: Log) -> None:
    log.error("sent %s", {"Proxy": encode_basic_auth("user", PASSWORD)})
    said.clean("'Proxy': 'Basic dXNlcj")


async def test_redis_refuses_the_password(said: Log, redis_url: str) -> None:
    client = connect(f"{redis_url}?password={QUOTED}")
    try:
        await cast("Any", client.ping())
    except RedisError:
        log.exception("failed with %r at %s", client, f"redis://user:{QUOTED}@host:6379/0")
    finally:
        await client.aclose()
    said.clean("AuthenticationError")


async def test_a_task_that_nobody_awaited(said: Log) -> None:
    async def call(token: str) -> None:
        raise ValueError(f"GET /bot{token}/getMe")

    task: asyncio.Task[None] | None = asyncio.create_task(call(TOKEN))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert task is not None
    assert task.done()
    task = None  # the loop tells when it is collected
    said.clean("Task exception was never retrieved", f"/bot{HIDDEN}/getMe")


def test_pydantic_shows_both_ends_of_a_value(said: Log) -> None:
    class Model(BaseModel):
        number: int

    try:
        Model.model_validate({"number": f"{TOKEN} {KEY}"})
    except ValidationError:
        log.exception("failed")
    said.clean("input_value", HIDDEN)


def test_settings_in_a_message(said: Log) -> None:
    settings = SUITE.model_copy()
    log.error("%s %r %s %s", settings, settings, settings.model_dump(), vars(settings))
    said.clean("**********")


async def test_the_bot_itself_in_a_message(said: Log) -> None:
    bot = create_bot(SUITE, METER)
    log.error("%r %s %s", bot, vars(bot), bot.session.api.api_url(bot.token, "getMe"))
    await bot.session.close()
    said.clean(f"/bot{HIDDEN}/getMe")


async def test_a_page_where_the_bot_api_should_be_is_one_line_at_start() -> None:
    async with serving(repeats) as url:
        bot = create_bot(SUITE.model_copy(update={"telegram_api_url": url}), METER)
        try:
            with pytest.raises(StartError, match="what answers there is no Bot API"):
                await introduced(bot)
        finally:
            await bot.session.close()


async def test_the_process_says_no_secret_when_it_cannot_start(
    tmp_path: Path, redis_url: str
) -> None:
    """The words of a start that failed go to the terminal and not through the log."""
    async with serving(refuses) as url:
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "bot"],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(Path(__file__).parent.parent),
                "TELEGRAM_API_URL": url,
                "BOT_TOKEN": TOKEN,
                "ADMIN_IDS": "1001",
                "CRYPTOCLOUD_API_KEY": KEY,
                "CRYPTOCLOUD_SHOP_ID": "test-shop",
                "REDIS_URL": redis_url,
                "LOG_LEVEL": "WARNING",
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("TELEGRAM_API_URL: no Bot API answers there")
    assert f"/bot{HIDDEN}/getMe" in line
    finder = Finder()
    finder.know_settings(SUITE)
    assert finder.find(done.stdout + done.stderr) == []
