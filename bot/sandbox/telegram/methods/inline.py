"""Answers to what people ask the bot in chats of their own."""

from typing import Any, Final

from bot.sandbox.telegram.ephemeral import TOO_OLD
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.inline import InlineAnswer
from bot.sandbox.telegram.results import button_of, result_of, results_of
from bot.sandbox.telegram.state import Json, StoredMessage, World

Params = dict[str, Any]

QUERY_LIFE: Final = 30  # seconds; from then on an inline query cannot be answered
CACHE: Final = 300  # seconds
LONGEST_CACHE: Final = 24 * 3600
OFFSET_BYTES: Final = 64


async def answer_inline_query(world: World, params: Params) -> bool:
    button, start_parameter = button_of(params.get("button"))
    results = results_of(world, params.get("results"))
    next_offset = params.get("next_offset", "")
    if len(next_offset.encode()) > OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    query = world.inline.waiting.get(params.get("inline_query_id", ""))
    if query is None or query.answer or world.clock() - query.at > QUERY_LIFE:
        raise bad_request(TOO_OLD)
    world.inline.answer(
        query,
        InlineAnswer(results, next_offset, button, start_parameter),
        seconds=min(max(params.get("cache_time", CACHE), 0), LONGEST_CACHE),
        personal=params.get("is_personal", False),
    )
    world.changes.notify()
    return True


async def answer_guest_query(world: World, params: Params) -> Json:
    if not params.get("result"):
        raise bad_request("Result isn't specified")
    result = result_of(world, params["result"])
    query = world.guests.get(params.get("guest_query_id", ""))
    if query is None or query.answered:
        raise bad_request(TOO_OLD)
    query.answered = True
    asked = query.message
    message = StoredMessage(
        id=world.next_message_id(asked.chat),
        chat=asked.chat,
        sender=world.bot,
        date=world.now(),
        text=result.text,
        entities=list(result.entities),
        markup=result.markup,
        thread=asked.thread,
        reply_to=asked,
        link_preview=result.link_preview,
        inline_id=f"G{next(world.serial):08d}-{asked.chat.id}",
        guest_caller=query.caller,
    )
    world.post(message)
    return {"inline_message_id": message.inline_id}
