"""The provider cannot be reached, is busy, or says no."""

from urllib.parse import urlsplit

import pytest

from bot.sandbox.cryptocloud import AuthError, Fault, Path
from tests.reliability.waiting import idle
from tests.world import World

WAITING = "cannot be reached"


def port(world: World) -> int:
    found = urlsplit(world.cloud.url).port
    assert found is not None
    return found


async def test_it_is_created_when_the_provider_is_back(world: World) -> None:
    known = port(world)
    await world.cloud.close()
    sent = await world.seller.send("/invoice 50 EUR")
    told = await world.seller.read(WAITING, after=sent)
    await world.cloud.start(port=known)
    card = await world.seller.read("waiting for payment", after=sent)
    assert card.id == told.id
    assert len(world.created) == 1


async def test_who_waited_for_nothing_is_told_in_a_message_of_its_own(
    world: World, redis_url: str
) -> None:
    await world.cloud.close()
    sent = await world.seller.send("/invoice 50 EUR")
    told = await world.seller.read(WAITING, after=sent)
    rung = await world.seller.read("not created after all", after=sent)
    await idle(redis_url)
    seen = [message for message in world.seller.messages() if message.id > sent.message_id]
    assert [message.id for message in seen] == [told.id, rung.id]
    assert "not created" in seen[0].text
    assert world.created == []


async def test_who_waits_is_told_at_once(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.status(429, headers={"Retry-After": "2"}))
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read("⏳", after=sent, timeout=1)
    await world.seller.read("waiting for payment", after=sent)
    assert len(world.created) == 2
    assert len(world.cloud.invoices) == 1


async def test_a_provider_that_asks_for_an_hour_is_not_waited_for_so_long(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.status(429, headers={"Retry-After": "3600"}))
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read("not created after all", after=sent)
    assert len(world.created) == 1
    assert world.cloud.invoices == []


async def test_a_refusal_is_told_in_the_providers_words_beside_what_was_typed(
    world: World, redis_url: str
) -> None:
    words = "Amount must be at least 2 USD."
    refusal = {"status": "error", "result": {"amount": words}}
    world.cloud.faults.next(Path.CREATE, Fault.document(refusal, 400))
    sent = await world.seller.send("/invoice 0.01 EUR #A-17 A stamp")
    told = await world.seller.read(words, after=sent)
    assert "0.01" in told.text
    assert "A-17" in told.text
    assert "A stamp" in told.text
    await idle(redis_url)
    assert len(world.created) == 1


@pytest.mark.parametrize("form", AuthError)
@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_wrong_key_is_a_matter_for_the_administrator(
    world: World, caplog: pytest.LogCaptureFixture, form: AuthError, status: int
) -> None:
    key = world.cloud.api_key
    world.cloud.api_key = "another-test-key"
    world.cloud.habits.auth_error = form
    world.cloud.habits.auth_status = status
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read("admin", after=sent)
    assert len(world.created) == 1
    assert key not in caplog.text
    assert not [event for event in world.telegram.events if key in str(event.message)]
