"""Counts and times what goes to the provider, and what is refused for being too often."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import date
from time import perf_counter
from typing import Any, Final, TypeVar

from bot.domain.errors import (
    NotSent,
    ProviderBusy,
    ProviderRefused,
    ProviderUnauthorized,
    Unsure,
)
from bot.domain.provider import NewInvoice, ProviderInvoice, Walk
from bot.services.ports import Provider

T = TypeVar("T")

Observe = Callable[[str, str, float], None]
"""Takes a call, a result and seconds."""

_ENDS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (NotSent, "not_sent"),
    (ProviderBusy, "busy"),
    (ProviderUnauthorized, "unauthorized"),
    (ProviderRefused, "refused"),
    (Unsure, "unsure"),
    (BaseException, "stopped"),
)


class MeteredProvider:
    """The provider, each of its calls measured. A walk, several requests, is one `list`."""

    def __init__(self, provider: Provider, observe: Observe) -> None:
        self._provider = provider
        self._observe = observe

    async def create(self, new: NewInvoice) -> ProviderInvoice:
        """Create an invoice."""
        return await self._metered("create", self._provider.create(new))

    async def info(self, uuids: Sequence[str]) -> list[ProviderInvoice]:
        """Ask about invoices."""
        return await self._metered("info", self._provider.info(uuids))

    async def walk(self, start: date, end: date) -> Walk:
        """Read the list."""
        return await self._metered("list", self._provider.walk(start, end))

    async def cancel(self, uuid: str) -> None:
        """Cancel an invoice."""
        await self._metered("cancel", self._provider.cancel(uuid))

    async def _metered(self, call: str, made: Coroutine[Any, Any, T]) -> T:
        begun, result = perf_counter(), "ok"
        try:
            return await made
        except BaseException as error:
            result = next(result for kind, result in _ENDS if isinstance(error, kind))
            raise
        finally:
            self._observe(call, result, perf_counter() - begun)
