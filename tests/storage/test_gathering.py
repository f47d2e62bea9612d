"""What is asked for at the same moment goes to the store in one piece, and nobody feels it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import DataError, NoScriptError, ResponseError

from bot.domain.errors import StorageAway
from bot.storage.connection import connect, translated
from tests.storage.wire import Wire

pytestmark = pytest.mark.one_server  # whose wire is watched


@pytest.fixture
async def wire(redis_url: str, tmp_path: Path) -> AsyncIterator[Wire]:
    wire = Wire(Path(redis_url.removeprefix("unix://").partition("?")[0]), tmp_path / "wire.sock")
    await wire.start()
    yield wire
    await wire.close()


@pytest.fixture
async def redis(wire: Wire) -> AsyncIterator[Any]:
    client: Any = connect(f"unix://{wire.at}")  # its types are vague
    await client.ping()
    wire.pieces.clear()
    yield client
    await client.aclose()


async def test_commands_of_one_moment_share_a_round_trip(redis: Any, wire: Wire) -> None:
    script = redis.register_script("return ARGV[1]")
    assert await script(args=["loaded"]) == "loaded"
    wire.pieces.clear()

    async def piped() -> list[Any]:
        async with redis.pipeline(transaction=False) as pipe:
            pipe.hset("h", "field", "value")
            pipe.hgetall("h")
            answers: list[Any] = await pipe.execute()
            return answers

    answers = await asyncio.gather(
        redis.set("a", 1), redis.get("a"), script(args=["x"]), piped(), redis.exists("a", "b")
    )
    assert answers == [True, "1", "x", [1, {"field": "value"}], 1]
    assert len(wire.pieces) == 1


async def test_one_after_the_other_they_do_not_wait(redis: Any, wire: Wire) -> None:
    await redis.set("a", 1)
    await redis.get("a")
    assert len(wire.pieces) == 2


async def test_an_error_is_only_theirs_who_asked(redis: Any) -> None:
    await redis.set("text", "no hash")
    answers = await asyncio.gather(
        redis.get("text"),
        redis.hgetall("text"),
        redis.get("text"),
        return_exceptions=True,
    )
    assert answers[0] == answers[2] == "no hash"
    assert isinstance(answers[1], ResponseError)


@pytest.mark.parametrize("unsendable", ["\ud800", object()])
async def test_a_command_that_cannot_be_sent_fails_nobody_else(
    redis: Any, wire: Wire, unsendable: Any
) -> None:
    async def piped() -> list[Any]:
        async with redis.pipeline(transaction=False) as pipe:
            pipe.set("b", 2)
            pipe.get("b")
            answers: list[Any] = await pipe.execute()
            return answers

    answers = await asyncio.gather(
        *(redis.set(f"n{number}", number) for number in range(20)),
        redis.hgetall(unsendable),
        piped(),
        return_exceptions=True,
    )
    assert answers[:20] == [True] * 20
    assert isinstance(answers[20], UnicodeEncodeError | TypeError | DataError)
    assert answers[21] == [True, "2"]
    assert sum(b"SET\r\n$2\r\nn" in piece for piece in wire.pieces) < 8, "not one by one"
    with pytest.raises((UnicodeEncodeError, TypeError, DataError)):
        await redis.get(unsendable)
    assert await redis.get("n7") == "7"


async def test_a_pipeline_tells_which_command_failed(redis: Any) -> None:
    await redis.set("text", "no hash")
    async with redis.pipeline(transaction=False) as pipe:
        pipe.get("text")
        pipe.hgetall("text")
        with pytest.raises(ResponseError, match="Command # 2"):
            await pipe.execute()
        pipe.get("text")
        pipe.hgetall("text")
        text, error = await pipe.execute(raise_on_error=False)
    assert text == "no hash"
    assert isinstance(error, ResponseError)


async def test_a_script_that_the_server_lost_is_loaded_again(redis: Any) -> None:
    script = redis.register_script("return 7")
    assert await script() == 7
    await redis.script_flush()
    assert list(await asyncio.gather(script(), script())) == [7, 7]
    await redis.script_flush()
    async with redis.pipeline(transaction=False) as pipe:
        pipe.evalsha(script.sha, 0)
        with pytest.raises(NoScriptError):
            await pipe.execute()
        await script(client=pipe)
        assert await pipe.execute() == [7]


async def test_who_is_cancelled_takes_nothing_from_the_others(redis: Any) -> None:
    await redis.set("a", 1)
    impatient = asyncio.create_task(redis.get("a"))
    patient = asyncio.create_task(redis.get("a"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == "1"
    with pytest.raises(asyncio.CancelledError):
        await impatient


async def test_a_transaction_is_apart(redis: Any, wire: Wire) -> None:
    async with redis.pipeline(transaction=True) as pipe:
        pipe.set("a", 1)
        pipe.get("a")
        assert await pipe.execute() == [True, "1"]
    assert b"MULTI" in wire.pieces[0]


async def test_a_lost_connection_is_everybodys_and_the_next_one_is_well(
    redis: Any, wire: Wire
) -> None:
    await redis.set("a", 1)
    wire.cut = True
    get = translated(redis.get)
    answers = await asyncio.gather(get("a"), get("a"), return_exceptions=True)
    assert all(isinstance(answer, StorageAway) for answer in answers)
    wire.cut = False
    assert list(await asyncio.gather(get("a"), get("a"))) == ["1", "1"]


async def test_a_reply_that_was_lost_is_asked_for_again(redis: Any, wire: Wire) -> None:
    wire.lose_replies = 1
    assert list(await asyncio.gather(redis.set("a", 1), redis.get("a"))) == [True, "1"]


async def test_many_at_once(redis_url: str) -> None:
    client: Any = connect(redis_url)

    async def there_and_back(number: int) -> tuple[bool, str]:
        return await client.set(f"n{number}", number), await client.get(f"n{number}")

    before = (await client.info("stats"))["total_reads_processed"]
    answers = await asyncio.gather(*map(there_and_back, range(1000)))
    assert answers == [(True, str(number)) for number in range(1000)]
    assert (await client.info("stats"))["total_reads_processed"] - before < 100
    await client.aclose()
