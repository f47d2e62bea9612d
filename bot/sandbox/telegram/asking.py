"""Inline mode as people use it: type after the bot's name, look at the list, choose."""

import asyncio
from dataclasses import replace
from typing import Final

from bot.sandbox.telegram.inline import InlineAnswer, InlineQuery, InlineResult
from bot.sandbox.telegram.posting import announce
from bot.sandbox.telegram.state import Chat, StoredMessage, User, World

QUERY_LENGTH: Final = 256


async def ask(
    world: World, user: User, chat: Chat, text: str, *, offset: str, timeout: float
) -> InlineAnswer:
    """What the bot, or Telegram's cache, answers to the query.

    Raises ValueError when the app would not ask, AssertionError when no answer comes in time.
    """
    if not world.abilities.inline:
        raise ValueError("the bot has no inline mode")
    if len(text) > QUERY_LENGTH:
        raise ValueError(f"an inline query has at most {QUERY_LENGTH} characters")
    answer = world.inline.cached(user.id, text, offset)
    update_id = None
    if answer is None:
        number = world.next_query_id(user.id)
        query = InlineQuery(number, user.id, text, offset, world.clock())
        world.inline.waiting[number] = query
        update_id = world.updates.push(
            {
                "inline_query": {
                    "id": number,
                    "from": user.as_api(),
                    "chat_type": _chat_type(user, chat),
                    "query": text,
                    "offset": offset,
                }
            }
        )
        answer = await _answered(world, query, timeout)
    results = tuple(replace(result, query=text, chat=chat) for result in answer.results)
    return replace(answer, results=results, update_id=update_id)


def choose(world: World, user: User, result: InlineResult) -> tuple[StoredMessage, int | None]:
    """Send a result into its chat; the bot is told, and can edit it if it has a keyboard.

    The second value is the update that tells it what was chosen.
    """
    chat = result.chat
    if chat is None:
        raise ValueError("choose one of the results that `inline` returned")
    inline_id = update_id = None
    if result.markup is not None:
        inline_id = f"I{next(world.serial):08d}-{user.id}"
    message = world.post(
        StoredMessage(
            id=world.next_message_id(chat),
            chat=chat,
            sender=user,
            date=world.now(),
            text=result.text,
            entities=list(result.entities),
            markup=result.markup,
            link_preview=result.link_preview,
            via_bot=world.bot,
            inline_id=inline_id,
        )
    )
    if world.abilities.inline_feedback:
        chosen = {"result_id": result.id, "from": user.as_api(), "query": result.query}
        shown = {"inline_message_id": inline_id} if inline_id is not None else {}
        update_id = world.updates.push({"chosen_inline_result": {**chosen, **shown}})
    announce(world, message)
    return message, update_id


def _chat_type(user: User, chat: Chat) -> str:
    return "sender" if chat.id == user.id else chat.type


async def _answered(world: World, query: InlineQuery, timeout: float) -> InlineAnswer:
    try:
        async with asyncio.timeout(timeout):
            while query.answer is None:
                await world.changes.wait()
    except TimeoutError:
        words = f"[@{world.bot.username} {query.text}] is not answered within {timeout:g} s"
        raise AssertionError(words) from None
    return query.answer
