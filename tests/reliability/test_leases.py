"""Two at one store: nobody works on what another has in hand, nor without a lease."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from redis.asyncio import Redis

from bot.app import build
from bot.domain.errors import StorageAway
from bot.domain.invoice import Invoice, Status
from bot.running import App
from bot.sandbox.cryptocloud import Fault, Path
from bot.services.leases import LeaseLost, Leases
from bot.services.ports import Pace
from bot.services.supervisor import end
from bot.storage import invoices
from bot.storage.connection import connect
from bot.storage.invoices import InvoiceStore
from tests.reliability.waiting import idle, until
from tests.world import QUICK, World

Renewing = Callable[[Leases], None]

LEASE = timedelta(seconds=0.4)
PACE = Pace(renew=timedelta(seconds=0.1), lease_lost=timedelta(seconds=0.3))
ID = "a" * 20


def now() -> datetime:
    return datetime.now(UTC)


def invoice() -> Invoice:
    return Invoice(
        id=ID,
        status=Status.CREATING,
        amount=Decimal(50),
        currency="EUR",
        chat_id=2002,
        seller_id=2002,
        asked_at=now(),
        language="en",
    )


class CutOff(InvoiceStore):
    """One that reaches the store for everything but renewals."""

    async def renew(self, *_: object) -> bool:
        raise StorageAway("cut off")


@pytest.fixture
async def redis(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Redis]:
    monkeypatch.setattr(invoices, "LEASE", LEASE)
    async with connect(redis_url) as client:
        yield client


@pytest.fixture
async def renewing(redis: Redis) -> AsyncIterator[Renewing]:
    """Renews leases until the test ends."""
    tasks: list[asyncio.Task[None]] = []
    yield lambda leases: tasks.append(asyncio.create_task(leases.run()))
    await end(*tasks)


async def test_a_lease_that_is_renewed_is_kept(redis: Redis, renewing: Renewing) -> None:
    mine, other = InvoiceStore(redis, boot="1"), InvoiceStore(redis, boot="2")
    leases = Leases(mine, "1", PACE, now)
    renewing(leases)
    owner = leases.new_owner()
    assert await mine.write_intent(invoice(), owner.token, now())
    async with leases.kept(ID, owner):
        for _ in range(8):
            await asyncio.sleep(0.1)
            assert await other.lease(ID, "2:1", now()) is None
            assert await other.take_due("2:2", now(), before=now(), most=8) == []


async def test_work_that_cannot_renew_ends_before_another_may_begin(
    redis: Redis, renewing: Renewing
) -> None:
    mine, other = CutOff(redis, boot="1"), InvoiceStore(redis, boot="2")
    leases = Leases(mine, "1", PACE, now)
    renewing(leases)
    owner = leases.new_owner()
    assert await mine.write_intent(invoice(), owner.token, now())
    with pytest.raises(LeaseLost):
        async with leases.kept(ID, owner):
            await asyncio.sleep(5)
    assert await other.lease(ID, "2:1", now()) is None, "somebody could have begun already"
    await asyncio.sleep(0.2)
    assert await other.lease(ID, "2:1", now()) is not None


async def test_who_lost_the_lease_is_told_at_the_next_renewal(
    redis: Redis, renewing: Renewing
) -> None:
    mine, other = InvoiceStore(redis, boot="1"), InvoiceStore(redis, boot="2")
    leases = Leases(mine, "1", replace(PACE, lease_lost=timedelta(seconds=60)), now)
    renewing(leases)
    owner = leases.new_owner()
    await mine.write_intent(invoice(), owner.token, now())
    late = now() + timedelta(seconds=1)
    assert await other.lease(ID, "2:1", late) is not None
    with pytest.raises(LeaseLost):
        async with leases.kept(ID, owner), asyncio.timeout(1):
            await asyncio.sleep(5)


async def test_nothing_is_written_under_a_lease_that_was_lost(redis: Redis) -> None:
    store = InvoiceStore(redis, boot="1")
    old = invoice()
    await store.write_intent(old, "1:1", now())
    assert await store.lease(ID, "2:1", now() + timedelta(seconds=1)) is not None
    before = await store.get(ID)
    changed = replace(old, attempt_at=now())
    assert not await store.commit(old, changed, "1:1")
    assert not await store.release(old, changed, "1:1", None)
    assert not await store.renew(ID, "1:1", now())
    assert await store.get(ID) == before


async def test_two_reconcilers_never_work_on_one_invoice(redis_url: str) -> None:
    async with (
        World(redis_url, seller_access="anyone") as world,
        build(world.settings, pace=QUICK) as other,
    ):
        at_work: set[str] = set()
        workers: set[int] = set()
        clashes: list[str] = []

        def watch(app: App) -> None:
            steps = app.reconciler._steps

            async def watched(one: Invoice, *rest: object) -> None:
                if one.id in at_work:
                    clashes.append(one.id)
                at_work.add(one.id)
                workers.add(id(app))
                try:
                    await steps(one, *rest)  # type: ignore[arg-type]
                finally:
                    at_work.discard(one.id)

            app.reconciler._steps = watched  # type: ignore[method-assign, assignment]

        watch(world.app)
        watch(other)
        running = asyncio.create_task(other.run())
        world.cloud.habits.list_lag = timedelta(seconds=0.8)  # each is looked for several times
        world.cloud.faults.every(Path.CREATE, 2, Fault.cut_after_commit())
        world.cloud.faults.when(Path.CREATE, lambda _: True, Fault.slow(0.3))
        count = 0
        while len(workers) < 2 and count < 200:
            people = [world.telegram.person(5000 + count + n, "Seller") for n in range(40)]
            count += len(people)
            for person in people:
                await person.send("/invoice 50 EUR")
            await until(lambda: all(world.cards(person) for person in people), 15)  # noqa: B023
        await idle(redis_url)
        assert not clashes
        assert len(workers) == 2
        assert len(world.created) == len(world.cloud.invoices) == count
        assert all(len(world.cards(person)) == 1 for person in people)
        await end(running)
