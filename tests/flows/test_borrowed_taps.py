"""Buttons in the wrong hands or the wrong place: whatever their kind, each is refused with an
answer and does nothing. The store, the provider and the chats are compared with what they were."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.telegram import Person
from bot.sandbox.telegram.state import Callback
from bot.sandbox.telegram.taps import Tapped
from bot.sandbox.telegram.views import Button
from tests.flows.borrowing import Stage, everything, our_id, set_stage
from tests.flows.driving import alert, say, shown, tap
from tests.flows.wording import NOT_ALLOWED, NOT_YOURS
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

GONE = "This invoice is not there, or it is not yours."
REFUSALS = {NOT_YOURS, NOT_ALLOWED, GONE}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(house: World) -> AsyncIterator[Stage]:
    """The seller runs the group. Another seller, a cashier, one who was removed and a stranger are
    in it."""
    names = ("other", "cashier", "removed", "stranger")
    people = {name: house.telegram.person(8201 + n, name) for n, name in enumerate(names)}
    await house.admit(people["other"], "Tea house")
    await house.admit(people["cashier"], "Till 1", cashier=True)
    await house.admit(people["removed"], "Book shop")
    await say(people["removed"], "80 EUR")  # stays open
    await say(house.admin, "/sellers")
    for button in ("Book shop", "Remove"):
        await tap(house.admin, button)
    people |= {"seller": house.seller, "admin": house.admin}
    await say(people["stranger"], "/start")
    everybody = list(people.values())
    group = house.telegram.group(-100_8201, "Shop", everybody, admins=[house.seller])
    yield await set_stage(house, people, group)


def rightful(name: str, data: str, *, group: bool, stage: Stage) -> bool:
    """What is nobody's to refuse: everybody begins an invoice, looks at what their own chat lists
    and sets up, and asks for the same as an invoice that they see."""
    kind = data.partition(":")[0]
    if name in ("removed", "stranger"):
        return False
    if kind == "n":
        return True
    if name == "admin":
        return not group
    if group:
        return False
    own = {"cashier": ("l",), "other": ("l", "s", "x"), "seller": tuple("clmosdx")}
    return kind in own[name]


@pytest.mark.parametrize("where", ["in private", "in the group"])
@pytest.mark.parametrize("name", ["stranger", "removed", "cashier", "other", "seller", "admin"])
async def test_a_button_of_another_message(stage: Stage, name: str, where: str) -> None:
    """Sent from under a message that has no such button: one's own, or another card."""
    person, group = stage.people[name], stage.group if where == "in the group" else None
    message = stage.greeting if group else shown(person)[-1]
    before = await everything(stage.world)
    for data in stage.all:
        if not rightful(name, data, group=group is not None, stage=stage):
            said = await alert(person, data, message.id, chat=group)
            assert said in REFUSALS, (data, said)
    assert await everything(stage.world) == before


@pytest.mark.parametrize("name", ["stranger", "removed", "cashier", "other", "admin", "seller"])
async def test_a_card_never_becomes_another_one(stage: Stage, name: str) -> None:
    """Buyers trust it: nobody makes it show another invoice, a list or a page of settings."""
    before = await everything(stage.world)
    for data in stage.all:
        kind, _, rest = data.partition(":")
        if kind == "n" or our_id(stage.card) in rest:
            continue
        said = await alert(stage.people[name], data, stage.card.id, chat=stage.group)
        assert said in REFUSALS, (data, said)
    assert await everything(stage.world) == before


@pytest.mark.parametrize("name", ["stranger", "removed", "cashier", "other"])
async def test_what_only_its_seller_may(stage: Stage, name: str) -> None:
    """From under the right card, in the group where everybody sees it."""
    before = await everything(stage.world)
    for do in ("cancel", "cancel_now", "keep", "accept", "rest"):
        data = f"m:{do}:{our_id(stage.card)}"
        said = await alert(stage.people[name], data, stage.card.id, chat=stage.group)
        assert said in REFUSALS, (data, said)
    assert await everything(stage.world) == before


@pytest.mark.parametrize("name", ["stranger", "removed", "cashier", "other"])
async def test_from_under_a_message_that_telegram_does_not_hand_out(
    stage: Stage, name: str
) -> None:
    person, group = stage.people[name], stage.group
    before = await everything(stage.world)
    for data in stage.all:
        if data.startswith(("c:", "n")) or data == f"m:again:{our_id(stage.card)}":
            continue
        old = {"chat": group.chat.as_api(), "message_id": stage.card.id, "date": 0}
        await tap_under(stage.world, person, data, message=old)
    assert await everything(stage.world) == before


async def test_a_message_in_no_chat_at_all(stage: Stage) -> None:
    """Under a message that was sent in inline mode, which this bot has not."""
    before = await everything(stage.world)
    for data in stage.all:
        seller = stage.people["seller"]
        said = await tap_under(stage.world, seller, data, inline_message_id="x")
        assert said == NOT_YOURS
    assert await everything(stage.world) == before


async def tap_under(world: World, person: Person, data: str, **where: Any) -> str:
    """A tap as no app would send it; what the window over the button said."""
    telegram = world.telegram.world
    number = telegram.next_query_id(person.id)
    telegram.callbacks[number] = Callback(number, person.id, telegram.clock())
    query = {"id": number, "from": person.user.as_api(), "chat_instance": "1", "data": data}
    world.telegram.push({"callback_query": {**query, **where}})
    button = Button(data, "callback", data)
    return (await person.answered(Tapped(button, 0, (number,), (), 0, person.chat))).text


GARBAGE = ["", "²", "-1", "9" * 30, "x" * 20, "%s", "\x00", "é", "🎂", "none", "../.."]


async def test_tampered_data_changes_nothing(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """Each part of each kind replaced, cut off, or followed by one more; by the seller, who would
    have the right to the real thing."""
    seller, card = stage.people["seller"], stage.private_card
    stored, _, calls = await everything(stage.world)
    known = set(stage.all)
    for several in stage.buttons.values():
        parts = several[-1].split(":")
        tampered = [":".join(parts[:-1]), ":".join([*parts, "x"]), several[-1].upper()]
        for at in range(1, len(parts)):
            tampered += [":".join([*parts[:at], bad, *parts[at + 1 :]]) for bad in GARBAGE]
        for data in tampered:
            if 0 < len(data.encode()) <= 64 and data not in known and data not in ("n", "N"):
                await seller.answered(await seller.tap_data(data, card.id))
    now, _, then = await everything(stage.world)
    assert (now, then) == (stored, calls)
    assert not caplog.records
