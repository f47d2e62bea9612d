"""How aiogram's client drives each method: one function a method, on one stage."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from aiogram import Bot
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    EphemeralMessageParameters,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    Message,
)

from bot.sandbox.telegram import Business, Dialog, Group, LocalTelegram, Person
from tests.sandbox.telegram.pictures import png

ARTICLE: Final = InlineQueryResultArticle(
    id="1", title="50 EUR", input_message_content=InputTextMessageContent(message_text="50 EUR")
)
MARKUP: Final = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Refresh", callback_data="r")]]
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A seller in a chat with the bot, in a group it runs, in a dialog with a buyer."""

    telegram: LocalTelegram
    bot: Bot
    seller: Person
    group: Group
    dialog: Dialog
    business: Business
    buyer: Person


Drive = Callable[[Stage], Awaitable[object]]


def picture() -> BufferedInputFile:
    return BufferedInputFile(png(), "qr.png")


async def card(stage: Stage) -> Message:
    return await stage.bot.send_message(stage.seller.id, "card")


async def whisper(stage: Stage, *, photo: bool = False) -> tuple[int, int, int]:
    """A new ephemeral message: chat, receiver, ephemeral id."""
    to = EphemeralMessageParameters(receiver_user_id=stage.seller.id)
    sent = (
        await stage.bot.send_photo(
            stage.group.id, picture(), caption="a", ephemeral_message_parameters=to
        )
        if photo
        else await stage.bot.send_message(stage.group.id, "a", ephemeral_message_parameters=to)
    )
    assert sent.ephemeral_message_id is not None
    return stage.group.id, stage.seller.id, sent.ephemeral_message_id


async def edit_text(stage: Stage) -> object:
    sent = await card(stage)
    return await stage.bot.edit_message_text("b", chat_id=sent.chat.id, message_id=sent.message_id)


async def edit_markup(stage: Stage) -> object:
    sent = await card(stage)
    return await stage.bot.edit_message_reply_markup(
        chat_id=sent.chat.id, message_id=sent.message_id, reply_markup=MARKUP
    )


async def edit_caption(stage: Stage) -> object:
    sent = await stage.bot.send_photo(stage.seller.id, picture())
    return await stage.bot.edit_message_caption(
        chat_id=sent.chat.id, message_id=sent.message_id, caption="paid"
    )


async def get_file(stage: Stage) -> object:
    sent = await stage.bot.send_document(stage.seller.id, BufferedInputFile(b"a;b", "list.csv"))
    assert sent.document is not None
    return await stage.bot.get_file(sent.document.file_id)


async def delete(stage: Stage) -> object:
    sent = await card(stage)
    return await stage.bot.delete_message(sent.chat.id, sent.message_id)


async def delete_many(stage: Stage) -> object:
    sent = await card(stage)
    return await stage.bot.delete_messages(sent.chat.id, [sent.message_id])


async def answer_callback(stage: Stage) -> object:
    await stage.bot.send_message(stage.seller.id, "card", reply_markup=MARKUP)
    tapped = await stage.seller.tap("Refresh")
    return await stage.bot.answer_callback_query(tapped.callback_ids[0], "done")


async def answer_inline(stage: Stage) -> object:
    stage.telegram.world.updates.drop()
    asked = asyncio.create_task(stage.seller.inline("50 EUR"))
    query = (await stage.bot.get_updates(timeout=5))[0].inline_query
    assert query is not None
    answered = await stage.bot.answer_inline_query(query.id, [ARTICLE])
    assert (await asked).titles == ["50 EUR"]
    return answered


async def answer_guest(stage: Stage) -> object:
    await stage.seller.send(f"@{stage.telegram.bot_username} 50 EUR", chat=stage.dialog)
    (number,) = stage.telegram.world.guests
    return await stage.bot.answer_guest_query(number, ARTICLE)


async def edit_ephemeral_text(stage: Stage) -> object:
    chat, receiver, number = await whisper(stage)
    return await stage.bot.edit_ephemeral_message_text(chat, receiver, number, text="b")


async def edit_ephemeral_markup(stage: Stage) -> object:
    chat, receiver, number = await whisper(stage)
    return await stage.bot.edit_ephemeral_message_reply_markup(
        chat, receiver, number, reply_markup=MARKUP
    )


async def edit_ephemeral_caption(stage: Stage) -> object:
    chat, receiver, number = await whisper(stage, photo=True)
    return await stage.bot.edit_ephemeral_message_caption(chat, receiver, number, caption="b")


async def edit_ephemeral_media(stage: Stage) -> object:
    chat, receiver, number = await whisper(stage)
    media = InputMediaPhoto(media=picture(), caption="b")
    return await stage.bot.edit_ephemeral_message_media(chat, receiver, number, media)


async def delete_ephemeral(stage: Stage) -> object:
    return await stage.bot.delete_ephemeral_message(*await whisper(stage))


async def read_business(stage: Stage) -> object:
    sent = await stage.buyer.send("hi", chat=stage.dialog)
    done = await stage.bot.read_business_message(stage.business.id, stage.buyer.id, sent.message_id)
    assert stage.business.has_read(sent.message_id)
    return done


async def delete_business(stage: Stage) -> object:
    sent = await stage.buyer.send("hi", chat=stage.dialog)
    return await stage.bot.delete_business_messages(stage.business.id, [sent.message_id])


async def set_commands(stage: Stage) -> object:
    return await stage.bot.set_my_commands([BotCommand(command="invoice", description="New")])


DRIVERS: Final[Mapping[str, Drive]] = {
    "getMe": lambda stage: stage.bot.get_me(),
    "getUpdates": lambda stage: stage.bot.get_updates(),
    "setWebhook": lambda stage: stage.bot.set_webhook("https://bot.example/telegram"),
    "deleteWebhook": lambda stage: stage.bot.delete_webhook(),
    "getWebhookInfo": lambda stage: stage.bot.get_webhook_info(),
    "answerCallbackQuery": answer_callback,
    "answerInlineQuery": answer_inline,
    "answerGuestQuery": answer_guest,
    "sendMessage": card,
    "sendPhoto": lambda stage: stage.bot.send_photo(stage.seller.id, picture()),
    "sendDocument": lambda stage: stage.bot.send_document(stage.seller.id, picture()),
    "getFile": get_file,
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete,
    "deleteMessages": delete_many,
    "editEphemeralMessageText": edit_ephemeral_text,
    "editEphemeralMessageCaption": edit_ephemeral_caption,
    "editEphemeralMessageMedia": edit_ephemeral_media,
    "editEphemeralMessageReplyMarkup": edit_ephemeral_markup,
    "deleteEphemeralMessage": delete_ephemeral,
    "getBusinessConnection": lambda stage: stage.bot.get_business_connection(stage.business.id),
    "readBusinessMessage": read_business,
    "deleteBusinessMessages": delete_business,
    "sendChatAction": lambda stage: stage.bot.send_chat_action(stage.seller.id, "typing"),
    "getChat": lambda stage: stage.bot.get_chat(stage.group.id),
    "getChatMember": lambda stage: stage.bot.get_chat_member(stage.group.id, stage.seller.id),
    "getChatAdministrators": lambda stage: stage.bot.get_chat_administrators(stage.group.id),
    "setMyCommands": set_commands,
    "getMyCommands": lambda stage: stage.bot.get_my_commands(),
    "deleteMyCommands": lambda stage: stage.bot.delete_my_commands(),
    "setMyDescription": lambda stage: stage.bot.set_my_description("Invoices"),
    "getMyDescription": lambda stage: stage.bot.get_my_description(),
    "setMyShortDescription": lambda stage: stage.bot.set_my_short_description("Invoices"),
    "getMyShortDescription": lambda stage: stage.bot.get_my_short_description(),
}
