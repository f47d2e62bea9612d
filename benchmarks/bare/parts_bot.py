"""The same bare job on the parts of this bot: its sessions, its store, its event loop. What this
bot takes more is what its promises take; what grammY takes less is Python's.
"""

import asyncio
import gc
import json
import os

import httpx
from aiogram import Bot, Dispatcher
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandObject
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
from redis.asyncio import Redis
from uvloop import new_event_loop

from bot.cryptocloud.transport import create_http, post
from bot.storage.connection import connect
from bot.telegram.session import Session

dispatcher = Dispatcher(disable_fsm=True)


@dispatcher.message(Command("invoice"))
async def invoice(
    message: Message, command: CommandObject, http: httpx.AsyncClient, redis: Redis
) -> None:
    """`/invoice 50 EUR`."""
    amount, currency = (command.args or "").split()[:2]
    body = {"shop_id": os.environ["CRYPTOCLOUD_SHOP_ID"], "amount": amount, "currency": currency}
    _, answer = await post(http, "/invoice/create", json.dumps(body).encode())
    made = json.loads(answer)["result"]
    record = {"amount": amount, "currency": currency, "link": made["link"], "status": "created"}
    await redis.hset(f"invoice:{made['uuid']}", mapping=record)  # type: ignore[misc] # sync or not
    button = InlineKeyboardButton(text=f"Pay {amount} {currency}", url=made["link"])
    await message.answer(
        f"Invoice for {amount} {currency}\nID: {made['uuid']}",
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
    )


@dispatcher.startup()
async def started() -> None:
    """As this bot has it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


async def main() -> None:
    """Poll until ended."""
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    bot = Bot(os.environ["BOT_TOKEN"], session=Session(api=server))
    redis = connect(os.environ["REDIS_URL"])
    async with create_http(
        os.environ["CRYPTOCLOUD_API_URL"], os.environ["CRYPTOCLOUD_API_KEY"]
    ) as http:
        await dispatcher.start_polling(bot, http=http, redis=redis)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main())
