"""The real bot on the sandbox, with people around it: what the demo and browser tests play on.

Telegram and CryptoCloud are local servers on loopback, the store is a temporary embedded one
unless another is named, and no setting of this machine is read.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.app import build
from bot.connections import StartError
from bot.sandbox.cryptocloud import LocalCryptoCloud
from bot.sandbox.page import Player, SandboxPage
from bot.sandbox.telegram import Group, LocalTelegram, Person
from bot.services.supervisor import Supervisor
from bot.settings import Settings

ADMIN_ID, SELLER_ID, BUYER_ID, STRANGER_ID = 1001, 2002, 3003, 4004
TEAM_ID = -1005005
SHOP = "Flower shop"


@dataclass(frozen=True, slots=True)
class Stage:
    """Everybody, and the servers they are on. The seller was admitted by the admin."""

    telegram: LocalTelegram
    cryptocloud: LocalCryptoCloud
    page: SandboxPage
    admin: Person
    seller: Person
    buyer: Person
    stranger: Person
    team: Group


@asynccontextmanager
async def stage(
    *, language: str = "en", port: int = 0, redis_url: str | None = None
) -> AsyncIterator[Stage]:
    """All set up, the chat page on `port` (0: a free one). Raises `StartError` when it is taken."""
    async with AsyncExitStack() as stack:
        telegram, cryptocloud = LocalTelegram(), LocalCryptoCloud()
        await telegram.start()
        stack.push_async_callback(telegram.close)
        await cryptocloud.start()
        stack.push_async_callback(cryptocloud.close)
        set_up = await _cast(telegram, cryptocloud, language)
        try:
            await set_up.page.start(port=port)
        except OSError as error:
            raise StartError(f"no page on port {port}: {error.strerror}") from None
        stack.push_async_callback(set_up.page.close)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="invoice-bot-demo-"))
        settings = Settings.build(
            bot_token=telegram.token,
            admin_ids=str(ADMIN_ID),
            cryptocloud_api_key=cryptocloud.api_key,
            cryptocloud_shop_id=cryptocloud.shop_id,
            cryptocloud_secret_key=cryptocloud.secret_key,
            cryptocloud_api_url=cryptocloud.url,
            telegram_api_url=telegram.url,
            data_dir=folder,
            http_port="0",
            ops_port="0",
            **({} if redis_url is None else {"redis_url": redis_url}),
        )
        app = await stack.enter_async_context(build(settings))
        cryptocloud.postbacks.url = f"http://127.0.0.1:{app.site.port}/cryptocloud/postback"
        running = Supervisor().start(app.run(), "bot")
        stack.push_async_callback(_ended, running)
        await _admit(set_up)
        yield set_up


async def _cast(telegram: LocalTelegram, cryptocloud: LocalCryptoCloud, language: str) -> Stage:
    def person(user_id: int, name: str, *, started: bool) -> Person:
        return telegram.person(user_id, name, language_code=language, started=started)

    admin = person(ADMIN_ID, "Admin", started=True)
    seller = person(SELLER_ID, "Seller", started=True)
    buyer = person(BUYER_ID, "Buyer", started=False)
    stranger = person(STRANGER_ID, "Stranger", started=False)
    team = telegram.group(
        TEAM_ID, "Team", [seller, buyer, admin], admins=[seller], bot_can_delete=True
    )
    players = [
        Player(seller, f"admitted as {SHOP}"),
        Player(buyer, "pays the invoices"),
        Player(admin, "runs the bot"),
        Player(stranger, "was never admitted"),
    ]
    page = SandboxPage(telegram, players, [team], telegram.world.files.find)
    return Stage(telegram, cryptocloud, page, admin, seller, buyer, stranger, team)


async def _admit(stage: Stage) -> None:
    """The admin invites the seller, who follows the link."""
    sent = await stage.admin.send(f"/invite {SHOP}")
    shown = await stage.admin.read("https://", after=sent)
    # Whatever language the admin reads in, the link is the one to copy.
    copied = next(b.value for row in shown.buttons for b in row if b.kind == "copy")
    start = await stage.seller.open(copied)
    await stage.seller.read(lambda _: True, after=start)


async def _ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.wait({running})
