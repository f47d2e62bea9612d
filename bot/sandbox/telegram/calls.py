"""One API call from its parameters to its answer, kept for whoever looks at it later."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.faults import Fault, Faults
from bot.sandbox.telegram.methods import BY_LOWER_NAME, METHODS
from bot.sandbox.telegram.rates import Rates
from bot.sandbox.telegram.requests import Params, decode_parameters
from bot.sandbox.telegram.state import World
from bot.sandbox.telegram.webhook import Delivery, Patience, Webhook


@dataclass(slots=True)
class Call:
    """One API call: what came, what it was answered."""

    method: str
    params: Params
    at: float
    status: int = 0
    description: str = ""
    result: Any = None
    injected: bool = False


class Cut(Exception):
    """The connection is to be cut instead of answering."""


class Calls:
    """Does calls, whether they come by HTTP or in the answer of a webhook."""

    def __init__(self, world: World, patience: Patience) -> None:
        self.kept: list[Call] = []
        self.faults = Faults()
        self.rates = Rates(world.clock)
        self._world = world
        self._patience = patience
        self._delivery: Delivery | None = None
        self._delivers: Webhook = world.webhook

    def begin(self, method: str) -> Call:
        """A call that came in, not done yet."""
        call = Call(BY_LOWER_NAME.get(method.lower(), method), {}, self._world.clock())
        self.kept.append(call)
        return call

    async def do(self, call: Call, given: Params) -> None:
        """Check it and do it. Raises ApiError for a refusal, Cut for a planned one."""
        try:
            await self._do(call, given)
        except ApiError as error:
            call.status, call.description = error.status, error.description
            raise
        call.status = 200

    async def close(self) -> None:
        """Deliver nothing any more."""
        delivery, self._delivery = self._delivery, None
        if delivery is not None:
            await delivery.close()

    async def _do(self, call: Call, given: Params) -> None:
        call.params = given
        if call.method not in METHODS:
            raise ApiError(404, "Not Found: method not found")
        call.params = decode_parameters(call.method, given)
        fault = self._met(call)
        if fault is not None:
            await fault.strike()
            if fault.cut_before:
                raise _cut(call)
            call.injected = False
        self.rates.count(call.method, call.params, self._world.chats)
        call.result = await METHODS[call.method](self._world, call.params)
        await self._follow_webhook()
        if fault is not None and fault.cut_after:
            raise _cut(call)

    def _met(self, call: Call) -> Fault | None:
        fault = self.faults.take(call.method, call.params)
        call.injected = fault is not None
        return fault

    async def _follow_webhook(self) -> None:
        """Deliver to the webhook that is set now."""
        webhook = self._world.webhook
        if webhook is self._delivers:
            return
        self._delivers = webhook
        await self.close()
        if webhook.url and self._delivers is webhook:  # not replaced meanwhile
            self._delivery = Delivery(
                webhook, self._world.updates, self._world.clock, self._patience, self._asked
            )

    async def _asked(self, method: str, given: Params) -> None:
        """A method in the answer of a webhook: the bot never learns how it went."""
        try:
            await self.do(self.begin(method), given)
        except (ApiError, Cut):
            return


def _cut(call: Call) -> Cut:
    call.injected = True
    call.description = "connection cut"
    return Cut()
