"""The bot is blocked, unblocked, removed from a group or let in again."""

from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberRestricted, ChatMemberUpdated

from bot.domain.people import Role
from bot.telegram.filters import Needs
from bot.telegram.ports import Closed
from bot.telegram.who import Who

_OUT = (ChatMemberStatus.KICKED, ChatMemberStatus.LEFT)


def setup() -> Router:
    """Anybody may do that."""
    router = Router(name="standing")
    router.my_chat_member.register(changed, Needs(Role.STRANGER))
    return router


async def changed(event: ChatMemberUpdated, who: Who, closed: Closed) -> None:
    """Note whether it can write there from now on."""
    now = event.new_chat_member
    out = now.status in _OUT or (isinstance(now, ChatMemberRestricted) and not now.is_member)
    if out:
        await closed.note_closed(who.place.chat_id)
    else:
        await closed.note_open(who.place.chat_id)
