"""The way of every edit: which message is meant, whether it may be edited, what is answered."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from bot.sandbox.telegram.accounts import (
    allowed,
    connection_of,
    message_in,
    writable_dialog_of,
)
from bot.sandbox.telegram.business import BusinessConnection
from bot.sandbox.telegram.checks import DELETABLE, editable_chat_of, message_of
from bot.sandbox.telegram.ephemeral import ephemeral_message_of
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.state import Json, StoredMessage, World

Params = dict[str, Any]
Find = Callable[[World, Params], "Target"]

NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


class Target(NamedTuple):
    """The message to edit, and the connection through which it is answered."""

    message: StoredMessage
    business: BusinessConnection | None = None

    def answer(self) -> Json | bool:
        """The Message object; True where the reference says so."""
        if self.message.inline_id is not None or self.message.ephemeral:
            return True
        return self.business.view(self.message) if self.business else self.message.as_api()


def target_of(world: World, params: Params) -> Target:
    """The message that the bot may edit."""
    if params.get("chat_id") is None and not params.get("message_id"):
        return Target(_inline_message(world, params))
    if params.get("business_connection_id"):
        connection = connection_of(world, params)
        dialog = writable_dialog_of(world, connection, params)
        message = message_in(dialog, params)
        _check_business(world, message, connection)
        return Target(message, connection)
    message = message_of(editable_chat_of(world, params), params, "message to edit")
    if message.sender is not world.bot or message.inline_id is not None or _is_fixed(message):
        raise bad_request("message can't be edited")
    return Target(message)


def ephemeral_target_of(world: World, params: Params) -> Target:
    """The ephemeral message that the bot may edit."""
    return Target(ephemeral_message_of(world, params))


def edited(world: World, target: Target, **changes: Any) -> Json | bool:
    """Make the changes, fields of StoredMessage. Raises ApiError 400 when there are none."""
    message = target.message
    if all(getattr(message, name) == value for name, value in changes.items()):
        raise bad_request(NOT_MODIFIED)
    for name, value in changes.items():
        setattr(message, name, value)
    message.edited_at = world.now()
    world.record("edited", message, by_bot=True)
    return target.answer()


def _inline_message(world: World, params: Params) -> StoredMessage:
    number = params.get("inline_message_id")
    if not number:
        raise bad_request("Message identifier is not specified")
    message = world.inline_messages.get(number)
    if message is None:
        raise bad_request("MESSAGE_ID_INVALID")
    return message


def _check_business(world: World, message: StoredMessage, connection: BusinessConnection) -> None:
    allowed(connection, "can_reply")
    if message.sender is not connection.owner or _is_fixed(message):
        raise bad_request("message can't be edited")
    by_the_bot = message.business_bot is not None or message.keyboard
    if not by_the_bot and world.clock() - message.date >= DELETABLE:
        raise bad_request("MESSAGE_EDIT_TIME_EXPIRED")


def _is_fixed(message: StoredMessage) -> bool:
    """Service messages, and those with a keyboard that is not inline, stay as they are."""
    return bool(message.service) or (message.markup is not None and not message.keyboard)
