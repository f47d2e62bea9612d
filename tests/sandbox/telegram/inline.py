"""Inline queries from the bot's side."""

import asyncio

from aiogram import Bot
from aiogram.types import InlineQuery, InlineQueryResultArticle, InputTextMessageContent

from bot.sandbox.telegram import Dialog, InlineAnswer, Person
from tests.sandbox.telegram.bots import keyboard, newest


def article(text: str, *, buttons: bool = True) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=text,
        title=text,
        description="Sends a card",
        input_message_content=InputTextMessageContent(
            message_text=f"<b>{text}</b>", parse_mode="HTML"
        ),
        reply_markup=keyboard("Pay") if buttons else None,
    )


async def asked(bot: Bot) -> InlineQuery:
    query = (await newest(bot)).inline_query
    assert query is not None
    return query


async def ask(
    bot: Bot, person: Person, text: str, *, chat: Dialog | None = None, **answer: object
) -> InlineAnswer:
    """A query and the bot's answer to it, one article."""
    waiting = asyncio.create_task(person.inline(text, chat=chat))
    await asyncio.sleep(0)
    results = [article(text, buttons=bool(answer.pop("buttons", True)))]
    await bot.answer_inline_query((await asked(bot)).id, results, **answer)  # type: ignore[arg-type]
    return await waiting
