"""A person at the browser: opens the page, types, taps, reads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    ViewportSize,
    expect,
)

from bot.stage import Stage

PHONE: Final = ViewportSize(width=360, height=740)  # the narrowest phone that counts
DESK: Final = ViewportSize(width=1200, height=800)
PATIENCE: Final = 5_000  # milliseconds
_OPTIONS: Final = {
    "viewport": PHONE,
    "timezone_id": "Europe/Lisbon",
    "locale": "en-GB",
    "permissions": ["clipboard-read", "clipboard-write"],
}
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}

expect.set_options(timeout=PATIENCE)


@dataclass
class Visit:
    """One person's window, and what it should not have said or asked for."""

    stage: Stage
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note errors and requests of every page that this window opens."""
        self.context.on("console", self._note_console)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", self._note_request)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def _note_request(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in _LOOPBACK:
            self.strays.append(request.url)

    async def be(self, person: str, chat: str = "") -> None:
        """Choose who to be, by the address."""
        await self.page.goto(f"{self.stage.page.url}#{person.lower()}{chat and f'/{chat}'}")
        await expect(self.page.get_by_role("button", name=person).first).to_have_attribute(
            "aria-current", "true"
        )
        await expect(self.log).not_to_have_attribute("aria-busy", "true")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("Message", exact=True)

    @property
    def newest(self) -> Locator:
        """The newest message."""
        return self.log.get_by_role("article").last

    async def send(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    def button(self, name: str) -> Locator:
        """A button of the newest message, by what it says."""
        return self.newest.get_by_role("button", name=name, exact=True)

    async def tap(self, name: str) -> None:
        await self.button(name).click()

    async def says(self, text: str) -> Locator:
        """The newest message, once it says that."""
        await expect(self.newest).to_contain_text(text)
        return self.newest

    async def pay(self) -> Page:
        """Tap the newest pay button; the page that opens."""
        async with self.context.expect_page() as opened:
            await self.log.get_by_role("link", name="Pay ").last.click()
        page = await opened.value
        await expect(page.get_by_role("main")).to_be_visible()
        return page

    async def call(self, method: str, body: Any = None, **params: Any) -> Any:
        """What a bot would do: one call of the local Telegram, with `body` instead of JSON."""
        telegram = self.stage.telegram
        url = f"{telegram.url}/bot{telegram.token}/{method}"
        sent = {"json": params} if body is None else {"data": body}
        async with aiohttp.ClientSession() as http, http.post(url, **sent) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def shown(self, html: str, **more: Any) -> Locator:
        """The newest message, after the bot has sent the seller this one."""
        body = {"chat_id": self.stage.seller.id, "text": html, "parse_mode": "HTML", **more}
        return await self.message(await self.call("sendMessage", **body))

    async def message(self, sent: Any) -> Locator:
        """The message of this Message object, once it is there."""
        key = -sent.get("ephemeral_message_id", 0) or sent["message_id"]
        message = self.log.locator(f'[data-key="{key}"]')
        await expect(message).to_be_visible()
        return message


@asynccontextmanager
async def visiting(browser: Browser, stage: Stage, **options: Any) -> AsyncIterator[Visit]:
    """The seller at a phone; at the end no error was logged and nothing foreign was asked for."""
    context = await browser.new_context(**_OPTIONS | options)
    try:
        context.set_default_timeout(PATIENCE)
        visit = Visit(stage, context, await context.new_page())
        visit.watch()
        await visit.be("Seller")
        yield visit
    finally:
        await context.close()
    assert not visit.complaints, visit.complaints
    assert not visit.strays, visit.strays
