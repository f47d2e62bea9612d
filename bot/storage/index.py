"""What lists and searches read: entries per chat and per seller, brought up to the record.

`list:{owner}:<bucket>` has ids by the time of asking. `find:{owner}` has words, all of the same
score, so that Redis keeps them in the order of their bytes and finds a beginning at once:

    =<provider's id>|<id>
    #<order number>|<time, newest first>|<id>
    <amount> <currency>|<time, newest first>|<id>

Entries lie in other slots than the record and are written after it: one without a record is
skipped when read.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.commands.core import AsyncScript

from bot.domain.currencies import CURRENCIES
from bot.domain.history import PAGE, Cursor, Page
from bot.domain.invoice import Bucket, Invoice
from bot.storage import keys, scripts
from bot.storage.connection import translated
from bot.storage.records import load, to_ms
from bot.storage.together import together

BUCKETS: Final = (Bucket.OPEN, Bucket.PAID, Bucket.EXPIRED)
MOST_FOUND: Final = 20

_TIES: Final = 8  # more than a page, in case many were asked for in the same millisecond
_FAR: Final = 1 << 44  # ms since the epoch, some 500 years of them
_END: Final = "\x7f"  # after every byte that an entry has

Entry = tuple[str, int]  # id, ms of asking


class IndexStore:
    """All methods raise `StorageAway`, and all may be repeated."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._place = redis.register_script(scripts.PLACE)

    @translated
    async def place(self, invoice: Invoice) -> None:
        """Put it into the lists of its chat and of its seller, in its state and no other."""
        await together(
            self._redis, [self._place], lambda pipe: add_entries(pipe, self._place, invoice)
        )

    @translated
    async def page(self, owner: int, bucket: Bucket, cursor: Cursor | None = None) -> Page:
        """A page of one list, or of all with `Bucket.NONE`; the newest without a cursor."""
        buckets = BUCKETS if bucket is Bucket.NONE else (bucket,)
        newer = cursor is not None and cursor.newer
        entries = await self._entries(owner, buckets, cursor)
        more = len(entries) > PAGE
        shown = sorted(entries[:PAGE], key=_place_of, reverse=True)
        invoices = await self._records([entry[0] for entry in shown])
        if not shown:
            return Page()
        first, last = shown[0], shown[-1]
        return Page(
            tuple(invoices),
            newer=Cursor(first[1], first[0], newer=True) if (more if newer else cursor) else None,
            older=Cursor(last[1], last[0]) if (cursor if newer else more) else None,
        )

    async def _entries(
        self, owner: int, buckets: Sequence[Bucket], cursor: Cursor | None
    ) -> list[Entry]:
        """One more than a page, the nearest to the cursor first."""
        newer = cursor is not None and cursor.newer
        found: set[Entry] = set()
        async with self._redis.pipeline(transaction=False) as pipe:
            for bucket in buckets:
                # From the cursor, or from the newest, as far as it goes.
                pipe.zrange(
                    keys.listed(owner, bucket),
                    "+inf" if cursor is None else cursor.at,
                    "+inf" if newer else "-inf",
                    desc=not newer,
                    byscore=True,
                    offset=0,
                    num=PAGE + 1 + _TIES,
                    withscores=True,
                )
            for answer in await pipe.execute():
                found.update((invoice_id, int(score)) for invoice_id, score in answer)
        ordered = sorted(found, key=_place_of, reverse=not newer)
        if cursor is None:
            return ordered[: PAGE + 1]
        here = (cursor.at, cursor.id)
        beyond = [one for one in ordered if (_place_of(one) > here) == newer and one[0] != here[1]]
        return beyond[: PAGE + 1]

    @translated
    async def find(self, owner: int, *, uuid: str = "", order: str = "") -> list[Invoice]:
        """By the provider's id without its prefix, or by the order number. Newest first."""
        begin = f"={uuid.upper()}|" if uuid else f"#{order}|"
        return await self._found(owner, [begin])

    @translated
    async def find_amount(self, owner: int, amount: Decimal, currency: str) -> list[Invoice]:
        """By what was asked for, in one currency or, without one, in any. Newest first."""
        codes = [currency] if currency else list(CURRENCIES)
        return await self._found(owner, [f"{_plain(amount)} {code}|" for code in codes])

    async def _found(self, owner: int, begins: Sequence[str]) -> list[Invoice]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for begin in begins:
                pipe.zrange(
                    keys.found(owner),
                    f"[{begin}",
                    f"[{begin}{_END}",
                    bylex=True,
                    offset=0,
                    num=MOST_FOUND,
                )
            answers = await pipe.execute()
        ids = [entry.rpartition("|")[2] for answer in answers for entry in answer]
        invoices = await self._records(ids)
        invoices.sort(key=lambda invoice: (invoice.asked_at, invoice.id), reverse=True)
        return invoices[:MOST_FOUND]

    async def _records(self, ids: Iterable[str]) -> list[Invoice]:
        wanted = list(ids)
        async with self._redis.pipeline(transaction=False) as pipe:
            for invoice_id in wanted:
                pipe.hgetall(keys.record(invoice_id))
            stored = await pipe.execute()
        return [load(one, record) for one, record in zip(wanted, stored, strict=True) if record]


def add_entries(pipe: Pipeline, place: AsyncScript, invoice: Invoice) -> None:
    """The commands that place it, for whoever writes the record in the same round trip."""
    asked, number = to_ms(invoice.asked_at), BUCKETS.index(invoice.bucket) + 1
    words = _words(invoice) if invoice.indexed is Bucket.NONE else []  # which never change
    for owner in {invoice.chat_id, invoice.seller_id}:
        lists = (*(keys.listed(owner, bucket) for bucket in BUCKETS), keys.found(owner))
        pipe.evalsha(place.sha, len(lists), *lists, invoice.id, asked, number, *words)


def _place_of(entry: Entry) -> tuple[int, str]:
    return entry[1], entry[0]


def _words(invoice: Invoice) -> list[str]:
    """What an invoice is found by."""
    newest_first = format(_FAR - to_ms(invoice.asked_at), "011x")
    words = [
        f"={invoice.uuid.removeprefix('INV-')}|{invoice.id}",
        f"{_plain(invoice.amount)} {invoice.currency}|{newest_first}|{invoice.id}",
    ]
    return [*words, f"#{invoice.order}|{newest_first}|{invoice.id}"] if invoice.order else words


def _plain(amount: Decimal) -> str:
    return format(amount.normalize(), "f")
