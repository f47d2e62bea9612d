"""A chat that waits for a slow provider slows nobody else."""

import statistics
import time
from collections.abc import Callable, Iterator

import pytest

from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.telegram import Person
from tests.world import World

PAIRS = 25


def sellers(world: World) -> Iterator[Person]:
    """Each asks once, in a chat of its own."""
    return (world.telegram.person(5000 + n, "Seller") for n in range(PAIRS + 2))


async def took(person: Person) -> float:
    """Seconds from the command to the card."""
    begun = time.monotonic()
    sent = await person.send("/invoice 50 EUR")
    await person.read("waiting for payment", after=sent)
    return time.monotonic() - begun


async def test_another_chat_takes_the_time_it_takes_alone(
    monkeypatch: pytest.MonkeyPatch,
    redis_url: str,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    """Taken in turns with a bot that has nothing else to do: what slows the machine slows both."""
    monkeypatch.setattr(
        "bot.running.DRAIN", 0.1
    )  # seconds: the end need not wait for the slow call
    async with (
        World(redis_url, seller_access="anyone") as busy,
        World(f"{redis_url}?db=1", seller_access="anyone") as quiet,
    ):
        ours, theirs = sellers(busy), sellers(quiet)
        for _ in range(2):  # the first ones pay for what is loaded late
            await took(next(ours))
            await took(next(theirs))
        busy.cloud.faults.when(
            Path.CREATE, lambda call: call.field("currency") == "RUB", Fault.slow(10)
        )
        calls = len(busy.created)
        await busy.seller.send("/invoice 900 RUB")
        await busy.cloud.until(lambda: len(busy.created) > calls)

        pairs = [(await took(next(ours)), await took(next(theirs))) for _ in range(PAIRS)]
        assert not busy.created[calls].ended, "the slow call ended before all were measured"
        beside, alone = (statistics.median(column) for column in zip(*pairs, strict=True))
        record_testsuite_property("ratio", f"{beside / alone:.2f} ({alone * 1000:.0f} ms alone)")
        assert beside / alone < 1.5
        assert beside < 1, "both share a loop: one that is blocked would slow both alike"
