"""The methods the local Telegram answers, one function each; the name decides, in any case."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from bot.sandbox.telegram.methods import (
    business,
    chats,
    incoming,
    inline,
    media,
    messages,
    profile,
    webhooks,
)
from bot.sandbox.telegram.state import World

Handler = Callable[[World, dict[str, Any]], Awaitable[Any]]

METHODS: Final[Mapping[str, Handler]] = {
    "getMe": profile.get_me,
    "getUpdates": incoming.get_updates,
    "setWebhook": webhooks.set_webhook,
    "deleteWebhook": webhooks.delete_webhook,
    "getWebhookInfo": webhooks.get_webhook_info,
    "answerCallbackQuery": incoming.answer_callback_query,
    "answerInlineQuery": inline.answer_inline_query,
    "answerGuestQuery": inline.answer_guest_query,
    "sendMessage": messages.send_message,
    "sendPhoto": media.send_photo,
    "sendDocument": media.send_document,
    "getFile": media.get_file,
    "editMessageText": messages.edit_message_text,
    "editMessageCaption": media.edit_message_caption,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "editEphemeralMessageText": messages.edit_ephemeral_message_text,
    "editEphemeralMessageCaption": media.edit_ephemeral_message_caption,
    "editEphemeralMessageMedia": media.edit_ephemeral_message_media,
    "editEphemeralMessageReplyMarkup": messages.edit_ephemeral_message_reply_markup,
    "deleteEphemeralMessage": messages.delete_ephemeral_message,
    "getBusinessConnection": business.get_business_connection,
    "readBusinessMessage": business.read_business_message,
    "deleteBusinessMessages": business.delete_business_messages,
    "sendChatAction": chats.send_chat_action,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
}

BY_LOWER_NAME: Final = {name.lower(): name for name in METHODS}
