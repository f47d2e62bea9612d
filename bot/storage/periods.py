"""The invoices of a period, a page at a time: however many there are, few are in memory."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from redis.asyncio import Redis

from bot.domain.ids import short
from bot.domain.invoice import Invoice
from bot.storage import keys
from bot.storage.connection import translated
from bot.storage.index import BUCKETS
from bot.storage.records import load, to_ms

log = logging.getLogger(__name__)

PAGE: Final = 200


class PeriodStore:
    """Raises `StorageAway`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def between(
        self, owner: int, start: datetime, end: datetime
    ) -> AsyncIterator[list[Invoice]]:
        """Those asked for from `start` on and before `end`, oldest first, in pages."""
        begin: int | None = to_ms(start)
        while begin is not None:
            ids, begin = await self._page(owner, begin, to_ms(end) - 1)
            if ids:
                yield await self._records(ids)

    @translated
    async def _page(self, owner: int, begin: int, last: int) -> tuple[list[str], int | None]:
        """The next ids, and from when on those after them are.

        A page reads all lists in one transaction, as an invoice may move between them meanwhile;
        and it ends before a moment of which it may not have read everything.
        """
        answers = await self._lists(owner, begin, last, num=PAGE)
        found = {name: int(score) for answer in answers for name, score in answer}
        full = [int(answer[-1][1]) for answer in answers if len(answer) == PAGE]
        edge = min(full, default=None)
        if edge == begin:  # more than a page of one millisecond
            answers = await self._lists(owner, begin, begin, num=-1)
            return sorted(name for answer in answers for name, _ in answer), begin + 1
        ordered = sorted(found, key=lambda name: (found[name], name))
        return [name for name in ordered if edge is None or found[name] < edge], edge

    async def _lists(
        self, owner: int, begin: int, last: int, *, num: int
    ) -> list[list[tuple[str, float]]]:
        async with self._redis.pipeline(transaction=True) as pipe:
            for bucket in BUCKETS:
                pipe.zrange(
                    keys.listed(owner, bucket),
                    begin,
                    last,
                    byscore=True,
                    offset=0,
                    num=num,
                    withscores=True,
                )
            answers: list[list[tuple[str, float]]] = await pipe.execute()
        return answers

    @translated
    async def _records(self, ids: list[str]) -> list[Invoice]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for invoice_id in ids:
                pipe.hgetall(keys.record(invoice_id))
            stored = await pipe.execute()
        invoices = []
        for invoice_id, record in zip(ids, stored, strict=True):
            if not record:
                continue
            try:
                invoices.append(load(invoice_id, record))
            except (ValueError, TypeError, ArithmeticError):
                log.exception("the record of %s cannot be read", short(invoice_id))
        return invoices
