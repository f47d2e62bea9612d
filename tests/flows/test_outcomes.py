"""Every way an invoice can go, under every way of hearing of it: the right card, the right news,
once.

All eight go on at the same time, each with a seller of its own, so that they share calls to the
provider as they do in life.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import ROUND_UP, Decimal
from typing import Any

import pytest

from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.cryptocloud.ledger import FeePayer
from bot.sandbox.cryptocloud.rates import COIN_STEP
from bot.sandbox.telegram import Message, Person
from tests.flows.afterlife import says, shown_again
from tests.flows.test_postbacks import post, signed
from tests.world import QUICK, World

PACE = replace(QUICK, look=timedelta(seconds=0.1))
HALF = Decimal("0.5")


@dataclass
class Case:
    """One invoice on its way. `told` is called after whatever happens at the provider."""

    world: World
    person: Person
    card: Message
    uuid: str
    told: Callable[[str], Awaitable[None]]

    async def pays(self, share: Decimal = Decimal(1)) -> None:
        self.world.cloud.ledger.pay(self.uuid, share)
        await self.told(self.uuid)

    async def says(self, words: str) -> None:
        await says(self.world, self.card, words, self.person)


async def full(case: Case) -> None:
    await case.pays()


async def part(case: Case) -> None:
    await case.pays(HALF)


async def part_then_rest(case: Case) -> None:
    await case.pays(HALF)
    await case.says("paid in part")
    await case.pays()


async def over(case: Case) -> None:
    await case.pays(Decimal("1.25"))


async def expired(case: Case) -> None:
    case.world.cloud.ledger.expire(case.uuid)
    await case.told(case.uuid)


async def expired_then_paid(case: Case) -> None:
    await expired(case)
    await case.says("· expired")
    await case.pays()


async def cancelled_here(case: Case) -> None:
    await case.person.tap("Cancel", message=case.card.id)
    for _ in range(200):
        if "No, keep it" in shown_again(case.person, case.card).labels:
            break
        await asyncio.sleep(0.02)
    await case.person.tap("Yes, cancel", message=case.card.id)


async def cancelled_there(case: Case) -> None:
    case.world.cloud.ledger.cancel(case.uuid)
    await case.told(case.uuid)


# What happens, the state the card ends in, the news that ring, in their order.
WAYS: dict[Callable[[Case], Awaitable[None]], tuple[str, list[str]]] = {
    full: ("· paid\n", ["was paid."]),
    part: ("· paid in part", ["A part of"]),
    part_then_rest: ("· paid\n", ["A part of", "was paid."]),
    over: ("· overpaid", ["more than that"]),
    expired: ("· expired", ["expired unpaid"]),
    expired_then_paid: ("· paid late", ["expired unpaid", "after its time had ended"]),
    cancelled_here: ("· cancelled", []),
    cancelled_there: ("· cancelled", []),
}


class Hearing:
    """How the bot hears of what happens, beside its own looks."""

    def __init__(self, world: World, mode: str) -> None:
        self._world = world
        self._mode = mode
        self._late: list[str] = []
        self._sending: list[asyncio.Task[Any]] = []

    async def told(self, uuid: str) -> None:
        match self._mode:
            case "postbacks":
                await self._send(uuid)
            case "doubled":
                await asyncio.gather(*(self._send(uuid) for _ in range(3)))
            case "delayed":
                self._sending.append(asyncio.create_task(self._send(uuid, after=0.7)))
            case "out of order" | "half failing":
                self._late.append(uuid)

    async def rest(self) -> None:
        """What comes after everything has happened: the newest first, and all of it twice."""
        await asyncio.gather(*self._sending)
        for uuid in [*reversed(self._late), *self._late]:
            await self._send(uuid)

    async def _send(self, uuid: str, after: float = 0) -> None:
        await asyncio.sleep(after)
        status = await post(self._world, signed(self._world, uuid))
        assert status in ((200, 503) if self._mode == "half failing" else (200,))


@pytest.mark.parametrize(
    "mode", ["none", "postbacks", "doubled", "delayed", "out of order", "half failing"]
)
async def test_every_way_ends_in_the_right_card_and_the_right_news(
    redis_url: str, mode: str
) -> None:
    async with World(redis_url, pace=PACE, seller_access="anyone") as world:
        if mode == "half failing":
            for seed, path in enumerate((Path.INFO, Path.CANCEL)):
                world.cloud.faults.share(path, 0.5, Fault.status(503), seed=seed)
        hearing = Hearing(world, mode)
        cases = [await begin(world, 8000 + n, hearing) for n in range(len(WAYS))]
        async with asyncio.TaskGroup() as group:
            for case, way in zip(cases, WAYS, strict=True):
                group.create_task(way(case))  # type: ignore[arg-type]
        await hearing.rest()
        for case, (state, _) in zip(cases, WAYS.values(), strict=True):
            await case.says(state)
        await asyncio.sleep(1)  # more looks and postbacks change nothing
        for case, (way, (state, rang)) in zip(cases, WAYS.items(), strict=True):
            assert state in shown_again(case.person, case.card).text, way
            news = [one.text for one in case.person.messages() if one.id > case.card.id]
            assert len(news) == len(rang), (way, news)
            for text, words in zip(news, rang, strict=True):
                assert words in text, way
            no_longer = "url" not in [
                b.kind for row in shown_again(case.person, case.card).buttons for b in row[:1]
            ]
            assert no_longer or way is part
        never_less(world, cases)


async def begin(world: World, number: int, hearing: Hearing) -> Case:
    person = world.telegram.person(number, "Seller")
    known = {invoice.uuid for invoice in world.cloud.ledger.all()}
    sent = await person.send("/invoice 50 EUR usdt trc20")
    card = await person.read("waiting for payment", after=sent)
    [uuid] = {invoice.uuid for invoice in world.cloud.ledger.all()} - known
    return Case(world, person, card, uuid, hearing.told)


def never_less(world: World, cases: list[Case]) -> None:
    """No amount of the coin that a card ever gave to copy was less than what was to be paid."""
    copied = 0
    for case in cases:
        invoice = world.cloud.ledger.get(case.uuid)
        half = (invoice.due * HALF).quantize(COIN_STEP, rounding=ROUND_UP)
        for happened in world.telegram.world.events:
            text = str(happened.message.get("text", ""))
            if case.uuid not in text:
                continue
            for words, amount in re.findall("(Send exactly|Still to be sent:) ([0-9.]+)", text):
                copied += 1
                due = invoice.due if words == "Send exactly" else invoice.due - half
                assert Decimal(amount) >= due
    assert copied


@pytest.mark.parametrize("transfer", FeePayer)
@pytest.mark.parametrize("service", FeePayer)
async def test_a_copied_amount_is_never_short_whoever_pays_the_fees(
    redis_url: str, transfer: FeePayer, service: FeePayer
) -> None:
    async with World(redis_url, pace=PACE) as world:
        world.cloud.ledger._transfer_fee_by = transfer
        world.cloud.ledger._service_fee_by = service
        hearing = Hearing(world, "none")
        sent = await world.seller.send("/invoice 50 EUR usdt trc20")
        card = await world.seller.read("Send exactly", after=sent)
        [invoice] = world.cloud.ledger.all()
        case = Case(world, world.seller, card, invoice.uuid, hearing.told)
        await part_then_rest(case)
        await case.says("· paid\n")
        never_less(world, [case])


async def test_without_the_providers_figure_no_amount_is_given_to_copy(redis_url: str) -> None:
    async with World(redis_url, pace=PACE) as world:
        lacking = Fault.without("amount_to_pay", "to_surcharge")
        world.cloud.faults.when(Path.INFO, lambda _: True, lacking)
        sent = await world.seller.send("/invoice 50 EUR usdt trc20")
        card = await world.seller.read("The exact amount to send is on the pay page.", after=sent)
        [invoice] = world.cloud.ledger.all()
        case = Case(world, world.seller, card, invoice.uuid, Hearing(world, "none").told)
        await case.pays(HALF)
        await case.says("paid in part")
        assert "pay page" in shown_again(world.seller, card).text
