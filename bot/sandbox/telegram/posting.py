"""How what people write, edit and delete becomes updates for the bot."""

from bot.sandbox.telegram.business import BusinessConnection
from bot.sandbox.telegram.inline import GuestQuery
from bot.sandbox.telegram.state import Chat, StoredMessage, World


def announce(world: World, message: StoredMessage, *, edited: bool = False) -> int | None:
    """Tell the bot of a message that a person wrote or edited, in every way it may know of it.

    The id of the last update; None when it hears nothing.
    """
    kind = "edited_message" if edited else "message"
    update_id = None
    if knows(world, message.chat):
        return world.updates.push({kind: message.as_api()})
    kind = "edited_business_message" if edited else "business_message"
    for connection in connections_to(world, message.chat):
        update_id = world.updates.push({kind: connection.view(message)})
    if not edited and message.via_bot is None and _summons(world, message):
        update_id = _summon(world, message)
    return update_id


def announce_deletion(world: World, message: StoredMessage) -> int | None:
    """Tell the bot that a person deleted a message: only business connections are told."""
    update_id = None
    for connection in connections_to(world, message.chat):
        deleted = {
            "business_connection_id": connection.id,
            "chat": connection.client(message.chat).as_chat(),
            "message_ids": [message.id],
        }
        update_id = world.updates.push({"deleted_business_messages": deleted})
    return update_id


def connections_to(world: World, chat: Chat) -> list[BusinessConnection]:
    """The connections through which the bot sees this chat."""
    if not chat.dialog:
        return []
    return [
        connection
        for connection in world.business.values()
        if connection.enabled and connection.owner.id in chat.members
    ]


def knows(world: World, chat: Chat) -> bool:
    """Whether the chat is one of the bot's own."""
    return not chat.dialog and (chat.type == "private" or world.bot.id in chat.members)


def _summons(world: World, message: StoredMessage) -> bool:
    """Whether the text mentions the bot, which is how a guest is asked."""
    name = f"@{world.bot.username}".lower()
    words = message.text.encode("utf-16-le")
    return world.abilities.guest and any(
        entity["type"] == "mention"
        and words[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])]
        .decode("utf-16-le")
        .lower()
        == name
        for entity in message.entities
    )


def _summon(world: World, message: StoredMessage) -> int | None:
    number = world.next_query_id(message.sender.id)
    world.guests[number] = GuestQuery(number, message.sender, message)
    shown = {**message.as_api(), "guest_query_id": number}
    if message.chat.dialog:
        other = next(user for user in message.chat.members.values() if user is not message.sender)
        shown["chat"] = other.as_chat()
    return world.updates.push({"guest_message": shown})
