"""redis-py sends a command again whose reply was lost: everything is done once all the same."""

from typing import Any

import pytest
from redis.asyncio.client import Pipeline

from bot.sandbox.cryptocloud import Fault, Path
from tests.reliability.waiting import idle
from tests.world import World


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Everything goes out twice; only the second reply arrives. How many commands each time."""
    sizes: list[int] = []

    def twice(name: str) -> None:
        once: Any = getattr(Pipeline, name)

        async def execute(self: Any, connection: Any, commands: Any, raise_on_error: Any) -> Any:
            sizes.append(len(commands))
            again = [(args, dict(options)) for args, options in commands]  # they are used up
            await once(self, connection, commands, raise_on_error)
            return await once(self, connection, again, raise_on_error)

        monkeypatch.setattr(Pipeline, name, execute)

    twice("_execute_pipeline")
    twice("_execute_transaction")
    return sizes


async def test_the_whole_flow_with_every_reply_lost_once(redis_url: str, sent: list[int]) -> None:
    async with World(redis_url) as world:  # which admits the seller by an invite link
        seller = world.seller

        asked = await seller.send("/invoice 50 EUR")
        await seller.read("waiting for payment", after=asked)

        asked = await seller.send("/invoice")
        await seller.read("How much", after=asked)
        for typed, question in (("60", "In which currency"), ("EUR", "Which coin")):
            answered = await seller.send(typed)
            await seller.read(question, after=answered)
        tapped = await seller.tap("Buyer chooses")
        await seller.read("Create an invoice", after=tapped)
        tapped = await seller.tap("Create")
        await seller.read("waiting for payment", after=tapped)

        world.cloud.faults.next(Path.CREATE, Fault.cut_after_commit())  # the scheduler's work
        asked = await seller.send("/invoice 70 EUR")
        await seller.read("waiting for payment", after=asked)

        await idle(redis_url)
        assert len(world.created) == len(world.cloud.invoices) == 3
        assert len(world.cards(seller)) == 3
        assert len(sent) > 20
