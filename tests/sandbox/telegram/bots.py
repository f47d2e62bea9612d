"""Small helpers of tests that look at the bot's side."""

from aiogram import Bot
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update


async def newest(bot: Bot) -> Update:
    """The last update that is pending, all before it confirmed."""
    return (await bot.get_updates(offset=-1))[0]


async def newest_tap(bot: Bot) -> CallbackQuery:
    query = (await newest(bot)).callback_query
    assert query is not None
    return query


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    rows = [[InlineKeyboardButton(text=label, callback_data=f"d:{label}")] for label in labels]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def switches(**fields: object) -> InlineKeyboardMarkup:
    button = InlineKeyboardButton.model_validate({"text": "Send to buyer", **fields})
    return InlineKeyboardMarkup(inline_keyboard=[[button]])
