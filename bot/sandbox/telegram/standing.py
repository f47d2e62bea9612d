"""What the bot is told when its standing in a chat changes."""

from bot.sandbox.telegram.state import Chat, Json, User, World


def set_blocked(world: World, chat: Chat, *, blocked: bool) -> None:
    """Block or unblock the bot in the private chat; it is told when that changes anything."""
    if chat.blocked == blocked or chat.person is None:
        return
    chat.blocked = blocked
    bot = {"user": world.bot.as_api()}
    kicked, member = {**bot, "status": "kicked", "until_date": 0}, {**bot, "status": "member"}
    before, now = (member, kicked) if blocked else (kicked, member)
    tell_of_standing(world, chat, chat.person, before, now)


def tell_of_standing(world: World, chat: Chat, by: User, before: Json, now: Json) -> None:
    """Tell the bot what it was and is now in a chat, as ChatMember objects, and who did it."""
    update = {
        "chat": chat.as_api(),
        "from": by.as_api(),
        "date": world.now(),
        "old_chat_member": before,
        "new_chat_member": now,
    }
    world.updates.push({"my_chat_member": update})
