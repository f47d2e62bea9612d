"""A bare bot on aiogram, as its documentation leads to one: httpx on its default transport, one
HSET, one message with a button. No idempotency, no rights, no settings, no languages, no watching.
"""

import asyncio
import os

import httpx
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandObject
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
from redis.asyncio import Redis

dispatcher = Dispatcher()


@dispatcher.message(Command("invoice"))
async def invoice(
    message: Message, command: CommandObject, http: httpx.AsyncClient, redis: Redis
) -> None:
    """`/invoice 50 EUR`."""
    amount, currency = (command.args or "").split()[:2]
    body = {"shop_id": os.environ["CRYPTOCLOUD_SHOP_ID"], "amount": amount, "currency": currency}
    answer = await http.post("/invoice/create", json=body)
    made = answer.json()["result"]
    record = {"amount": amount, "currency": currency, "link": made["link"], "status": "created"}
    await redis.hset(f"invoice:{made['uuid']}", mapping=record)  # type: ignore[misc] # sync or not
    button = InlineKeyboardButton(text=f"Pay {amount} {currency}", url=made["link"])
    await message.answer(
        f"Invoice for {amount} {currency}\nID: {made['uuid']}",
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
    )


async def main() -> None:
    """Poll until ended."""
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    bot = Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=server))
    redis = Redis.from_url(os.environ["REDIS_URL"], decode_responses=True)
    headers = {"Authorization": f"Token {os.environ['CRYPTOCLOUD_API_KEY']}"}
    async with httpx.AsyncClient(
        base_url=os.environ["CRYPTOCLOUD_API_URL"], headers=headers
    ) as http:
        await dispatcher.start_polling(bot, http=http, redis=redis)


if __name__ == "__main__":
    asyncio.run(main())
