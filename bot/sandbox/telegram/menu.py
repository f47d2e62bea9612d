"""Which commands the app offers somebody, by the reference's order of scopes."""

import json
from collections.abc import Iterator

from bot.sandbox.telegram.model import Chat, Json, User
from bot.sandbox.telegram.state import World


def commands_for(world: World, chat: Chat, user: User) -> list[Json]:
    """The first list of BotCommand that was set for this person in this chat."""
    languages = [user.language_code, ""] if user.language_code else [""]
    for scope in _scopes(chat, user):
        for language in languages:
            commands = world.profile.commands.get((json.dumps(scope), language))
            if commands:
                return commands
    return []


def is_ephemeral_command(world: World, chat: Chat, user: User, text: str) -> bool:
    """Whether the app sends this to the bot alone: a command that was set so, in a group."""
    if chat.type == "private" or not text.startswith("/"):
        return False
    word, _, addressee = text.split(maxsplit=1)[0].removeprefix("/").partition("@")
    if addressee and addressee.lower() != (world.bot.username or "").lower():
        return False
    offered = commands_for(world, chat, user)
    return any(each["command"] == word and each.get("is_ephemeral") for each in offered)


def _scopes(chat: Chat, user: User) -> Iterator[Json]:
    if chat.type == "private":
        yield {"type": "chat", "chat_id": chat.id}
        yield {"type": "all_private_chats"}
    else:
        runs = chat.standing(user) in {"creator", "administrator"}
        yield {"type": "chat_member", "chat_id": chat.id, "user_id": user.id}
        if runs:
            yield {"type": "chat_administrators", "chat_id": chat.id}
        yield {"type": "chat", "chat_id": chat.id}
        if runs:
            yield {"type": "all_chat_administrators"}
        yield {"type": "all_group_chats"}
    yield {"type": "default"}
