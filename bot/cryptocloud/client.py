"""The invoice calls of CryptoCloud's API v2. Nothing is ever sent twice from here."""

import logging
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import httpx
from pydantic import ValidationError

from bot.cryptocloud import listing
from bot.cryptocloud.answers import read_answer
from bot.cryptocloud.requests import (
    cancel_body,
    create_body,
    info_body,
    list_body,
    with_prefix,
)
from bot.cryptocloud.schemas import CreatedWire, InvoiceWire
from bot.cryptocloud.transport import post
from bot.domain.errors import Unsure
from bot.domain.provider import NewInvoice, ProviderInvoice, Walk

MAX_UUIDS = 100

_MOST_ROWS = 10**9

_CREATE = "/invoice/create"
_INFO = "/invoice/merchant/info"
_LIST = "/invoice/merchant/list"
_CANCEL = "/invoice/merchant/canceled"

log = logging.getLogger(__name__)


class CryptoCloud:
    """Every method raises `ProviderError` and nothing else for what goes wrong outside.

    `http` comes from `create_http`, is shared, and is closed by whoever made it.
    """

    def __init__(self, http: httpx.AsyncClient, shop_id: str) -> None:
        self._http = http
        self._shop_id = shop_id

    async def create(self, new: NewInvoice) -> ProviderInvoice:
        """Create an invoice, which the provider does anew on every call.

        After `Unsure` it may exist: look for its `order_id` before calling again. ValueError for
        an amount that is not positive.
        """
        document = await self._call(_CREATE, create_body(self._shop_id, new))
        try:
            return CreatedWire.model_validate(document["result"]).invoice()
        except ValidationError as error:
            raise Unsure(f"{_CREATE}: unusable {_fields(error)}") from error

    async def info(self, uuids: Sequence[str]) -> list[ProviderInvoice]:
        """What is known of at most 100 invoices; those the provider does not know are absent."""
        if len(uuids) > MAX_UUIDS:
            raise ValueError(f"{len(uuids)} invoices at once, {MAX_UUIDS} are allowed")
        if not uuids:
            return []
        body = info_body([with_prefix(uuid) for uuid in uuids])
        return _invoices(_INFO, _rows(_INFO, await self._call(_INFO, body)))

    async def walk(self, start: date, end: date) -> Walk:
        """Read the whole list for the UTC days from `start` to `end`, both included.

        Not complete: the list changed in a way that may have hidden something; walk again.
        """

        async def fetch(offset: int, limit: int) -> listing.Page:
            body = list_body(start, end, offset=offset, limit=limit)
            document = await self._call(_LIST, body)
            rows = _rows(_LIST, document)
            invoices = tuple(_invoices(_LIST, rows))
            return listing.Page(_count(document.get("all_count")), len(rows), invoices)

        return await listing.walk(fetch, start, end)

    async def cancel(self, uuid: str) -> None:
        """Cancel an unpaid invoice; `ProviderRefused` when it is not in `created` any more."""
        await self._call(_CANCEL, cancel_body(with_prefix(uuid)))

    async def _call(self, path: str, body: bytes) -> dict[str, object]:
        return read_answer(*await post(self._http, path, body))


def _rows(path: str, document: dict[str, object]) -> list[object]:
    rows = document["result"]
    if not isinstance(rows, list):
        raise Unsure(f"{path}: the result is no list")
    return rows


def _count(value: object) -> int | None:
    # The bound keeps a number in scientific notation from being written out.
    if not isinstance(value, Decimal) or not 0 <= value < _MOST_ROWS:
        return None
    return int(value) if value == int(value) else None


def _invoices(path: str, rows: list[object]) -> list[ProviderInvoice]:
    invoices = []
    for row in rows:
        try:
            invoices.append(InvoiceWire.model_validate(row).invoice())
        except ValidationError as error:
            log.warning("%s: a row has an unusable %s", path, _fields(error))
    return invoices


def _fields(error: ValidationError) -> str:
    return ", ".join(".".join(map(str, one["loc"])) or "result" for one in error.errors())
