"""Two bots on one store, behind one address: in effect they are one."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest
import pytest_asyncio
from redis import Redis

from bot.sandbox.telegram import Person, delay
from tests.flows.driving import shown
from tests.reliability.replicas import ReplicaWorld, replicas
from tests.reliability.waiting import until
from tests.web.deliveries import deliver, message

pytestmark = [pytest.mark.crash, pytest.mark.asyncio(loop_scope="module")]

_NUMBERS = count(800_000_001)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def both(
    valkey: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ReplicaWorld]:
    """For tests that leave the two as they were."""
    with Redis.from_url(valkey) as client:
        client.flushall()
    async with replicas(valkey, tmp_path_factory.mktemp("replicas")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def seller(both: ReplicaWorld) -> Person:
    """Somebody new."""
    return both.telegram.person(next(_NUMBERS), "Seller")


def sent(by: Person, text: str) -> dict[str, Any]:
    number = next(_NUMBERS)
    return message(by, text, number=number, message_id=number)


async def at_both(world: ReplicaWorld, *updates: object) -> None:
    """Each update at each replica, all at once."""
    answers = await asyncio.gather(
        *(deliver(port, update) for update in updates for port in world.ports)
    )
    assert {status for status, _ in answers} == {200}


async def test_the_same_update_at_both_at_once(both: ReplicaWorld, seller: Person) -> None:
    living = len(both.living)
    await at_both(both, *(sent(seller, f"/invoice {n} EUR") for n in range(1, 11)))
    await until(lambda: len(both.cards(seller)) == 10, 10)
    await asyncio.sleep(0.3)
    assert len(both.living) == living + 10
    assert len(both.cards(seller)) == 10


async def test_a_step_of_the_conversation_at_both_at_once(
    both: ReplicaWorld, seller: Person
) -> None:
    """Taken twice, the amount would be an answer to the next question, too."""
    for text in ("/invoice", "120", "EUR"):
        await at_both(both, sent(seller, text))
    (question,) = shown(seller)
    assert "120.00" in question.text
    assert "coin" in question.text


async def test_an_answer_is_given_once(both: ReplicaWorld, seller: Person) -> None:
    update = sent(seller, "/help")
    await at_both(both, update)
    await at_both(both, update)
    assert len(shown(seller)) == 1


async def test_what_is_in_work_at_one_is_waited_for_at_the_other(
    both: ReplicaWorld, seller: Person
) -> None:
    """A later message of the chat, and the same update again."""
    both.telegram.fail("sendMessage", delay(1.5))
    first, later = sent(seller, "/currencies"), sent(seller, "/coins")
    async with asyncio.TaskGroup() as group:
        group.create_task(deliver(both.ports[0], first))
        await until(lambda: both.telegram.calls[-1].injected)
        group.create_task(deliver(both.ports[1], later))
        group.create_task(deliver(both.ports[1], first))
    texts = [one.text for one in shown(seller)]
    assert ["TRY" in texts[0], "TRON" in texts[1], len(texts)] == [True, True, 2]


async def test_what_one_person_sends_is_answered_in_order(
    both: ReplicaWorld, seller: Person
) -> None:
    for command in ["/currencies", "/coins", "/help"] * 5:
        await seller.send(command)
    await until(lambda: len(shown(seller)) == 15, 15)
    first_words = [one.text.split()[0] for one in shown(seller)]
    assert first_words == first_words[:3] * 5
