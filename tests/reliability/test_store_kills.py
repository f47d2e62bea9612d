"""The store is killed again and again while invoices are asked for and settings are changed.

What the store acknowledged is on disk: every invoice and setting that a person was shown is there
afterwards, once.
"""

import asyncio
import itertools
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox.telegram import Person
from bot.storage.embedded_keeper import LOCK
from tests.flows.driving import say
from tests.reliability.store import store
from tests.reliability.test_kills import REPEATED
from tests.reliability.waiting import idle, until
from tests.storage.processes import serves, until_async
from tests.stores.reading import records
from tests.world import World

pytestmark = pytest.mark.crash

SELLERS = 4
PATIENCE = 60  # seconds: the embedded store is started again ever more slowly, up to 5 s later
FEW = 10  # invoices of one seller, of whom not too many are taken a minute
CURRENCIES = ("GBP", "USD", "EUR", "CAD")
KILLS = pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.slow)])


@dataclass
class Subject:
    """A bot, its store, and how that is killed: it serves again when that returns."""

    world: World
    url: str
    kill: Callable[[], Awaitable[None]]


@pytest.fixture(params=["embedded", "external"])
async def subject(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Subject]:
    async with AsyncExitStack() as stack:
        if request.param == "embedded":
            data = tmp_path / "data"
            world = World("", data_dir=str(data), seller_access="anyone")
            url = f"unix://{data}/valkey.sock"

            async def kill() -> None:
                pid = server_of(data)
                os.kill(pid, signal.SIGKILL)
                await until_async(lambda: server_of(data) != pid and serves(url))

        else:
            external = await stack.enter_async_context(store(tmp_path))
            world, url = World(external.url, seller_access="anyone"), external.url

            async def kill() -> None:
                await external.kill()
                await asyncio.sleep(random.uniform(0, 0.3))
                await external.start()

        await stack.enter_async_context(world)
        yield Subject(world, url, kill)


def server_of(data: Path) -> int:
    """The process of the embedded server, by the lock that it holds."""
    return int((data / LOCK).read_text() or 0)


class Load:
    """People who ask for invoices and change settings, each after the answer to the last."""

    def __init__(self, world: World) -> None:
        self.asked: list[str] = []
        self.set: dict[int, str] = {}
        self.answered: Counter[int] = Counter()
        self._world = world
        self._going = True
        self.sellers: list[Person] = []
        self._owners = [world.telegram.person(6000 + n, "Owner") for n in range(SELLERS)]

    async def run(self) -> None:
        """Until `stop`, and then until the last answer is there."""
        await asyncio.gather(*map(self._ask, range(SELLERS)), *map(self._change, self._owners))

    def stop(self) -> None:
        self._going = False

    def gone_on(self, before: Counter[int]) -> bool:
        """Whether everybody was answered since."""
        everybody = (*range(SELLERS), *(owner.id for owner in self._owners))
        return all(self.answered[one] > before[one] for one in everybody)

    async def _ask(self, lane: int) -> None:
        for number in itertools.count():
            if not self._going:
                return
            if number % FEW == 0:
                person = self._world.telegram.person(5000 + len(self.sellers), "Seller")
                self.sellers.append(person)
            order = f"{lane}-{number}"
            sent = await person.send(f"/invoice {number + 1} EUR btc #{order}")
            await person.read(f"#{order}\n", after=sent, timeout=PATIENCE)
            self.asked.append(order)
            self.answered[lane] += 1
            await asyncio.sleep(0.02)

    async def _change(self, person: Person) -> None:
        await say(person, "/settings")
        for currency in itertools.cycle(CURRENCIES):
            if not self._going:
                return
            sent = await person.send("/settings")
            menu = await person.read("Currency:", after=sent, timeout=PATIENCE)
            tapped = await person.tap("Currency", message=menu.id)
            await person.read("In which currency", after=tapped, timeout=PATIENCE)
            tapped = await person.tap(currency, message=menu.id)
            await person.read(f"Currency: {currency}\n", after=tapped, timeout=PATIENCE)
            self.set[person.id] = currency
            self.answered[person.id] += 1


@KILLS
async def test_nothing_acknowledged_is_lost(subject: Subject, kills: int) -> None:
    world, load = subject.world, Load(subject.world)
    running = asyncio.create_task(load.run())
    for _ in range(kills):
        before = load.answered.copy()
        await asyncio.sleep(random.uniform(0.05, 0.4))
        await subject.kill()
        await until(lambda before=before: running.done() or load.gone_on(before), 60)  # type: ignore[misc]
    load.stop()
    await running
    await idle(subject.url, 30)

    stored = await records(subject.url)
    assert sorted(record["or"] for record in stored.values()) == sorted(load.asked)
    theirs = [(one.order.order_id or "").partition("~")[0] for one in world.cloud.ledger.all()]
    assert sorted(theirs) == sorted(load.asked)
    for person in load.sellers:
        cards = world.cards(person)
        links = Counter(card.buttons[0][0].value for card in cards)
        # A store that was away for longer than a lease could not be told that the card is there.
        # What it was told last may also not have been done.
        repeats = [card for card in cards if REPEATED in card.text]
        assert len(cards) - len(links) <= len(repeats)
        assert max(links.values()) <= 2
    for owner in load._owners:
        menu = await say(owner, "/settings")
        assert f"Currency: {load.set[owner.id]}\n" in menu.text
    assert len(load.asked) > kills
