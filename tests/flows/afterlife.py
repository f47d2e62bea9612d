"""What tests of an invoice's later life do over and over."""

import asyncio
from typing import Any

from bot.sandbox.telegram import Message, Person
from tests.world import World

LINE = "/invoice 50 EUR usdt trc20"


async def issued(world: World, line: str = LINE) -> tuple[Any, str]:
    """The card, and the invoice's id at the provider."""
    known = {invoice.uuid for invoice in world.cloud.ledger.all()}
    sent = await world.seller.send(line)
    card = await world.seller.read("waiting for payment", after=sent)
    [uuid] = {invoice.uuid for invoice in world.cloud.ledger.all()} - known
    return card, uuid


def shown_again(person: Person, card: Any) -> Message:
    """The same message as the person sees it now."""
    return next(one for one in person.messages() if one.id == card.id)


def text_of(world: World, card: Any) -> str:
    """What the card says now."""
    return shown_again(world.seller, card).text


async def says(world: World, card: Any, words: str, person: Person | None = None) -> Message:
    """Wait until the card does, which is edited in place."""
    reader = person or world.seller
    for _ in range(500):
        shown = shown_again(reader, card)
        if words in shown.text:
            return shown
        await asyncio.sleep(0.02)
    raise AssertionError(f"{words!r} is not in {shown_again(reader, card).text!r}")


def news(world: World, card: Any) -> list[str]:
    """What rang after the card."""
    return [one.text for one in world.seller.messages() if one.id > card.id]
