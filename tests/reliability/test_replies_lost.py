"""redis-py sends a command again whose reply was lost: everything is done once all the same."""

from typing import Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.sandbox.cryptocloud import Fault, Path
from tests.reliability.waiting import idle
from tests.world import World


class TwicePipeline(Pipeline):
    """The first reply is lost."""

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        stack, scripts = list(self.command_stack), set(self.scripts)
        await super().execute(raise_on_error)
        self.command_stack, self.scripts = stack, scripts
        return await super().execute(raise_on_error)


class Twice(Redis):
    """Every command, script and pipeline goes out twice; only the second reply arrives."""

    sent = 0

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        Twice.sent += 1
        send: Any = super().execute_command  # untyped there
        await send(*args, **options)
        return await send(*args, **options)

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        return TwicePipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


@pytest.fixture
def _twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Twice, "sent", 0)
    monkeypatch.setattr("bot.storage.connection.Redis", Twice)


@pytest.mark.usefixtures("_twice")
async def test_the_whole_flow_with_every_reply_lost_once(redis_url: str) -> None:
    async with World(redis_url) as world:  # which admits the seller by an invite link
        seller = world.seller

        sent = await seller.send("/invoice 50 EUR")
        await seller.read("waiting for payment", after=sent)

        sent = await seller.send("/invoice")
        await seller.read("How much", after=sent)
        for typed, question in (("60", "In which currency"), ("EUR", "Which coin")):
            sent = await seller.send(typed)
            await seller.read(question, after=sent)
        tapped = await seller.tap("Buyer chooses")
        await seller.read("Create an invoice", after=tapped)
        tapped = await seller.tap("Create")
        await seller.read("waiting for payment", after=tapped)

        world.cloud.faults.next(Path.CREATE, Fault.cut_after_commit())  # the scheduler's work
        sent = await seller.send("/invoice 70 EUR")
        await seller.read("waiting for payment", after=sent)

        await idle(redis_url)
        assert len(world.created) == len(world.cloud.invoices) == 3
        assert len(world.cards(seller)) == 3
        assert Twice.sent > 20
