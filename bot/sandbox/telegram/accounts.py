"""What a business connection lets the bot do: checks in front of sends, edits and deletions."""

from typing import Any

from bot.sandbox.telegram.business import BusinessConnection
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.state import Chat, StoredMessage, World

Params = dict[str, Any]


def connection_of(world: World, params: Params) -> BusinessConnection:
    """The connection of `business_connection_id`."""
    connection = world.business.get(params.get("business_connection_id", ""))
    if connection is None:
        raise bad_request("business connection not found")
    return connection


def allowed(connection: BusinessConnection, *rights: str) -> None:
    """Raises ApiError 400 unless the connection is on and gives one of the rights."""
    if not connection.enabled:
        raise bad_request("BUSINESS_CONNECTION_INVALID")
    if not connection.rights & set(rights):
        raise bad_request("BOT_ACCESS_FORBIDDEN")


def dialog_of(world: World, connection: BusinessConnection, params: Params) -> Chat:
    """The owner's private chat with the person of `chat_id`."""
    chat_id = params.get("chat_id")
    if chat_id is None:
        raise bad_request("chat identifier is empty")
    if not isinstance(chat_id, int):
        raise bad_request("chat identifier must be a valid Integer")
    if chat_id < 0:
        raise bad_request("Chat must be a private chat")
    if chat_id == connection.owner.id:
        raise bad_request("Messages must not be sent to self")
    client = world.users.get(chat_id)
    dialog = world.dialog_of(connection.owner, client) if client is not None else None
    if dialog is None:
        raise bad_request("BUSINESS_PEER_INVALID")
    return dialog


def writable_dialog_of(world: World, connection: BusinessConnection, params: Params) -> Chat:
    """That chat, if the bot may write there now."""
    allowed(connection, "can_reply")
    dialog = dialog_of(world, connection, params)
    if not connection.is_active(dialog, world.clock()):
        raise bad_request("BUSINESS_PEER_USAGE_MISSING")
    return dialog


def message_in(dialog: Chat, params: Params) -> StoredMessage:
    """The message of `message_id` in a business account's chat."""
    number = params.get("message_id", 0)
    if number <= 0:
        raise bad_request("Invalid message identifier specified")
    message = dialog.messages.get(number)
    if message is None:
        raise bad_request("MESSAGE_ID_INVALID")
    return message
