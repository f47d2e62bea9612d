"""Many unsure invoices are looked for by the same readings of the provider's list."""

import asyncio
from collections.abc import Callable

import pytest

from bot.sandbox.cryptocloud import Fault, Path
from tests.reliability.waiting import until
from tests.world import World


async def asked_for(world: World, count: int) -> None:
    """That many chats ask, and the ending of every call is lost."""
    people = [world.telegram.person(5000 + n, "Seller") for n in range(count)]
    sent = [await person.send("/invoice 50 EUR") for person in people]
    await asyncio.gather(
        *(
            person.read("waiting for payment", after=one, timeout=30)
            for person, one in zip(people, sent, strict=True)
        )
    )


@pytest.mark.parametrize(
    ("committed", "count"), [(True, 300), (False, 60)], ids=["found", "created again"]
)
async def test_readings_do_not_grow_with_the_invoices(
    caplog: pytest.LogCaptureFixture,
    redis_url: str,
    committed: bool,
    count: int,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    async with World(redis_url, seller_access="anyone") as world:
        fault = Fault.cut_after_commit() if committed else Fault.cut_before_commit()
        world.cloud.faults.next(Path.CREATE, fault, times=count)
        await asked_for(world, count)
        readings = [call for call in world.cloud.called(Path.LIST) if call.field("offset") == 0]
        spent = (readings[-1].at - world.created[0].at).total_seconds()
        record_testsuite_property("readings", f"{len(readings)} in {spent:.1f} s")
        # One a second is all there may be, however many wait.
        assert len(readings) <= spent + 2
        assert len(world.created) == (count if committed else 2 * count)
        assert len(world.cloud.invoices) == count
        assert "waits for storage" not in caplog.text, "a burst was taken for an outage"


async def test_failing_readings_do_not_grow_with_the_invoices(redis_url: str) -> None:
    async with World(redis_url, seller_access="anyone") as world:
        world.cloud.faults.next(Path.CREATE, Fault.cut_after_commit(), times=100)
        world.cloud.faults.when(Path.LIST, lambda _: True, Fault.status(503))
        people = [world.telegram.person(5000 + n, "Seller") for n in range(100)]
        for person in people:
            await person.send("/invoice 50 EUR")
        await until(lambda: len(world.created) == 100, 10)
        before = len(world.cloud.called(Path.LIST))
        await asyncio.sleep(2)
        assert len(world.cloud.called(Path.LIST)) - before <= 4
        world.cloud.faults.clear()
        await until(lambda: all(world.cards(person) for person in people), 10)
        assert len(world.created) == 100
