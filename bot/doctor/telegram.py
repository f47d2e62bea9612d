"""The bot's account at Telegram: token, switches at @BotFather, admins, webhook."""

import time
from typing import Any, Final

import httpx

from bot.doctor.clock import Clocks
from bot.doctor.findings import Finding, bad, good, mind
from bot.settings import Settings
from bot.web.telegram import PATH, SECRET_HEADER

LATELY: Final = 3600  # seconds; an older failure of the webhook was got over
MANY: Final = 100  # updates that wait to be delivered
MOST_ADMINS: Final = 20  # that are asked about


class _Refused(Exception):
    """Telegram said no."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


class _Api:
    """A few calls, each made once."""

    def __init__(self, http: httpx.AsyncClient, settings: Settings, clocks: Clocks) -> None:
        self._http = http
        self._base = f"{settings.telegram_api_url}/bot{settings.bot_token.get_secret_value()}"
        self._clocks = clocks

    async def ask(self, method: str, **params: object) -> Any:
        """The result. Raises `_Refused`, or `httpx.HTTPError` where no Bot API answers."""
        asked_at = time.time()
        answer = await self._http.post(f"{self._base}/{method}", json=params)
        try:
            document = answer.json()
            fine, words = document["ok"], document.get("description", "")
        except (ValueError, TypeError, KeyError):
            raise httpx.DecodingError("it does not speak JSON") from None
        self._clocks.note("Telegram", answer.headers, asked_at)
        if not fine:
            raise _Refused(answer.status_code, str(words))
        return document["result"]


async def examine_telegram(
    http: httpx.AsyncClient, settings: Settings, clocks: Clocks
) -> list[Finding]:
    """Everything about the account. Without a token that works there is nothing more to ask."""
    api = _Api(http, settings, clocks)
    try:
        me = await api.ask("getMe")
        return [
            good(f"Telegram: BOT_TOKEN is that of @{me.get('username')}"),
            *_switches(me),
            *await _admins(api, settings),
            *await _webhook(api, settings),
            *await _reached(http, settings),
        ]
    except _Refused as error:
        if error.status in (httpx.codes.UNAUTHORIZED, httpx.codes.NOT_FOUND):
            do = "put the one that @BotFather shows under /token"
            return [bad(f"Telegram: BOT_TOKEN is not known there; {do}")]
        return [bad(f"Telegram: {error.status} {error.words}; try again later")]
    except httpx.HTTPError as error:
        why = str(error) or type(error).__name__
        do = "check TELEGRAM_API_URL and this machine's network"
        return [bad(f"Telegram: no Bot API answers ({why}); {do}")]


def _switches(me: dict[str, Any]) -> list[Finding]:
    """What @BotFather has switched on, where that does not fit this version."""
    findings = []
    if me.get("can_join_groups") is False:
        findings.append(
            mind("Telegram: the bot cannot be added to groups; /setjoingroups at @BotFather")
        )
    if me.get("can_read_all_group_messages"):
        findings.append(
            mind(
                "Telegram: privacy mode is off, so the bot is sent all talk of its groups, and it "
                "needs commands and replies only; /setprivacy at @BotFather"
            )
        )
    if me.get("supports_inline_queries"):
        findings.append(
            mind(
                "Telegram: inline mode is on, and this version does not answer there; /setinline "
                "at @BotFather"
            )
        )
    return findings


async def _admins(api: _Api, settings: Settings) -> list[Finding]:
    """Whether the admins can be written to: only who pressed *Start* can be."""
    unknown = []
    for admin in settings.admin_ids[:MOST_ADMINS]:
        try:
            await api.ask("getChat", chat_id=admin)
        except _Refused:
            unknown.append(str(admin))
    if not unknown:
        return [good("ADMIN_IDS: the bot can write to each of them")]
    do = "let them press Start in the bot, or put the right ids"
    return [mind(f"ADMIN_IDS: the bot cannot write to {', '.join(unknown)}; {do}")]


async def _webhook(api: _Api, settings: Settings) -> list[Finding]:
    info = await api.ask("getWebhookInfo")
    url = info.get("url", "")
    wanted = f"{settings.public_url}{PATH}" if settings.public_url else ""
    if not wanted and url:
        return [mind("webhook: one is set, by another set-up; the bot removes it when it polls")]
    if not wanted:
        return [good("webhook: none is set, as the bot polls")]
    if url != wanted:
        where = "another address is" if url else "none is"
        return [mind(f"webhook: {where} set; the bot sets {wanted} when it starts")]
    findings = []
    failed = info.get("last_error_date", 0)
    if time.time() - failed < LATELY:
        words = str(info.get("last_error_message", ""))
        when = f"{(time.time() - failed) / 60:.0f} min ago"
        findings.append(bad(f"webhook: Telegram could not deliver {when}: {words}; {_do(words)}"))
    waiting = info.get("pending_update_count", 0)
    if waiting > MANY:
        findings.append(mind(f"webhook: {waiting} updates wait; the bot is down, or too slow"))
    return findings or [good(f"webhook: {url} is set, and the last delivery went well")]


async def _reached(http: httpx.AsyncClient, settings: Settings) -> list[Finding]:
    """Whether PUBLIC_URL leads to the bot, asked from here. The secret is shown only to who asks
    for it as the bot does, and with a delivery that holds no update."""
    if settings.public_url is None or settings.webhook_secret is None:
        return []
    url, secret = f"{settings.public_url}{PATH}", settings.webhook_secret.get_secret_value()
    try:
        refused = await http.post(url, json={})
        if refused.status_code != httpx.codes.UNAUTHORIZED:
            do = f"let the proxy forward {PATH} to HTTP_PORT"
            return [bad(f"webhook: who answers at {url} is not the bot ({refused}); {do}")]
        known = await http.post(url, json={}, headers={SECRET_HEADER: secret})
    except httpx.HTTPError as error:
        why = str(error) or type(error).__name__
        do = "start the bot; if it runs, look at the proxy and the name"
        return [mind(f"webhook: nobody answers at {url}, asked from here ({why}); {do}")]
    if known.status_code == httpx.codes.UNAUTHORIZED:
        do = "start it anew"
        return [bad(f"webhook: the bot at {url} was started with another WEBHOOK_SECRET; {do}")]
    return [good(f"webhook: the bot answers at {url}, and knows WEBHOOK_SECRET")]


def _do(words: str) -> str:
    """What helps against a failed delivery, by Telegram's words about it."""
    if "401" in words or "403" in words:
        return (
            "WEBHOOK_SECRET was changed, or a proxy refuses: start the bot anew, look at the proxy"
        )
    if "SSL" in words or "certificate" in words:
        return "the certificate must be valid, its chain complete"
    if "404" in words:
        return f"let the proxy forward {PATH} to HTTP_PORT"
    return "the bot must run, and PUBLIC_URL lead to its HTTP_PORT"
