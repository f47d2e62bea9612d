"""How the bot asks for updates, and how it answers a tap."""

from typing import Any, Final

from bot.sandbox.telegram.entities import utf16_length
from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.methods.webhooks import allow
from bot.sandbox.telegram.state import CallbackAnswer, World

Params = dict[str, Any]

CALLBACK_LIFE: Final = 150  # seconds; from then on a tap cannot be answered
ANSWER_UNITS: Final = 200
LONGEST_POLL: Final = 50  # seconds
_WEBHOOK_ACTIVE: Final = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


async def get_updates(world: World, params: Params) -> list[dict[str, Any]]:
    if world.webhook.url:
        raise ApiError(409, _WEBHOOK_ACTIVE)
    allow(world, params)
    timeout = min(max(params.get("timeout", 0), 0), LONGEST_POLL)
    return await world.updates.poll(params.get("offset", 0), params.get("limit", 100), timeout)


async def answer_callback_query(world: World, params: Params) -> bool:
    callback = world.callbacks.get(params.get("callback_query_id", ""))
    if callback is None or world.clock() - callback.at > CALLBACK_LIFE:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = params.get("text", "")
    if utf16_length(text) > ANSWER_UNITS:
        raise bad_request("MESSAGE_TOO_LONG")
    url = params.get("url")
    if url and not url.startswith(
        (f"https://t.me/{world.bot.username}?", f"t.me/{world.bot.username}?")
    ):
        raise bad_request("URL_INVALID")
    if callback.answer is None:  # the app stops waiting at the first answer
        callback.answer = CallbackAnswer(text, params.get("show_alert", False), url)
        world.changes.notify()
    return True
