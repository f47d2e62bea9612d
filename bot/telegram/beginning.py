"""How often somebody may begin to ask for an invoice.

It is counted where a request or a conversation begins and nowhere else: who is in the middle of one
is never sent away from its end. Where it is known that one more may be, it is counted beside the
work, in the same round trip as the intent.
"""

from bot.telegram.ports import Throttle
from bot.telegram.texts import asking
from bot.telegram.who import Who


async def too_many(who: Who, limits: Throttle) -> str | None:
    """Count one more; what to say where it is one too many."""
    if who.may_begin:
        limits.count("create", who.place.user_id)
        if not who.private:
            limits.count("create_here", who.place.chat_id)
        return None
    seconds = await limits.take("create", who.place.user_id)
    if not seconds and not who.private:
        seconds = await limits.take("create_here", who.place.chat_id)
    return asking.too_many(who.tr, seconds) if seconds else None
