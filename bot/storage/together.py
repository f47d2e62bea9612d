"""Scripts and commands in one round trip.

A script that is called in a pipeline of redis-py costs a second one, each time: it asks first
whether the server has it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.commands.core import AsyncScript
from redis.exceptions import NoScriptError

from bot.storage.cluster import Cluster


async def together(
    redis: Redis,
    scripts: Sequence[AsyncScript],
    add: Callable[[Pipeline], None],
    *,
    partly: bool = False,
) -> list[Any]:
    """The answers to what `add` puts into a pipeline; `scripts` are those it calls, by EVALSHA.

    A server that does not have one of them, as after a restart, is given all, and then everything
    is sent once more: it must be safe to apply twice. With `partly`, what went wrong at some of the
    nodes of a cluster stands in the place of the answers.
    """
    partly = partly and isinstance(redis, Cluster)
    try:
        answers = await _sent(redis, add, partly=partly)
        if not any(isinstance(answer, NoScriptError) for answer in answers):
            return answers
    except NoScriptError:
        pass
    for script in scripts:
        await redis.script_load(script.script)
    return await _sent(redis, add, partly=partly)


async def _sent(redis: Redis, add: Callable[[Pipeline], None], *, partly: bool) -> list[Any]:
    async with redis.pipeline(transaction=False) as pipe:
        add(pipe)
        return await pipe.execute(raise_on_error=not partly)
