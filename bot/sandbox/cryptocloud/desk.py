"""What the calls do: each takes a parsed body and gives an answer."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bot.sandbox.cryptocloud import documents
from bot.sandbox.cryptocloud.checks import RefusedError, read_order, refused
from bot.sandbox.cryptocloud.exchange import Answer
from bot.sandbox.cryptocloud.habits import Habits, LimitMeans
from bot.sandbox.cryptocloud.ledger import Clock, Invoice, Ledger, NotOpenError, Order

_PAGE = 100
_BAD_REQUEST = 400


class Desk:
    """Serves the calls from the ledger, as `habits` say at the time."""

    def __init__(
        self,
        ledger: Ledger,
        habits: Habits,
        clock: Clock,
        shop_id: str,
        link: Callable[[Invoice], str],
    ) -> None:
        self._habits = habits
        self._ledger = ledger
        self._clock = clock
        self._shop_id = shop_id
        self._link = link

    def create(self, body: Mapping[str, object]) -> Answer:
        """`/invoice/create`."""
        try:
            invoice = self._ledger.add(read_order(body, self._shop_id))
        except RefusedError as refusal:
            return Answer.of(refusal.document, _BAD_REQUEST)
        return _success(self._write(documents.created, invoice))

    def info(self, body: Mapping[str, object]) -> Answer:
        """`/invoice/merchant/info`: unknown ids are absent from the answer."""
        uuids = body.get("uuids")
        if not isinstance(uuids, list) or not all(isinstance(uuid, str) for uuid in uuids):
            return _refusal("uuids", "uuids not passed.")
        if len(uuids) > _PAGE:
            return _refusal("uuids", f"No more than {_PAGE} uuids.")
        found = [self._ledger.find(uuid) for uuid in uuids]
        return _success([self._write(documents.info, one) for one in found if one is not None])

    def list(self, body: Mapping[str, object]) -> Answer:
        """`/invoice/merchant/list`: UTC days, both included, newest first."""
        try:
            start, end = _day(body, "start"), _day(body, "end")
            first, last = self._slice(body)
        except RefusedError as refusal:
            return Answer.of(refusal.document, _BAD_REQUEST)
        if first > 0:
            self.insert(self._habits.inserted_between_pages)
        rows = self._ledger.listed(start, end, self._habits.list_lag)
        page = [self._write(documents.listed, invoice) for invoice in rows[first:last]]
        return Answer.of({"status": "success", "result": page, "all_count": len(rows)})

    def cancel(self, body: Mapping[str, object]) -> Answer:
        """`/invoice/merchant/canceled`."""
        uuid = body.get("uuid")
        if not isinstance(uuid, str) or self._ledger.find(uuid) is None:
            return _refusal("uuid", "Invoice not found.")
        try:
            self._ledger.cancel(uuid)
        except NotOpenError:
            return Answer.of({"validate_error": "Invoice is not created"}, _BAD_REQUEST)
        return _success(["ok"])

    def insert(self, count: int) -> None:
        """Invoices of another integration of the same shop."""
        for _ in range(count):
            self._ledger.add(Order(Decimal(1), "USD", timedelta(hours=24), order_id="elsewhere"))

    def _slice(self, body: Mapping[str, object]) -> tuple[int, int]:
        offset, limit = _count(body, "offset", 0), _count(body, "limit", 10)
        if self._habits.limit_means is LimitMeans.LAST_RECORD:
            return offset, min(limit, offset + _PAGE)
        if limit > _PAGE:
            raise refused("limit", f"Ensure this value is less than or equal to {_PAGE}.")
        return offset, offset + limit

    def _write(
        self, form: Callable[[Invoice, str, str], documents.Document], invoice: Invoice
    ) -> documents.Document:
        settled = self._clock() - invoice.created >= self._habits.address_lag
        document = form(invoice, self._link(invoice), invoice.address if settled else "")
        return document | {"test_mode": self._habits.test_mode}


def _success(result: object) -> Answer:
    return Answer.of({"status": "success", "result": result})


def _refusal(field: str, words: str) -> Answer:
    return Answer.of(refused(field, words).document, _BAD_REQUEST)


def _day(body: Mapping[str, object], field: str) -> date:
    try:
        return datetime.strptime(str(body.get(field)), "%d.%m.%Y").replace(tzinfo=UTC).date()
    except ValueError:
        raise refused(field, f"{field} must be dd.mm.yyyy.") from None


def _count(body: Mapping[str, object], field: str, default: int) -> int:
    value = body.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise refused(field, "A valid integer is required.")
    return value
