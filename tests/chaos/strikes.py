"""Breaks something at an exact point: kills the bot or the store, or loses a reply."""

import asyncio
import os
import random
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from typing import Final, cast

from bot.sandbox.cryptocloud import Call, Fault, Path
from bot.sandbox.telegram import drop_reply
from tests.chaos.points import CARD, IN_FLIGHT, LEASE, Point, Reply, Stage, Where
from tests.chaos.story import Story
from tests.chaos.world import LASTS, ChaosWorld
from tests.reliability.process import BotProcess
from tests.reliability.redis_proxy import calls
from tests.reliability.waiting import until

WITHIN: Final = 6.0  # seconds in which a point must have been reached
PROMISED: Final = 10.0  # seconds in which a message is answered, whatever was going on

# What becomes of a call during which the bot dies: done, never done, or done when it is dead.
IN_THE_CALL: Final = (Fault.slow(5), Fault(before=0.2, commit=False), Fault.late_commit(0.8))

Act = Callable[[], None]


class Victim(StrEnum):
    """What breaks."""

    BOT = "the bot"
    STORE = "the store"
    REPLY = "a reply"


class Striker:
    """Strikes one world. `kills` counts processes that were ended by SIGKILL."""

    def __init__(self, world: ChaosWorld, dice: random.Random) -> None:
        self._world = world
        self._dice = dice
        self.kills = 0
        self.replies = 0
        self.elsewhere = 0  # kills where the point was not reached in time

    async def strike(
        self, point: Point, victim: Victim, story: Story, act: Act, stories: list[Story]
    ) -> bool:
        """Let `act` lead `story` to the point and break the victim there. Then put things right.

        False when the point was not reached.
        """
        if victim is Victim.REPLY:
            return await self._lose(point, story, act)
        if victim is Victim.BOT:
            reached = await self._kill_bot(point, story, act, stories)
        else:
            reached = await self._kill_store(point, story, act, stories)
        self.kills += 1
        self.elsewhere += not reached
        return reached

    async def _kill_bot(self, point: Point, story: Story, act: Act, stories: list[Story]) -> bool:
        world = self._world
        life = world.life
        assert life is not None
        if point is LEASE:
            return await self._outlive_lease(life, story, act, stories)
        pid = cast("int", life.process.pid)
        if point is IN_FLIGHT:
            self._when_created(story, self._dice.choice(IN_THE_CALL), lambda: kill(pid))
        elif point.halt is not None:
            await life.die_at(replace(point.halt, about=_about(point, story)))
        if point.stage is Stage.ENDING:
            self._when_created(story, Fault.slow(0.5), lambda: os.kill(pid, signal.SIGTERM))
        act()
        reached = await life.gone(WITHIN)
        if not reached:
            kill(pid)
        world.life = None
        assert await life.ended() in (-signal.SIGKILL, 0)
        await self._note_unsure(stories)
        world.cloud.faults.clear()
        await world.start_bot()
        return reached

    async def _outlive_lease(
        self, first: BotProcess, story: Story, act: Act, stories: list[Story]
    ) -> bool:
        """It is frozen in the call to the provider, another takes over, and then it wakes up."""
        world = self._world
        pid = cast("int", first.process.pid)
        frozen = asyncio.Event()

        def freeze() -> None:
            os.kill(pid, signal.SIGSTOP)
            frozen.set()

        self._when_created(story, Fault.slow(0.1), freeze)
        act()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(WITHIN):
                    await frozen.wait()
            await self._note_unsure(stories)
            if not world.webhook:  # there Telegram would have to be told where the other one is
                await world.start_beside()
            await asyncio.sleep(self._dice.uniform(1, 2) * LASTS)
            os.kill(pid, signal.SIGCONT)
            await asyncio.sleep(LASTS / 2)
            await self._note_unsure(stories)
        finally:
            kill(pid)
        await first.ended()
        world.cloud.faults.clear()
        if not world.webhook:
            await world.stop_bot()
        await world.start_bot()
        return frozen.is_set()

    async def _kill_store(self, point: Point, story: Story, act: Act, stories: list[Story]) -> bool:
        world = self._world
        life = world.life
        assert life is not None
        pid, bot = world.store.pid, cast("int", life.process.pid)
        away = self._dice.uniform(0.05, 0.5)
        if point is IN_FLIGHT or point is LEASE:
            self._when_created(story, Fault.slow(0.3), lambda: kill(pid))
        elif point.halt is not None:
            await life.die_at(replace(point.halt, about=_about(point, story), victim=pid))
        if point is LEASE:
            away = 1.5 * LASTS
        if point.stage is Stage.ENDING:
            self._when_created(story, Fault.slow(0.3), lambda: os.kill(bot, signal.SIGTERM))
        act()
        reached = await world.store.gone(WITHIN)
        if not reached:
            await world.store.kill()
        world.proxy.closed = True
        await asyncio.sleep(away)
        await world.store.start()
        await self._note_unsure(stories)
        world.proxy.closed = False
        if point.stage is Stage.ENDING and reached:
            world.life = None
            assert await life.ended() == 0
            await world.start_bot()
        elif not reached:
            await life.die_at(None)
        return reached

    async def _lose(self, point: Point, story: Story, act: Act) -> bool:
        world, reply = self._world, point.reply
        assert reply is not None
        life = world.life
        assert life is not None
        met = asyncio.Event()
        if reply.what == "getUpdates":
            return await self._lose_update(story, act)
        self._plan(reply, point, story, met)
        if point is LEASE:
            self._when_created(story, Fault.slow(LASTS / 2), lambda: None)
        if point.stage is Stage.ENDING:
            pid = cast("int", life.process.pid)
            self._when_created(story, Fault.slow(0.3), lambda: os.kill(pid, signal.SIGTERM))
        act()
        with suppress(TimeoutError):
            async with asyncio.timeout(WITHIN):
                await met.wait()
        self.replies += met.is_set()
        world.proxy.heal()
        world.telegram.heal()
        world.cloud.faults.clear()
        if point.stage is Stage.ENDING:
            world.life = None
            assert await life.ended() == 0
            await world.start_bot()
        elif point is CARD and met.is_set():
            story.dropped += 1
        return met.is_set()

    async def _lose_update(self, story: Story, act: Act) -> bool:
        """What the bot answers to its delivery, or Telegram to the question for it, is lost."""
        world = self._world
        if not world.webhook:
            await story.person.send("/help")  # ends the question that waits now
            world.telegram.fail("getUpdates", drop_reply())
            await asyncio.sleep(0.1)
        act()
        await until(lambda: story.asked is not None)
        number = story.asked.update_id if story.asked is not None else None
        assert number is not None
        if world.webhook:
            await until(lambda: not _is_pending(world, number), PROMISED)
            world.telegram.redeliver(number)
        self.replies += 1
        return True

    def _plan(self, reply: Reply, point: Point, story: Story, met: asyncio.Event) -> None:
        world = self._world
        if reply.where is Where.STORE:
            called = calls(reply.what, reply.words)

            def matches(request: bytes) -> bool:
                about = point is LEASE or any(word.encode() in request for word in story.words)
                if called(request) and about:
                    met.set()
                    return True
                return False

            world.proxy.lose(matches)
        elif reply.where is Where.PROVIDER:

            def is_next(call: Call) -> bool:
                words = (story.token, *(one.uuid for one in story.theirs))
                about = any(word.encode() in call.raw for word in words)
                if met.is_set() or not about:
                    return False
                met.set()
                return True

            world.cloud.faults.when(Path(reply.what), is_next, Fault.cut_after_commit())
        else:

            def is_mine(params: dict[str, object]) -> bool:
                about = reply.words in str(params.get("text", ""))
                if "chat_id" in params and params["chat_id"] != story.person.id:
                    about = False
                if about:
                    met.set()
                return about

            world.telegram.fail(reply.what, drop_reply(), when=is_mine)

    def _when_created(self, story: Story, fault: Fault, then: Act) -> None:
        """Once its create call arrives at the provider, and what becomes of that call."""
        done = False

        def arrived(call: Call) -> bool:
            nonlocal done
            if done or not str(call.field("order_id")).startswith(f"{story.token}~"):
                return False
            done = True
            then()
            return True

        self._world.cloud.faults.when(Path.CREATE, arrived, fault)

    async def _note_unsure(self, stories: list[Story]) -> None:
        """Whose messages were on their way or there, and not noted yet."""
        unsure = {record.seller_id for record in await self._world.records() if record.showing}
        for story in stories:
            story.struck += story.person.id in unsure


def _is_pending(world: ChaosWorld, number: int) -> bool:
    return any(one["update_id"] == number for one in world.telegram.world.updates.oldest(1000))


def _about(point: Point, story: Story) -> tuple[str, ...]:
    return () if point.stage is Stage.ENDING else story.words


def kill(pid: int) -> None:
    """SIGKILL, if it is still there."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
