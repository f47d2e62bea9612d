"""What the bot does for a business account beside sending and editing."""

from typing import Any

from bot.sandbox.telegram.accounts import (
    allowed,
    connection_of,
    dialog_of,
    message_in,
)
from bot.sandbox.telegram.checks import DELETABLE, message_ids_of
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.state import Json, World

Params = dict[str, Any]


async def get_business_connection(world: World, params: Params) -> Json:
    return connection_of(world, params).as_api()


async def read_business_message(world: World, params: Params) -> bool:
    connection = connection_of(world, params)
    allowed(connection, "can_read_messages")
    dialog = dialog_of(world, connection, params)
    message = message_in(dialog, params)
    if not connection.is_active(dialog, world.clock()):
        raise bad_request("BUSINESS_PEER_USAGE_MISSING")
    connection.read.add((connection.client(dialog).id, message.id))
    return True


async def delete_business_messages(world: World, params: Params) -> bool:
    numbers = message_ids_of(params)
    connection = connection_of(world, params)
    allowed(connection, "can_delete_sent_messages", "can_delete_all_messages")
    dialogs = [chat for pair, chat in world.dialogs.items() if connection.owner.id in pair]
    chats = [chat for chat in dialogs if set(numbers) & set(chat.messages)]
    if len(chats) > 1:  # identifiers are an account's own, so this takes two chats
        raise bad_request("MESSAGE_ID_INVALID")
    found = [
        chat.messages[number] for chat in chats for number in numbers if number in chat.messages
    ]
    for message in found:
        sent = message.business_bot is not None
        if not sent and "can_delete_all_messages" not in connection.rights:
            raise bad_request("message can't be deleted")
        if sent and world.clock() - message.date >= DELETABLE:
            raise bad_request("message can't be deleted for everyone")
    for message in found:
        world.delete(message, by_bot=True)
    return True
