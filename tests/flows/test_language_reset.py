"""A language that is reset: the chat speaks its person's own again, from that very tap on."""

import pytest

from tests.flows.driving import say, tap
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_menu_is_in_the_language_of_the_app_at_once(house: World) -> None:
    person = house.telegram.person(6001, "Seller", language_code="ru")
    await house.admit(person)
    menu = await say(person, "/settings")
    await tap(person, "Язык")
    assert "Language: English" in (await tap(person, "English")).text
    await tap(person, "Language")
    reset = await tap(person, "Reset", message=menu.id)
    assert reset.labels == ["Валюта", "Монета", "Срок оплаты", "Напоминание", "Язык", "Готово"]
