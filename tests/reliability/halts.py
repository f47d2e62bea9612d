"""Where in the bot a process is to be ended, and the patch that does it there.

The patch stands in the bot's own process, where only tests put it: nothing in `bot/` knows of it.
"""

import functools
import itertools
import os
import pkgutil
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

When = Callable[..., bool]


@dataclass(frozen=True, slots=True)
class Halt:
    """End a process before or after the `nth` call of a method, as "module:Class.method".

    Only calls count whose arguments mention one of the words in `about` (when there are any) and
    for which `when` holds: a function of a module, as a halt goes to another process. `victim` is
    the process that ends; 0: the bot itself.
    """

    call: str
    after: bool = False
    nth: int = 1
    about: tuple[str, ...] = ()
    when: When | None = None
    victim: int = 0


def arm(halt: Halt) -> None:
    """From now on, in this process. Several may be armed at once."""
    where, _, method = halt.call.rpartition(".")
    owner = pkgutil.resolve_name(where)
    patch.object(owner, method, _halting(getattr(owner, method), halt)).start()


def disarm() -> None:
    """Forget whatever was armed and not met."""
    patch.stopall()


def _halting(original: Callable[..., Awaitable[Any]], halt: Halt) -> Callable[..., Awaitable[Any]]:
    calls = itertools.count(1)

    @functools.wraps(original)
    async def halting(*args: Any, **kwargs: Any) -> Any:
        here = _concerns(halt, args, kwargs) and next(calls) == halt.nth
        if here and not halt.after:
            os.kill(halt.victim or os.getpid(), signal.SIGKILL)
        result = await original(*args, **kwargs)
        if here and halt.after:
            os.kill(halt.victim or os.getpid(), signal.SIGKILL)
        return result

    return halting


def _concerns(halt: Halt, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    if halt.when is not None and not halt.when(*args, **kwargs):
        return False
    said = repr((args[1:], kwargs)) if halt.about else ""
    return not halt.about or any(word in said for word in halt.about)
