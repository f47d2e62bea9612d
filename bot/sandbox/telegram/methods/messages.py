"""Sending, editing and deleting messages of text."""

from typing import Any

from bot.sandbox.telegram.checks import (
    check_deletable,
    editable_chat_of,
    message_ids_of,
    message_of,
)
from bot.sandbox.telegram.ephemeral import ephemeral_message_of
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.methods.editing import (
    Find,
    edited,
    ephemeral_target_of,
    target_of,
)
from bot.sandbox.telegram.methods.sending import Content, markup_of, send
from bot.sandbox.telegram.state import Json, World
from bot.sandbox.telegram.texts import link_preview_of, text_of

Params = dict[str, Any]


async def send_message(world: World, params: Params) -> Json:
    markup = markup_of(world, params)
    preview = link_preview_of(params)
    content = Content(text_of(world, params), preview)
    return send(world, params, content, markup)


async def edit_message_text(world: World, params: Params) -> Json | bool:
    return _edit_text(world, params, target_of)


async def edit_ephemeral_message_text(world: World, params: Params) -> Json | bool:
    return _edit_text(world, params, ephemeral_target_of)


async def edit_message_reply_markup(world: World, params: Params) -> Json | bool:
    return _edit_markup(world, params, target_of)


async def edit_ephemeral_message_reply_markup(world: World, params: Params) -> Json | bool:
    return _edit_markup(world, params, ephemeral_target_of)


async def delete_message(world: World, params: Params) -> bool:
    if params.get("chat_id") is None:
        raise bad_request("Chat identifier is not specified")
    if not params.get("message_id"):
        raise bad_request("Message identifier is not specified")
    message = message_of(editable_chat_of(world, params), params, "message to delete")
    check_deletable(world, message)
    world.delete(message, by_bot=True)
    return True


async def delete_messages(world: World, params: Params) -> bool:
    numbers = message_ids_of(params)
    chat = editable_chat_of(world, params)
    found = [chat.messages[number] for number in numbers if number in chat.messages]
    for message in found:
        check_deletable(world, message)
    for message in found:
        world.delete(message, by_bot=True)
    return True


async def delete_ephemeral_message(world: World, params: Params) -> bool:
    world.delete(ephemeral_message_of(world, params), by_bot=True)
    return True


def _edit_text(world: World, params: Params, find: Find) -> Json | bool:
    markup = markup_of(world, params, inline_only=True)
    preview = link_preview_of(params)
    text, entities = text_of(world, params, too_long="MESSAGE_TOO_LONG")
    target = find(world, params)
    if target.message.media is not None:
        raise bad_request("There is no text in the message to edit")
    return edited(world, target, text=text, entities=entities, link_preview=preview, markup=markup)


def _edit_markup(world: World, params: Params, find: Find) -> Json | bool:
    markup = markup_of(world, params, inline_only=True)
    return edited(world, find(world, params), markup=markup)
