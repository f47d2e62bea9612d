"""Three bots on one store that poll: one asks Telegram, the others work on and wait for its turn to
end."""

import asyncio
import copy
import random
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.sandbox.telegram import delay
from tests.flows.driving import shown
from tests.reliability.halts import Halt
from tests.reliability.load import MANY, Load, all_there, amiss
from tests.reliability.process import LEASE, STEADY, BotProcess, ProcessWorld
from tests.reliability.talk import Talk
from tests.reliability.waiting import idle, until

pytestmark = pytest.mark.crash

RESTARTS = 20
PROMISED = 15.0  # seconds after SIGTERM
CREATE = "bot.cryptocloud.client:CryptoCloud.create"
WAITS, POLLS = "another process polls", "this process polls now"


class Pollers(ProcessWorld):
    """As `ProcessWorld`, with three processes. Their names are numbers that never come again."""

    def __init__(self, redis_url: str, folder: Path) -> None:
        super().__init__(redis_url, folder, seller_access="anyone", webhook=False)
        self.folder = folder
        self.lives: dict[int, BotProcess] = {}
        self._names = iter(range(1, 1000))

    async def start_bot(self) -> None:
        """Start them all."""
        for _ in range(3):
            await self.start_one()

    async def start_one(self, halt: Halt | None = None) -> int:
        """Start another one; up when it polls or knows that it has to wait."""
        name = next(self._names)
        self.lives[name] = BotProcess(copy.copy(self), self._log(name), halt)
        await until(lambda: self.polls(name) or WAITS in self.said(name), 20)
        return name

    async def stop_one(self, name: int) -> float:
        """SIGTERM; how long it took."""
        begun = time.monotonic()
        assert await self.lives.pop(name).stop() == 0
        return time.monotonic() - begun

    async def kill_one(self, name: int) -> None:
        """SIGKILL."""
        await self.lives.pop(name).kill()

    async def stop_bot(self) -> None:
        """End them all in order."""
        await asyncio.gather(*(self.stop_one(name) for name in list(self.lives)))

    def _log(self, name: int) -> Path:
        return self.folder / f"{name}.log"

    def said(self, name: int) -> str:
        """Everything it logged."""
        return self._log(name).read_text() if self._log(name).exists() else ""

    def polls(self, name: int) -> bool:
        """Whether it is its turn."""
        said = self.said(name)
        return " is up" in said and (WAITS not in said or POLLS in said)

    @property
    def poller(self) -> int:
        """Whose turn it is."""
        [name] = filter(self.polls, self.lives)
        return name


@pytest.fixture
async def three(redis_url: str, tmp_path: Path) -> AsyncIterator[Pollers]:
    async with Pollers(redis_url, tmp_path) as running:
        yield running


def conflicts(world: Pollers) -> int:
    """How often two asked Telegram at once."""
    return len([call for call in world.telegram.calls if call.status == 409])


@pytest.mark.slow
async def test_rolling_restarts_under_load(redis_url: str, tmp_path: Path) -> None:
    dice = random.Random(RESTARTS)
    world = Pollers(redis_url, tmp_path)
    world.times = STEADY
    async with world as three:
        load, talk, ends = Load(three, MANY), Talk(three), []
        for number in range(RESTARTS):
            before = load.total
            name = min(three.lives)  # the oldest: each is restarted in its turn
            await asyncio.sleep(dice.uniform(0, 0.5))
            if number % 2:
                await three.kill_one(name)
            else:
                ends.append(await three.stop_one(name))
            await three.start_one()
            await until(lambda before=before: load.total > before + 20, 15)  # type: ignore[misc]
        await load.stop()
        await talk.stop()
        with suppress(AssertionError):
            await until(lambda: all_there(three, load, repeats=False), 60)
        assert amiss(three, load, repeats=False) == {}, load.asked
        await idle(redis_url, 20)
        assert max(ends) < PROMISED
        assert len(three.telegram.world.updates) == 0
        assert len(three.living) == load.total + talk.ended
        assert conflicts(three) == 0


async def test_one_dies_with_an_invoice_in_hand_and_another_goes_on(
    three: Pollers, redis_url: str
) -> None:
    """CryptoCloud has made it, and nobody has noted that."""
    await three.lives[three.poller].die_at(
        Halt("bot.cryptocloud.client:CryptoCloud.create", after=True)
    )
    sent = await three.seller.send("/invoice 50 EUR")
    assert await three.lives.pop(three.poller).ended() == -9
    died = time.monotonic()
    await three.seller.read("waiting for payment", after=sent, timeout=10)
    assert time.monotonic() - died < LEASE.total_seconds() + 4  # and the looks at the provider
    await idle(redis_url)
    assert len(three.created) == len(three.living) == len(three.cards(three.seller)) == 1
    await until(lambda: len(list(filter(three.polls, three.lives))) == 1)
    sent = await three.seller.send("/help")
    await three.seller.read("/invoice", after=sent)
    assert conflicts(three) == 0


async def test_one_that_ends_keeps_its_turn_until_it_has_answered(three: Pollers) -> None:
    """The next one would else be told the same, and answer it a second time."""
    slow = three.seller.id
    three.telegram.fail(
        "sendMessage", delay(3 * LEASE.total_seconds()), when=lambda call: call["chat_id"] == slow
    )
    asked = await three.seller.send("/currencies")
    await until(lambda: any(call.injected for call in three.telegram.calls))
    first = three.poller
    ending = asyncio.create_task(three.stop_one(first))
    await asyncio.sleep(0.2)
    other = await three.stranger.send("/help")
    assert await ending < PROMISED
    await three.seller.read("TRY", after=asked)
    await three.stranger.read("/invoice", after=other)
    assert three.poller != first
    await asyncio.sleep(0.5)
    assert len([one for one in shown(three.seller) if "TRY" in one.text]) == 1
    assert conflicts(three) == 0
