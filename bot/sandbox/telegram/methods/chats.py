"""What the bot asks about chats and their members."""

from typing import Any

from bot.sandbox.telegram.accounts import connection_of, writable_dialog_of
from bot.sandbox.telegram.checks import chat_of, living_chat_of, topic_of, writable_chat_of
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.parameters import CHAT_ACTIONS
from bot.sandbox.telegram.state import Chat, User, World

Json = dict[str, Any]
Params = dict[str, Any]

_RIGHTS = (
    "can_manage_chat",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)

_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


async def send_chat_action(world: World, params: Params) -> bool:
    if params.get("action") not in CHAT_ACTIONS:
        raise bad_request("Wrong parameter action in request")
    if params.get("business_connection_id"):
        chat = writable_dialog_of(world, connection_of(world, params), params)
    else:
        chat = writable_chat_of(world, params)
        topic_of(chat, params)
    world.actions.append((chat.id, params["action"]))
    world.changes.notify()
    return True


async def get_chat(world: World, params: Params) -> Json:
    chat = chat_of(world, params)
    private = chat.type == "private"
    gifts = dict.fromkeys(_GIFTS, private)
    shown = {
        **chat.as_api(),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {**gifts, "gifts_from_channels": private},
    }
    if private:
        username = chat.person.username if chat.person is not None else None
        return shown | ({"active_usernames": [username]} if username else {})
    may_write = dict.fromkeys(PERMISSIONS, True)
    return shown | {"permissions": {**may_write, "can_change_info": False}}


async def get_chat_member(world: World, params: Params) -> Json:
    user_id = params.get("user_id", 0)
    if user_id <= 0:
        raise bad_request("Invalid user_id specified")
    chat = living_chat_of(world, params)
    user = world.users.get(user_id)
    if user is None:
        raise bad_request("user not found")
    return member(chat, user)


async def get_chat_administrators(world: World, params: Params) -> list[Json]:
    chat = living_chat_of(world, params)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    people = [chat.members[user_id] for user_id in sorted(chat.members)]
    return [
        member(chat, user)
        for user in people
        if chat.standing(user) in {"creator", "administrator"}
        and (not user.is_bot or user is world.bot or params.get("return_bots", False))
    ]


def member(chat: Chat, user: User) -> Json:
    """The ChatMember object of `user` in `chat`."""
    standing = chat.standing(user)
    shown: Json = {"status": standing, "user": user.as_api()}
    match standing:
        case "creator":
            return {**shown, "is_anonymous": False}
        case "administrator":
            return {**shown, **_administrator(chat, user)}
        case "restricted":
            muted = dict.fromkeys(PERMISSIONS, False)
            return {**shown, "is_member": True, "until_date": 0, **muted}
        case "kicked":
            return {**shown, "until_date": 0}
    return shown


def _administrator(chat: Chat, user: User) -> Json:
    rights = dict.fromkeys(_RIGHTS, not user.is_bot)
    return {
        "can_be_edited": False,
        "is_anonymous": False,
        **rights,
        "can_manage_chat": True,
        "can_delete_messages": chat.bot_can_delete if user.is_bot else True,
        "can_send_welcome_messages": False,
    }
