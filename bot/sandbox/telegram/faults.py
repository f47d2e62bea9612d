"""Failures a test asks for: the next calls of a method are refused, slowed or cut."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.requests import Params


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a call: a pause, then a refusal, or the connection cut before or after."""

    error: ApiError | None = None
    seconds: float = 0.0
    cut_before: bool = False
    cut_after: bool = False

    async def strike(self) -> None:
        """What comes before the call is done. Raises ApiError for a refusal."""
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.error is not None:
            raise self.error


def refuse(status: int, description: str, **parameters: int) -> Fault:
    """Answer with this error; `parameters` are `retry_after` or `migrate_to_chat_id`."""
    return Fault(error=ApiError(status, description, **parameters))


def delay(seconds: float) -> Fault:
    """Do the call after that many seconds."""
    return Fault(seconds=seconds)


def drop_reply() -> Fault:
    """Do the call, then cut the connection instead of answering."""
    return Fault(cut_after=True)


def drop_request() -> Fault:
    """Cut the connection without doing anything."""
    return Fault(cut_before=True)


@dataclass(slots=True)
class _Planned:
    method: str
    fault: Fault
    left: int
    when: Callable[[Params], bool] | None


class Faults:
    """The planned failures, used up in the order they were planned."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def plan(
        self, method: str, fault: Fault, times: int, when: Callable[[Params], bool] | None
    ) -> None:
        """Let the next `times` calls of `method` (`*`: of any) that pass `when` meet `fault`."""
        self._planned.append(_Planned(method, fault, times, when))

    def take(self, method: str, params: Params) -> Fault | None:
        """The fault that this call meets, if any; it is used up by that."""
        for planned in self._planned:
            if planned.method not in {"*", method}:
                continue
            if planned.when is not None and not planned.when(params):
                continue
            planned.left -= 1
            if planned.left <= 0:
                self._planned.remove(planned)
            return planned.fault
        return None

    def clear(self) -> None:
        """Forget what was planned and not met."""
        self._planned.clear()
