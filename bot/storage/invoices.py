"""Invoices in Redis: written as intents, worked on under leases, taken when due."""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.domain import audit
from bot.domain.audit import Entry
from bot.domain.ids import short
from bot.domain.invoice import TRANSITIONS, Invoice, Wish
from bot.storage import keys, scripts, scripts_chats
from bot.storage.audit import dumped
from bot.storage.chats import add_asked
from bot.storage.connection import translated
from bot.storage.index import add_entries
from bot.storage.records import FIELDS, changes, dump, load, paired, to_ms
from bot.storage.together import together

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=4)
HINT_FIELD: Final = FIELDS["hint"].name


class InvoiceStore:
    """Reads and writes invoices.

    An owner token names who works on an invoice; it begins with this process's `boot` id. With
    `alone` (the embedded store: one process) leases of other boots are void.
    All methods raise `StorageAway`.
    """

    def __init__(
        self,
        redis: Redis,
        *,
        boot: str,
        alone: bool = False,
        written: Callable[[Invoice | None, Invoice], None] = lambda *_: None,
    ) -> None:
        """`written` is told what was written, and what it was before: None for a new one."""
        self._redis = redis
        self._written = written
        self._boot = boot if alone else ""
        self._intent = redis.register_script(scripts.INTENT)
        self._lease = redis.register_script(scripts.LEASE)
        self._take = redis.register_script(scripts.TAKE_DUE)
        self._renew = redis.register_script(scripts.RENEW)
        self._give_back = redis.register_script(scripts.GIVE_BACK)
        self._commit = redis.register_script(scripts.COMMIT)
        self._hint = redis.register_script(scripts.HINT)
        self._place = redis.register_script(scripts.PLACE)
        self._note_asked = redis.register_script(scripts_chats.NOTE_ASKED)

    @translated
    async def write_intent(
        self, invoice: Invoice, owner: str, now: datetime, *, digest: str = ""
    ) -> bool:
        """Store `invoice` and lease it to `owner`. False when it was there: nothing is changed.

        With the `digest` of a request it is remembered, in the same round trip, as the last one of
        its seller: nobody works on the invoice before, who might take that along to another chat.
        """
        pairs = [part for pair in dump(invoice).items() for part in pair]
        entry = audit.issued(invoice)
        until, at = to_ms(now + LEASE), to_ms(entry.at)
        args: list[str | int] = [invoice.id, owner, until, dumped(entry), at, *pairs]

        def add(pipe: Pipeline) -> None:
            if digest:
                add_asked(pipe, self._note_asked, invoice, digest)
            pipe.evalsha(self._intent.sha, 3, *_and_log(invoice.id), *args)

        new = (await together(self._redis, [self._note_asked, self._intent], add))[-1]
        if new:
            self._written(None, invoice)
        return bool(new)

    @translated
    async def lease(self, invoice_id: str, owner: str, now: datetime) -> Invoice | None:
        """Lease and read it. None when it is unknown or somebody else is at work on it."""
        args: list[str | int] = [invoice_id, owner, to_ms(now), to_ms(now + LEASE), self._boot]
        stored = await self._lease(keys=_both(invoice_id), args=args)
        return load(invoice_id, paired(stored)) if stored else None

    @translated
    async def take_due(
        self, owner: str, now: datetime, *, before: datetime, most: int
    ) -> list[Invoice]:
        """Lease up to `most` invoices of each shard that are due by `before`.

        Where some shards are away, as on a cluster with a node down, those of the others.
        """
        until = to_ms(now + LEASE)
        args: list[str | int] = [owner, to_ms(now), until, self._boot, to_ms(before), most]

        def add(pipe: Pipeline) -> None:
            for shard in keys.SHARDS:
                pipe.evalsha(self._take.sha, 1, keys.due(shard), keys.record_prefix(shard), *args)

        answers = await together(self._redis, [self._take], add, partly=True)
        failed = [answer for answer in answers if isinstance(answer, Exception)]
        if len(failed) == len(answers):
            raise failed[0]
        if failed:
            log.warning("the schedules of %d shards not read: %s", len(failed), failed[0])
        taken: list[Invoice] = []
        for answer in answers:
            if isinstance(answer, Exception):
                continue
            for invoice_id, stored in zip(answer[::2], answer[1::2], strict=True):
                try:
                    taken.append(load(invoice_id, paired(stored)))
                except (ValueError, TypeError, ArithmeticError):
                    # One record that nobody can read must not hold up the others.
                    log.exception("the record of %s cannot be read", short(invoice_id))
        return taken

    @translated
    async def renew(self, invoice_id: str, owner: str, now: datetime) -> bool:
        """Prolong a lease. False when it was lost."""
        args: list[str | int] = [invoice_id, owner, to_ms(now + LEASE)]
        return bool(await self._renew(keys=_both(invoice_id), args=args))

    @translated
    async def give_back(self, invoice_id: str, owner: str, now: datetime) -> bool:
        """End a lease in the middle of the work: due at once, for anybody. False when it was
        lost."""
        args: list[str | int] = [invoice_id, owner, to_ms(now)]
        return bool(await self._give_back(keys=_both(invoice_id), args=args))

    @translated
    async def commit(self, old: Invoice, new: Invoice, owner: str, *, place: bool = False) -> bool:
        """Write what `new` changes and keep the lease. False when the lease was lost.

        `place`: put it where lists and searches find it, in the same round trip.
        """
        return await self._write(old, new, owner, release="0", due="", place=place)

    @translated
    async def release(self, old: Invoice, new: Invoice, owner: str, due: datetime | None) -> bool:
        """Write what `new` changes, give the lease back, and come again at `due` or never."""
        at = "" if due is None else str(to_ms(due))
        return await self._write(old, new, owner, release="1", due=at, place=False)

    async def _write(
        self, old: Invoice, new: Invoice, owner: str, *, release: str, due: str, place: bool
    ) -> bool:
        args = _arguments(old, new, owner, release=release, due=due)

        def add(pipe: Pipeline) -> None:
            add_entries(pipe, self._place, new)
            pipe.evalsha(self._commit.sha, 2, *_both(new.id), *args)

        if place:
            kept = (await together(self._redis, [self._place, self._commit], add))[-1]
        else:
            kept = await self._commit(keys=_both(new.id), args=args)
        if kept:
            self._written(old, new)
        return bool(kept)

    @translated
    async def wish(
        self,
        invoice_id: str,
        wish: Wish,
        now: datetime,
        about: str = "",
        entry: Entry | None = None,
    ) -> bool:
        """Make it due now, with a wish for whoever works on it; `entry` tells whose it was. False
        when that could not be noted: the invoice is unknown, or a wish of another kind still waits.

        A wish to look does not take the place of another one but is added to it: what was asked
        for that one may be older.
        """
        told = dumped(entry) if entry is not None else ""
        args: list[str | int] = [invoice_id, wish, about or secrets.token_hex(3), to_ms(now), told]
        return int(await self._hint(keys=_and_log(invoice_id), args=args)) == 1

    @translated
    async def get(self, invoice_id: str) -> Invoice | None:
        """Read it without a lease."""
        stored = await cast("Any", self._redis.hgetall(keys.record(invoice_id)))
        return load(invoice_id, stored) if stored else None


def _both(invoice_id: str) -> list[str]:
    return [keys.record(invoice_id), keys.due(keys.shard(invoice_id))]


def _and_log(invoice_id: str) -> list[str]:
    return [*_both(invoice_id), keys.audit(keys.shard(invoice_id))]


def _arguments(
    old: Invoice, new: Invoice, owner: str, *, release: str, due: str
) -> list[str | int]:
    """What the script takes after the keys."""
    if new.status != old.status and new.status not in TRANSITIONS[old.status]:
        raise ValueError(f"{old.status} must not become {new.status}")
    changed, gone = changes(old, new)
    gone = [name for name in gone if name != HINT_FIELD]  # the script's own business
    pairs = [part for pair in changed.items() for part in pair]
    known = [new.id, owner, old.status, new.status, release, due, old.hint, new.hint]
    return [*known, len(gone), *gone, *pairs]
