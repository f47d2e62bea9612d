"""An edited command creates nothing and says so."""

import pytest

from bot.sandbox.telegram import Person
from tests.flows.driving import Made, anything, say, settled, shown
from tests.flows.wording import EDITED, is_card
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_edited_command_creates_nothing_and_says_so(house: World, seller: Person) -> None:
    sent = await seller.send("/invoice 50 EUR")
    await seller.read(is_card, after=sent)
    made = Made(house)
    edited = await seller.edit(sent.message_id, "/invoice 70 EUR")
    assert EDITED in (await seller.read(anything, after=edited)).text
    await settled(house)
    assert made.bodies == []
    assert len(house.cards(seller)) == 1


async def test_a_text_edited_into_a_command_creates_nothing(house: World, seller: Person) -> None:
    sent = await seller.send("hello")
    await seller.read(anything, after=sent)
    made = Made(house)
    edited = await seller.edit(sent.message_id, "/invoice 70 EUR")
    assert EDITED in (await seller.read(anything, after=edited)).text
    assert made.bodies == []


async def test_an_edited_answer_is_no_second_answer(house: World, seller: Person) -> None:
    await say(seller, "/invoice")
    sent = await seller.send("/help")
    await seller.read(anything, after=sent)
    before = [message.text for message in shown(seller)]
    await seller.edit(sent.message_id, "50 EUR")
    await settled(house)
    assert [message.text for message in shown(seller)] == before
