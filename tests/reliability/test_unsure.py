"""A create whose ending nobody knows: looked for in the list, and never made twice blindly."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.cryptocloud import create_http
from bot.sandbox.cryptocloud import Call, Fault, LimitMeans, Path, Status
from tests.reliability.waiting import idle, until
from tests.world import QUICK, World

CHECKING = "checking with the provider"


def walks(world: World) -> list[Call]:
    """The first pages that were asked for."""
    return [call for call in world.cloud.called(Path.LIST) if call.field("offset") == 0]


async def asked_for_one(world: World) -> None:
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read("waiting for payment", after=sent)


def living(world: World) -> list[str]:
    return [
        one.uuid
        for one in world.cloud.invoices
        if one.status is Status.CREATED and one.order.order_id != "elsewhere"
    ]


COMMITTED = {
    "the connection is cut": Fault.cut_after_commit(),
    "503": Fault.status(503, commit=True),
    "500": Fault.status(500, commit=True),
    "a page for people": Fault.html(),
    "half an answer": Fault.truncated(),
    "nothing": Fault.empty(),
    "no link": Fault.without("link"),
    "no uuid": Fault.without("uuid"),
}


@pytest.mark.parametrize("ending", COMMITTED)
async def test_it_was_created_and_the_answer_was_lost(world: World, ending: str) -> None:
    world.cloud.faults.next(Path.CREATE, COMMITTED[ending])
    await asked_for_one(world)
    assert len(world.created) == 1
    (uuid,) = living(world)
    (card,) = world.cards(world.seller)
    assert uuid in card.text


async def test_the_answer_comes_when_nobody_waits_any_more(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.create_http", partial(create_http, total=0.3))
    async with World(redis_url) as world:
        world.cloud.faults.next(Path.CREATE, Fault.slow(0.6))
        await asked_for_one(world)
        assert len(world.created) == 1
        assert len(world.cards(world.seller)) == 1


async def test_it_takes_effect_when_nobody_waits_any_more(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.create_http", partial(create_http, total=0.3))
    async with World(redis_url) as world:
        world.cloud.faults.next(Path.CREATE, Fault.late_commit(0.9))
        await asked_for_one(world)
        assert len(world.created) == 1
        assert len(world.cards(world.seller)) == 1


async def test_the_list_shows_it_late(world: World) -> None:
    world.cloud.habits.list_lag = timedelta(seconds=0.8)
    world.cloud.faults.next(Path.CREATE, Fault.cut_after_commit())
    await asked_for_one(world)
    assert len(world.created) == 1
    assert len(walks(world)) > 1


async def test_people_read_that_it_is_checked(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.cut_after_commit())
    world.cloud.habits.list_lag = timedelta(seconds=0.4)
    sent = await world.seller.send("/invoice 50 EUR")
    told = await world.seller.read(CHECKING, after=sent)
    card = await world.seller.read("waiting for payment", after=sent)
    assert card.id == told.id


async def test_surely_absent_is_created_again_once(world: World, redis_url: str) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.cut_before_commit())
    await asked_for_one(world)
    await idle(redis_url)
    first, again = world.created
    assert first.raw == again.raw
    proofs = [call.at for call in walks(world) if call.at < again.at]
    # The last two readings are the proof; what came before them was only looking.
    ended = first.at
    assert any(ended + QUICK.first_walk <= at for at in proofs[:-1])
    proving = next(at for at in proofs if at >= ended + QUICK.first_walk)
    assert proofs[-1] - proving >= QUICK.second_walk
    assert len(living(world)) == 1
    assert len(world.cards(world.seller)) == 1


async def test_one_reading_is_no_proof(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.cut_before_commit())
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read(CHECKING, after=sent)
    world.cloud.faults.when(Path.LIST, lambda _: len(walks(world)) > 1, Fault.status(503))
    await until(lambda: len(walks(world)) > 3)
    assert len(world.created) == 1
    world.cloud.faults.clear()
    await world.seller.read("waiting for payment", after=sent)
    assert len(world.created) == 2


async def test_an_incomplete_reading_is_no_proof(world: World) -> None:
    def one_more(document: bytes) -> bytes:
        told = json.loads(document)
        return json.dumps(told | {"all_count": told["all_count"] + 1}).encode()

    world.cloud.faults.next(Path.CREATE, Fault.cut_before_commit())
    world.cloud.faults.when(
        Path.LIST,
        lambda _: True,
        Fault(rewrite=lambda answer: replace(answer, body=one_more(answer.body))),
    )
    sent = await world.seller.send("/invoice 50 EUR")
    await until(lambda: len(walks(world)) > 3)
    assert len(world.created) == 1
    world.cloud.faults.clear()
    await world.seller.read("waiting for payment", after=sent)
    assert len(world.created) == 2


@pytest.mark.parametrize("meaning", LimitMeans)
@pytest.mark.parametrize("committed", [True, False], ids=["it is there", "it is not there"])
async def test_a_long_list_that_moves_under_either_meaning_of_limit(
    world: World, meaning: LimitMeans, committed: bool
) -> None:
    world.cloud.habits.limit_means = meaning
    world.cloud.habits.inserted_between_pages = 3
    fault = Fault.cut_after_commit() if committed else Fault.cut_before_commit()
    world.cloud.faults.next(Path.CREATE, fault)
    sent = await world.seller.send("/invoice 50 EUR")
    await world.cloud.until(lambda: bool(world.created))
    world.cloud.desk.insert(350)  # the newest come first: ours stands on the last page
    await world.seller.read("waiting for payment", after=sent, timeout=10)
    assert len(world.created) == (1 if committed else 2)
    assert len(living(world)) == 1


async def test_a_late_twin_is_cancelled_and_the_card_keeps_its_link(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.create_http", partial(create_http, total=0.3))
    async with World(redis_url) as world:
        world.cloud.faults.next(Path.CREATE, Fault.late_commit(3.5))
        await asked_for_one(world)
        (kept,) = living(world)
        (card,) = world.cards(world.seller)
        await until(lambda: len(world.cloud.invoices) == 2)
        await until(lambda: len(living(world)) == 1)
        assert living(world) == [kept]
        assert world.cards(world.seller) == [card]
        assert kept in card.text
        assert len(world.created) == 2
