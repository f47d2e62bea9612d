"""The provider of the model world: the local one's ledger, and a worker's way to it."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.errors import (
    NotSent,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderUnauthorized,
    Unsure,
)
from bot.domain.provider import NewInvoice, ProviderInvoice, Walk
from bot.sandbox.cryptocloud.ledger import FeePayer, Ledger, NotOpenError, Order
from bot.sandbox.cryptocloud.ledger import Invoice as Theirs
from bot.sandbox.cryptocloud.rates import COINS
from tests.reliability.model_world import Body
from tests.services.bench import Watch

_BEFORE: dict[str, Exception] = {
    "cut before": Unsure("reset"),
    "not sent": NotSent("refused"),
    "busy": ProviderBusy(20),
    "no": ProviderRefused({"amount": "Too small."}),
    "unauthorized": ProviderUnauthorized({"key": "Unknown."}),
}


class Shop:
    """The provider. Its list shows what was created only after `lag`."""

    def __init__(self, clock: Watch) -> None:
        self.ledger = Ledger(clock, FeePayer.MERCHANT, FeePayer.MERCHANT)
        self.clock = clock
        self.lag = timedelta(0)
        self.down: ProviderError | None = None
        self.on_their_way: list[Order] = []  # creates that arrive after their time-out
        self.late: set[str] = set()  # uuids of those that did
        self.first_told: dict[str, ProviderInvoice] = {}
        self.misled: set[str] = set()  # uuids of which an old answer was given

    def arrive(self, order: Order) -> None:
        self.late.add(self.ledger.add(order).uuid)

    def told(self, theirs: Theirs) -> ProviderInvoice:
        left = theirs.due - theirs.received
        now = ProviderInvoice(
            uuid=theirs.uuid,
            status=theirs.status.value,
            link=f"https://pay.example/{theirs.id}",
            order_id=theirs.order.order_id,
            created=theirs.created,
            expires=theirs.expires,
            address=theirs.address or None,
            coin=theirs.coin.fullcode if theirs.coin else None,
            amount_to_pay=theirs.due if theirs.coin else None,
            amount_paid=theirs.received,
            to_surcharge=left if theirs.status.value == "partial" else None,
            received=theirs.received,
        )
        self.first_told.setdefault(now.uuid, now)
        return now


class Calls:
    """A worker's way to the provider."""

    def __init__(self, body: Body, shop: Shop) -> None:
        self._body = body
        self._shop = shop

    async def _called(self, kind: str) -> str:
        what = await self._body.struck(kind)
        if self._shop.down is not None:
            raise self._shop.down
        if what in _BEFORE:
            raise _BEFORE[what]
        return what

    async def create(self, new: NewInvoice) -> ProviderInvoice:
        what = await self._called("create")
        coin = COINS[new.coins[0]] if len(new.coins) == 1 else None
        lasts = new.lifetime or timedelta(hours=24)
        order = Order(new.amount, new.currency, lasts, new.order_id, new.email, coin, new.coins)
        if what == "late":
            self._shop.on_their_way.append(order)
            raise Unsure("time-out")
        made = self._shop.ledger.add(order)
        await self._body.ended(what)
        if what == "cut after":
            raise Unsure("time-out")
        return self._shop.told(made)

    async def info(self, uuids: Sequence[str]) -> list[ProviderInvoice]:
        what = await self._called("info")
        if what == "old":
            self._shop.misled.update(uuids)
            return [self._shop.first_told[uuid] for uuid in uuids if uuid in self._shop.first_told]
        found = [self._shop.ledger.find(uuid) for uuid in uuids]
        return [self._shop.told(theirs) for theirs in found if theirs is not None]

    async def walk(self, start: date, end: date) -> Walk:
        what = await self._called("walk")
        if what == "incomplete":
            return Walk(start, end, (), complete=False)
        listed = self._shop.ledger.listed(start, end, self._shop.lag)
        return Walk(start, end, tuple(map(self._shop.told, listed)), complete=True)

    async def cancel(self, uuid: str) -> None:
        what = await self._called("cancel")
        try:
            self._shop.ledger.cancel(uuid)
        except NotOpenError:
            raise ProviderRefused({"uuid": "Not open."}) from None
        await self._body.ended(what)
        if what == "cut after":
            raise Unsure("time-out")
