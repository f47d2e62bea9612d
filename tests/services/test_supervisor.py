"""Nothing in the background is lost, silent, or left running."""

import asyncio

import pytest

from bot.services.supervisor import Supervisor


async def test_a_failure_is_logged_under_its_name(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise RuntimeError("broken")

    supervisor = Supervisor()
    task = supervisor.start(fail(), "counting")
    await asyncio.wait({task})
    await asyncio.sleep(0)
    assert "counting failed" in caplog.text
    assert "broken" in caplog.text
    assert len(supervisor) == 0


async def test_settling_waits_for_work_that_work_begins() -> None:
    supervisor, done = Supervisor(), []

    async def second() -> None:
        await asyncio.sleep(0.02)
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0.02)
        supervisor.start(second(), "second")
        done.append("first")

    supervisor.start(first(), "first")
    await supervisor.settle(5, but=set())
    assert done == ["first", "second"]


async def test_settling_does_not_wait_for_ever_nor_for_what_is_left_out() -> None:
    supervisor = Supervisor()
    loop_ = supervisor.start(asyncio.sleep(60), "loop")
    await supervisor.settle(5, but={loop_})
    late = supervisor.start(asyncio.sleep(60), "late")
    await supervisor.settle(0.05, but={loop_})
    assert not late.done()
    await supervisor.close()
    assert late.cancelled()
    assert loop_.cancelled()


async def test_closing_ends_when_work_ended_in_that_very_moment() -> None:
    """It turned round for ever: the task was done, and who takes it off had no turn."""

    async def short() -> None:
        """Done in the turn of the loop in which the test goes on."""

    supervisor = Supervisor()
    task = supervisor.start(short(), "short")
    await asyncio.sleep(0)
    assert task.done()
    assert len(supervisor) == 1, "the moment that this is about"
    await supervisor.close()
    assert len(supervisor) == 0
