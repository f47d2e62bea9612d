"""aiogram's own client drives every method that the server claims."""

import pytest
from aiogram import Bot

from bot.sandbox.telegram import LocalTelegram, Person
from bot.sandbox.telegram.methods import METHODS
from tests.sandbox.telegram.driven import DRIVERS, Stage


@pytest.fixture
def stage(telegram: LocalTelegram, bot: Bot, seller: Person) -> Stage:
    buyer = telegram.person(502, "Buyer")
    rights = ("can_reply", "can_read_messages", "can_delete_all_messages")
    return Stage(
        telegram=telegram,
        bot=bot,
        seller=seller,
        group=telegram.group(-100500, "Shop", [seller], bot_is_admin=True),
        dialog=telegram.dialog(seller, buyer),
        business=seller.connect_business(*rights),
        buyer=buyer,
    )


def test_no_driver_is_for_a_method_that_is_not_claimed() -> None:
    assert set(DRIVERS) <= set(METHODS)


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_driven_by_aiogram(stage: Stage, method: str) -> None:
    assert method in DRIVERS, f"nothing drives {method}"
    assert await DRIVERS[method](stage) is not None
    calls = stage.telegram.called(method)
    assert calls
    assert all(call.status == 200 for call in calls)
    assert stage.telegram.refusals == []
