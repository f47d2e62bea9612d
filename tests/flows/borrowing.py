"""Buttons of every kind, real ones, and what shows that a tap on them did nothing."""

import inspect
from dataclasses import dataclass
from typing import Any, cast

from aiogram.filters.callback_data import CallbackData
from redis.asyncio import Redis

from bot.sandbox.telegram import Group, Message, Person
from bot.storage import keys
from bot.telegram import callbacks
from tests.flows.driving import data_of, say, settled, tap
from tests.flows.wording import is_card
from tests.world import World

KINDS = {
    kind.__prefix__: kind
    for _, kind in inspect.getmembers(callbacks, inspect.isclass)
    if issubclass(kind, CallbackData) and kind is not CallbackData
}

# What may change though nothing was done: how often somebody tapped, and what is in hand.
_RESTLESS = (keys.LIMITS, "{intake}:", "turn:")


@dataclass(frozen=True, slots=True)
class Stage:
    """A seller's invoice in private and one in the group, and messages of every kind with the data
    of their buttons."""

    world: World
    people: dict[str, Person]
    group: Group
    private_card: Message
    card: Message  # in the group
    question: Message  # the seller's, in the group
    greeting: Message  # in the group, of nobody in particular
    buttons: dict[str, list[str]]  # by prefix

    @property
    def all(self) -> list[str]:
        """The data of all buttons."""
        return [data for several in self.buttons.values() for data in several]

    @property
    def private_id(self) -> str:
        """Of the invoice that nobody but its seller sees."""
        return our_id(self.private_card)


def our_id(card: Message) -> str:
    """The id that a card's buttons carry."""
    return data_of(card, "QR code").rpartition(":")[2]


async def set_stage(world: World, people: dict[str, Person], group: Group) -> Stage:
    """Have the seller make one of everything, and the admin what only admins have."""
    seller = people["seller"]
    private = await say(seller, "/invoice 50 EUR")
    shared = await say(seller, "/invoice 60 EUR", chat=group)
    assert is_card(private)
    assert is_card(shared)
    found: dict[str, list[str]] = {}

    def collect(*messages: Message) -> None:
        for message in messages:
            for button in (one for row in message.buttons for one in row):
                if button.kind == "callback":
                    kept = found.setdefault(button.value.partition(":")[0], [])
                    kept += [button.value] if button.value not in kept else []

    question = await say(seller, "/invoice $70", chat=group)
    collect(private, shared, question, await say(seller, "/settings"))
    collect(await tap(seller, "Currency"), await say(seller, "/invoices"))
    collect(await say(seller, "/export"), await say(seller, "/start"))
    collect(await say(world.admin, "/sellers"), await tap(world.admin, "Flower shop"))
    collect(await say(world.admin, "/health"))
    for card in (private, shared):
        wishes = ("again", "keep", "cancel_now", "accept", "rest")
        found["m"] += [f"m:{do}:{our_id(card)}" for do in wishes]
        found["o"].append(f"o:{our_id(card)}")
    found["s"] += ["s:issuers:admins", "s:alerts:private"]
    found["a"] = ["a:0:0:", f"a:{seller.id}:1700000000000:u1"]
    found["h"] += ["h:feed:1", "h:drop:1", "h:drop_now:1"]
    assert found.keys() == KINDS.keys(), "a kind of button that nobody tries to borrow"
    greeting = await say(seller, "/help", chat=group)
    await settled(world)
    return Stage(world, people, group, private, shared, question, greeting, found)


async def everything(world: World) -> tuple[Any, ...]:
    """All that anybody could have changed: the store, the provider, what people see."""
    await settled(world)
    redis: Redis = world.app.redis
    stored = {}
    async for key in redis.scan_iter(count=1000):
        if not key.startswith(_RESTLESS):
            stored[key] = await _value(redis, key)
    chats = world.telegram.world.chats.values()
    shown = [
        (chat.id, number, message.text, message.keyboard)
        for chat in chats
        for number, message in chat.messages.items()
    ]
    calls = [call.path for call in world.cloud.calls if "info" not in str(call.path)]
    return stored, shown, calls


async def _value(redis: Redis, key: str) -> Any:
    match await redis.type(key):
        case "hash":
            stored = await cast("Any", redis.hgetall(key))
            # Leases and the next look come and go by themselves.
            return {name: one for name, one in stored.items() if name not in ("lo", "lu", "hi")}
        case "zset" if key.startswith("due:"):
            return None
        case "zset":
            return await cast("Any", redis.zrange(key, 0, -1, withscores=True))
        case _:
            return await redis.get(key)
