"""What the bot is told when its standing in a chat changes."""

from bot.sandbox.telegram.state import Chat, World


def set_blocked(world: World, chat: Chat, *, blocked: bool) -> None:
    """Block or unblock the bot in the private chat; it is told when that changes anything."""
    if chat.blocked == blocked or chat.person is None:
        return
    chat.blocked = blocked
    bot = {"user": world.bot.as_api()}
    kicked, member = {**bot, "status": "kicked", "until_date": 0}, {**bot, "status": "member"}
    update = {
        "chat": chat.as_api(),
        "from": chat.person.as_api(),
        "date": world.now(),
        "old_chat_member": member if blocked else kicked,
        "new_chat_member": kicked if blocked else member,
    }
    world.updates.push({"my_chat_member": update})
