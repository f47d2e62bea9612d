"""What watching costs, and what a provider in trouble makes of it: late news, never wrong news."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.invoice import Status, Wish
from bot.sandbox.cryptocloud import Fault, Path
from bot.sandbox.telegram import Message
from tests.flows.wording import is_card
from tests.reliability.stock import put, record, store
from tests.reliability.waiting import until
from tests.world import QUICK, SELLER_ID, World

PACE = replace(QUICK, look=timedelta(seconds=0.2))
LINE = "/invoice 50 EUR usdt trc20"


@pytest.fixture
async def world(redis_url: str) -> AsyncIterator[World]:
    async with World(redis_url, pace=PACE) as running:
        yield running


def infos(world: World) -> int:
    return len(world.cloud.called(Path.INFO))


def asked(world: World, since: int = 0) -> int:
    """How often an invoice was asked about."""
    bodies: list[Any] = [call.body for call in world.cloud.called(Path.INFO)[since:]]
    return sum(len(body["uuids"]) for body in bodies)


async def issued(world: World, many: int) -> dict[str, Message]:
    """The cards of so many invoices, by the id at the provider."""
    for _ in range(many):
        sent = await world.seller.send(LINE)
        await world.seller.read(is_card, after=sent)
    shown = world.cards(world.seller)
    return {
        invoice.uuid: next(card for card in shown if invoice.uuid in card.text)
        for invoice in world.cloud.invoices
    }


def text_of(world: World, card: Message) -> str:
    return next(one.text for one in world.seller.messages() if one.id == card.id)


def news(world: World, words: str) -> list[str]:
    return [one.text for one in world.seller.messages() if words in one.text]


async def test_looks_that_find_nothing_new_edit_nothing(world: World) -> None:
    """The provider's times have more digits than ours at rest: that was taken for news each time,
    and every look edited the card."""
    await issued(world, 1)
    await until(lambda: infos(world) > 3)
    edits = len(world.telegram.called("editMessageText"))
    begun = infos(world)
    await until(lambda: infos(world) > begun + 5)
    assert len(world.telegram.called("editMessageText")) == edits


async def test_calls_follow_open_invoices_and_not_those_that_have_ended(
    world: World, redis_url: str
) -> None:
    """2,000 that are finished beside 100 that are open cost nothing."""
    stranger = SELLER_ID
    open_ = put(world.cloud, [timedelta(minutes=1)] * 100)
    await store(
        redis_url,
        [
            (record(one, one.uuid, n, chat=stranger), datetime.now(UTC))
            for n, one in enumerate(open_)
        ],
    )
    await asyncio.sleep(0.5)
    alone = await looks_in(world, 2)
    paid = put(world.cloud, [timedelta(minutes=1)] * 2000)
    for one in paid:
        world.cloud.ledger.pay(one.uuid)
    finished = [
        record(one, one.uuid, 1000 + n, status=Status.PAID, chat=stranger)
        for n, one in enumerate(paid)
    ]
    # Each is due once, as after a crash, and then never again.
    await store(redis_url, [(one, datetime.now(UTC)) for one in finished])
    begun = infos(world)
    await asyncio.sleep(3)
    beside = await looks_in(world, 2)
    bodies: list[Any] = [call.body for call in world.cloud.called(Path.INFO)[begun:]]
    assert not {one.uuid for one in paid} & {uuid for body in bodies for uuid in body["uuids"]}
    # How many calls a hundred takes varies with the moment; of 2,000 there would be 20 more a look.
    assert 0 < beside <= 2 * alone


async def looks_in(world: World, seconds: float) -> int:
    """How many calls there are in that time."""
    begun = infos(world)
    await asyncio.sleep(seconds)
    return infos(world) - begun


async def test_with_half_of_the_calls_failing_all_news_comes_and_none_is_made_up(
    world: World,
) -> None:
    cards = await issued(world, 12)
    uuids = list(cards)
    world.cloud.faults.share(Path.INFO, 0.25, Fault.status(503), seed=4)
    world.cloud.faults.share(Path.INFO, 0.33, Fault.cut_after_commit(), seed=5)
    for uuid in uuids[::2]:
        world.cloud.ledger.pay(uuid)
    await until(lambda: len(news(world, "was paid.")) == 6, 20)
    await asyncio.sleep(1.5)
    assert len(news(world, "was paid.")) == 6, "once each"
    for uuid in uuids[::2]:
        assert "· paid\n" in text_of(world, cards[uuid])
    for uuid in uuids[1::2]:
        assert "waiting for payment" in text_of(world, cards[uuid])


@pytest.mark.parametrize(
    "fault",
    [
        Fault.status(503),
        Fault.cut_before_commit(),
        Fault.html(),
        Fault.truncated(),
        Fault.document({"status": "success", "result": []}),
        Fault.document({"detail": "Not today."}, 400),
    ],
    ids=["503", "cut", "html", "truncated", "nothing known", "refused"],
)
async def test_no_answer_and_no_nonsense_changes_what_is_known(world: World, fault: Fault) -> None:
    cards = await issued(world, 3)
    world.cloud.faults.every(Path.INFO, 1, fault)
    for uuid in cards:
        world.cloud.ledger.expire(uuid)
    begun = infos(world)
    await until(lambda: infos(world) > begun + 2, 10)
    assert all("waiting for payment" in text_of(world, card) for card in cards.values())
    world.cloud.faults.clear()
    for card in cards.values():
        await until(lambda card=card: "· expired" in text_of(world, card), 10)  # type: ignore[misc]


async def wished(world: World, card: Message, wish: Wish) -> None:
    """Wish without a lease, as a handler or a postback does."""
    [invoice] = [one for one in world.cloud.invoices if one.uuid in card.text]
    records = world.app.reconciler._records
    assert await records.wish(invoice.order.order_id or "", wish, datetime.now(UTC))


async def test_a_payment_told_of_while_a_wish_is_worked_on_is_seen_at_once(redis_url: str) -> None:
    """The answer that is on its way then is older than the payment."""
    async with World(redis_url, pace=replace(QUICK, look=timedelta(minutes=1))) as world:
        [(uuid, card)] = (await issued(world, 1)).items()
        world.cloud.faults.next(Path.INFO, Fault.slow(0.4))
        begun = infos(world)
        await wished(world, card, Wish.LOOK)
        await until(lambda: infos(world) > begun)
        world.cloud.ledger.pay(uuid)
        await wished(world, card, Wish.LOOK)
        await until(lambda: bool(news(world, "was paid.")), 5)


async def test_a_cancelled_invoice_is_asked_about_once_more(world: World) -> None:
    """What was paid in that very moment is told of, whichever came first."""
    [(uuid, card)] = (await issued(world, 1)).items()
    await wished(world, card, Wish.CANCEL)
    await wished(world, card, Wish.LOOK)
    await until(lambda: "· cancelled" in text_of(world, card))
    assert len(world.cloud.called(Path.CANCEL)) == 1
    cancelled = world.cloud.called(Path.CANCEL)[0].at
    await until(lambda: world.cloud.called(Path.INFO)[-1].at > cancelled)
    world.cloud.ledger.pay(uuid)
    await wished(world, card, Wish.LOOK)
    await until(lambda: "· paid late" in text_of(world, card))
    assert len(world.cloud.called(Path.CANCEL)) == 1


async def test_what_is_accepted_stays_so_while_the_provider_is_away_and_is_asked_about_after_it(
    world: World,
) -> None:
    [(uuid, card)] = (await issued(world, 1)).items()
    world.cloud.ledger.expire(uuid)
    await until(lambda: "· expired" in text_of(world, card))
    world.cloud.ledger.receive(uuid, Decimal(20))
    await wished(world, card, Wish.LOOK)
    await until(lambda: "· paid late" in text_of(world, card))
    late = text_of(world, card)
    world.cloud.faults.every(Path.INFO, 1, Fault.status(503))
    await wished(world, card, Wish.ACCEPT)
    await until(lambda: text_of(world, card) != late)
    accepted = text_of(world, card)
    begun = infos(world)
    world.cloud.faults.clear()
    await until(lambda: infos(world) > begun)
    await asyncio.sleep(0.5)
    assert text_of(world, card) == accepted
    assert len(news(world, "after its time had ended")) == 1


async def test_an_outage_costs_few_calls_and_ends_for_all_within_the_longest_rest(
    redis_url: str,
) -> None:
    pace = replace(PACE, retry=timedelta(seconds=0.5), longest_rest=timedelta(seconds=2))
    async with World(redis_url, pace=pace) as world:
        open_ = put(world.cloud, [timedelta(minutes=1)] * 1500)
        now = datetime.now(UTC)
        stock = [record(one, one.uuid, n, chat=SELLER_ID) for n, one in enumerate(open_)]
        world.cloud.faults.every(Path.INFO, 1, Fault.status(503))
        begun = infos(world)
        await store(redis_url, [(one, now) for one in stock])
        await asyncio.sleep(7)
        # 5 at once before the first of them failed, then one after 0.5, 1, 2, 2 … seconds.
        assert infos(world) - begun <= 6 + 6
        # Wishes do not turn into calls of their own either.
        begun = infos(world)
        for one in stock[:300]:
            await world.app.reconciler._records.wish(one.id, Wish.LOOK, datetime.now(UTC))
        await asyncio.sleep(3)
        assert infos(world) - begun <= 12
        world.cloud.faults.clear()
        begun = infos(world)
        await asyncio.sleep(pace.longest_rest.total_seconds() + 3)
        bodies: list[Any] = [call.body for call in world.cloud.called(Path.INFO)[begun:]]
        assert {uuid for body in bodies for uuid in body["uuids"]} == {one.uuid for one in stock}
