"""How often those are answered who have no right here: then with silence.

Anybody can write to the bot, and each answer counts against what Telegram lets it send. Those who
have a right here are always answered.
"""

from bot.domain.people import Role
from bot.telegram.ports import Throttle
from bot.telegram.who import Who


async def may_answer(who: Who, limits: Throttle) -> bool:
    """Count one answer; whether it may be given."""
    if who.role is not Role.STRANGER:
        return True
    if await limits.take("stranger", who.place.user_id):
        return False
    return who.private or await may_answer_here(who, limits)


async def may_answer_here(who: Who, limits: Throttle) -> bool:
    """The same of a group alone, where nobody knows who speaks."""
    return not await limits.take("stranger_here", who.place.chat_id)
