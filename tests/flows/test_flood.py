"""Telegram says that it is too much: who asked waits, nobody else, and nothing is lost."""

import time

from tests.flows.driving import settled
from tests.flows.wording import is_card
from tests.world import STRANGER_ID, World


async def test_one_busy_chat_holds_up_no_other(world: World) -> None:
    other = world.telegram.person(STRANGER_ID, "Stranger")
    await world.admit(other, "Book shop")
    await settled(world)
    world.telegram.rates = True
    for number in range(1, 9):  # 5 go at once, then 1 a second
        await world.seller.send(f"/invoice {number} EUR")
    begun = time.monotonic()
    await other.read(is_card, after=await other.send("/invoice 99 EUR"))
    assert time.monotonic() - begun < 2
    await settled(world)
    assert len(world.cards(world.seller)) == 8
    assert len(world.created) == 9
    assert len([call for call in world.telegram.calls if call.status == 429]) <= 8
