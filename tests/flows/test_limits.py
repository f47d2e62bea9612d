"""Too many requests are turned away with a clear sentence; what has begun is never."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import ClientSession
from limits import RateLimitItemPerMinute

from bot.storage import limits
from bot.telegram.texts import asking, views
from tests.flows.driving import alert, create, data_of, say, settled, tap
from tests.flows.test_postbacks import post, signed
from tests.flows.wording import EN, RU, is_card, is_summary
from tests.world import QUICK, World

PACE = replace(QUICK, look=timedelta(seconds=0.1))
SENTENCE = asking.too_many(EN, 0).partition("0")[0]
RUSSIAN = asking.too_many(RU, 0).partition("0")[0]


@pytest.fixture
async def world(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(limits, "PATIENCE", 5.0)  # a busy machine must not open them
    for what, number in (("create", 3), ("create_here", 4), ("postback", 2)):
        monkeypatch.setitem(limits.RATES, what, RateLimitItemPerMinute(number))
    async with World(redis_url, pace=PACE, trusted_proxies="127.0.0.1") as running:
        yield running


async def spent(world: World) -> None:
    """The seller has asked for as many as may be."""
    for number in range(1, 4):
        assert is_card(await say(world.seller, f"/invoice {number} EUR btc"))


async def test_one_too_many_says_how_long_to_wait(world: World) -> None:
    await spent(world)
    for line in ("/invoice 4 EUR btc", "/invoice", "5 EUR"):
        refused = await say(world.seller, line)
        assert refused.text.startswith(SENTENCE), line
        seconds = int(refused.text.removeprefix(SENTENCE).partition(" ")[0])
        assert 50 < seconds <= 60
    assert len(world.created) == 3
    assert is_card(await say(world.admin, "/invoice 4 EUR btc")), "others may"


async def test_it_is_said_in_the_readers_language(world: World) -> None:
    person = world.telegram.person(5005, "Продавец", language_code="ru")
    await world.admit(person, "Книги")
    for number in range(1, 4):
        await say(person, f"/invoice {number} EUR btc")
    assert (await say(person, "/invoice 4 EUR btc")).text.startswith(RUSSIAN)


async def test_what_has_begun_goes_on(world: World) -> None:
    summary = await say(world.seller, "1 EUR btc")  # counted
    assert is_summary(summary)
    await say(world.admin, "/help")
    asked = await say(world.seller, "/invoice 1,000 EUR btc")  # counted; takes the other's place
    card = await say(world.seller, "/invoice 3 EUR btc")  # counted
    assert (await say(world.seller, "/invoice 9 EUR btc")).text.startswith(SENTENCE)
    assert is_card(card)
    answered = await tap(world.seller, "1,000.00", message=asked.id)
    assert is_summary(answered)
    assert is_card(await create(world.seller))
    assert len(world.created) == 2


async def test_buttons_that_begin_are_counted_too(world: World) -> None:
    await spent(world)
    card = (world.cards(world.seller))[-1]
    world.cloud.ledger.expire(world.cloud.ledger.all()[-1].uuid)
    ended = await world.seller.read("expired")
    again = data_of(ended, "Again")
    assert (await alert(world.seller, again, card.id)).startswith(SENTENCE)
    assert (await alert(world.seller, "n", card.id)).startswith(SENTENCE)
    await settled(world)
    assert not any(is_summary(message) for message in world.seller.messages())


async def test_a_request_that_comes_again_is_not_turned_away(world: World) -> None:
    sent = await world.seller.send("/invoice 1 EUR btc")
    await world.seller.read(is_card, after=sent)
    for number in (2, 3):
        await say(world.seller, f"/invoice {number} EUR btc")
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id)
    await settled(world)
    assert not [m for m in world.seller.messages() if m.text.startswith(SENTENCE)]
    assert len(world.created) == 3


async def test_a_group_has_a_limit_of_its_own(world: World) -> None:
    other = world.telegram.person(5006, "Other")
    await world.admit(other, "Book shop")
    group = world.telegram.group(-1005005, "Shop", [world.seller, other])
    for person in (world.seller, other):
        for number in (1, 2):
            line = f"/invoice {number} EUR btc"
            assert is_card(await say(person, line, chat=group))
    assert (await say(other, "/invoice 3 EUR btc", chat=group)).text.startswith(SENTENCE)
    assert is_card(await say(world.admin, "/invoice 3 EUR btc")), "elsewhere one may"


async def test_a_strangers_guesses_are_counted_by_link_and_by_button(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.RATES, "open", RateLimitItemPerMinute(3))
    greeting = await say(world.stranger, "/start")
    guesses = ["a" * 20, "b" * 20]
    for guess in guesses:
        await say(world.stranger, f"/start {guess}")
    assert await alert(world.stranger, f"c:refresh:{guesses[0]}", greeting.id) == views.gone(EN)
    refused = await alert(world.stranger, f"c:refresh:{guesses[1]}", greeting.id)
    assert refused.startswith(views.wait(EN, 0).partition("0")[0])
    own = await say(world.seller, "/help")
    assert await alert(world.seller, f"c:refresh:{guesses[1]}", own.id) == views.gone(EN)


async def test_failed_postbacks_are_limited_by_address_and_right_ones_never(world: World) -> None:
    async def junk(address: str) -> tuple[int, str | None]:
        headers = {"X-Forwarded-For": f"9.9.9.9, {address}"}
        async with (
            ClientSession() as http,
            http.post(world.postback_url, data=b"junk", headers=headers) as answer,
        ):
            return answer.status, answer.headers.get("Retry-After")

    await say(world.seller, "/invoice 1 EUR btc")
    uuid = world.cloud.ledger.all()[0].uuid
    assert [(await junk("192.0.2.1"))[0] for _ in range(2)] == [400, 400]
    status, after = await junk("192.0.2.1")
    assert status == 429
    assert after is not None
    assert 0 < int(after) <= 60
    assert (await junk("192.0.2.2"))[0] == 400
    households = [(await junk(f"2001:db8::{n}"))[0] for n in range(3)]
    assert households == [400, 400, 429]
    assert (await junk("2001:db8:0:1::1"))[0] == 400
    for _ in range(4):  # from an address that had its share
        assert (
            await post(world, signed(world, uuid), headers={"X-Forwarded-For": "192.0.2.1"}) == 200
        )
