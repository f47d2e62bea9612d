"""The order of the examination, and its outcome."""

import asyncio
import sys
from collections.abc import Awaitable, Iterator
from typing import Final

import httpx

from bot.doctor.clock import Clocks
from bot.doctor.embedded import examine_embedded
from bot.doctor.findings import Finding, Sign, bad, good, mind
from bot.doctor.ports import examine_ports
from bot.doctor.provider import examine_provider
from bot.doctor.store import examine_store
from bot.doctor.telegram import examine_telegram
from bot.logs import setup_logging
from bot.logs_redaction import redactor
from bot.settings import Settings, SettingsError, load_settings

NOTHING_WRONG: Final = 0
SOMETHING_WRONG: Final = 1
WRONG_SETTINGS: Final = 2
PATIENCE: Final = 10.0  # seconds for one answer


def examine() -> int:
    """Print the findings; the exit status: 0 nothing is wrong, 1 something, 2 the settings."""
    # A terminal that cannot show a sign shows another.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        settings = load_settings()
    except SettingsError as error:
        for line in error.lines:
            _say(bad(line))
        return WRONG_SETTINGS
    secrets = settings.secrets()
    setup_logging("CRITICAL", "console", secrets)  # what libraries say is said here, in words
    redact = redactor(secrets)
    worst = NOTHING_WRONG
    for finding in asyncio.run(_findings(settings)):
        _say(Finding(finding.sign, redact(finding.text)))
        if finding.sign is Sign.BAD:
            worst = SOMETHING_WRONG
    return worst


def _say(finding: Finding) -> None:
    print(finding, flush=True)  # noqa: T201 - this is what it is for


async def _findings(settings: Settings) -> list[Finding]:
    """Everything is asked at once and told in one order."""
    clocks = Clocks()
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as http:
        told = await asyncio.gather(
            _guarded("Telegram", examine_telegram(http, settings, clocks)),
            _guarded("CryptoCloud", examine_provider(settings, clocks)),
            _guarded("store", _store(settings)),
            _guarded("ports", examine_ports(settings)),
        )
    telegram, provider, store, ports = told
    return [*_settings(settings), *telegram, *provider, *store, *clocks.findings(), *ports]


async def _guarded(what: str, work: Awaitable[list[Finding]]) -> list[Finding]:
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - one that cannot be made must not hide the others
        return [bad(f"{what}: could not be examined: {type(error).__name__}: {error}")]


def _store(settings: Settings) -> Awaitable[list[Finding]]:
    if settings.redis_url is None:
        return examine_embedded(settings.data_dir)
    return examine_store(settings.redis_url.get_secret_value())


def _settings(settings: Settings) -> Iterator[Finding]:
    yield good("settings: all that is required is there")
    if settings.seller_access == "anyone":
        yield mind(
            "SELLER_ACCESS is anyone: whoever writes to the bot may create invoices of your shop; "
            "put invited, unless this is a load test"
        )
    if settings.cryptocloud_secret_key is None:
        yield mind(
            "CRYPTOCLOUD_SECRET_KEY is not set: notifications of payments are refused with 503, so "
            f"payments are seen by asking, at first every {settings.poll_interval:g} s; put the "
            "secret key from the project's page"
        )
