"""`/audit`: admins read who did what, newest first, in pages, of a person or of an invoice."""

import re

import pytest

from bot.domain.audit import PAGE
from bot.sandbox.telegram import Message, Person
from bot.storage import keys
from bot.storage.connection import connect
from tests.flows.afterlife import says
from tests.flows.driving import alert, data_of, say, settled, tap
from tests.flows.test_card_buttons import short
from tests.flows.wording import ADMINS_ONLY, NOT_ALLOWED, NOT_YOURS, STRANGER, is_card
from tests.world import ADMIN_ID, SELLER_ID, WEBHOOK, World


async def audit(world: World, about: str = "") -> list[str]:
    """The entries, without their times."""
    await settled(world)
    return lines(await say(world.admin, f"/audit {about}".strip()))


def lines(message: Message) -> list[str]:
    return [line.partition(" · ")[2] for line in message.text.splitlines()[1:]]


def uuid_of(world: World) -> str:
    return str(world.cloud.ledger.all()[-1].uuid)


SELLER = f"Flower shop {SELLER_ID}"
ADMIN = f"admin {ADMIN_ID}"


async def test_everything_that_counts_is_told(world: World) -> None:
    card = await say(world.seller, "/invoice 50 EUR usdt trc20")
    first = uuid_of(world)
    await world.seller.tap("Cancel", message=card.id)
    await world.seller.read(lambda m: "Yes, cancel the invoice" in m.labels)
    await world.seller.tap("Yes, cancel the invoice", message=card.id)
    await world.seller.read("cancelled")
    await say(world.seller, "/settings")
    for button in ("Time to pay", "3 hours"):
        await tap(world.seller, button)
    await say(world.seller, "/export today")
    await say(world.admin, "/sellers")
    for button in ("Flower shop", "Make a cashier"):
        await tap(world.admin, button)
    await tap(world.admin, "Remove")
    told = await audit(world)
    gone = f"? {SELLER_ID}"  # no label any more
    assert told[:4] == [
        f"{ADMIN} · removed: Flower shop {SELLER_ID}",
        f"{ADMIN} · new role of Flower shop {SELLER_ID}: cashier",
        f"{gone} · export of {today(told)}",
        f"{gone} · Time to pay in the private chat: 3 hours",
    ]
    amount = "50.00\xa0EUR"
    assert told[4:] == [
        f"{gone} · to be cancelled: {amount} {first}",
        f"{gone} · invoice created: {amount} {first}",
        f"{gone} · admitted as Flower shop (seller), invited by {ADMIN}",
        f"{ADMIN} · invite made for Flower shop (seller)",
    ]


def today(told: list[str]) -> str:
    """The days of the export, which the clock decides."""
    (days,) = re.findall(r"export of (\S+ – \S+)", "\n".join(told))
    return str(days)


async def test_times_are_the_readers_own(world: World) -> None:
    await say(world.seller, "/invoice 50 EUR")
    shows = await say(world.admin, "/audit")
    times = [one for one in shows.entities if one["type"] == "date_time"]
    assert len(times) == len(shows.text.splitlines()) - 1


async def test_in_the_readers_language(world: World) -> None:
    await say(world.seller, "/invoice 50 EUR")
    await say(world.admin, "/settings")
    for button in ("Language", "Русский"):
        await tap(world.admin, button)
    shows = await say(world.admin, "/audit")
    assert "Журнал действий" in shows.text
    assert "выставлен счёт: 50,00\xa0EUR" in shows.text


async def test_a_part_payment_accepted_and_its_rest_asked_for(world: World) -> None:
    card, uuid = await short(world)
    tapped = await world.seller.tap("Ask for the rest", message=card.id)
    summary = await world.seller.read("what is missing of", after=tapped)
    await world.seller.tap("Create", message=summary.id)
    await says(world, summary, "waiting for payment")
    rest = uuid_of(world)
    await says(world, card, rest)
    await settled(world)  # one wish after the other
    await world.seller.tap("Accept as is", message=card.id)
    await says(world, card, "accepted as it is")
    told = await audit(world, uuid)
    assert [line.partition(" · ")[2].partition(":")[0] for line in told] == [
        "accepted as is",
        "invoice created",
    ]
    (asked,) = await audit(world, rest)
    assert "invoice for a rest created" in asked
    assert asked.endswith(rest)


async def test_pages(world: World) -> None:
    for number in range(PAGE + 2):
        await world.seller.send(f"/invoice {number + 1} EUR")
    await world.seller.read(f"{PAGE + 2}.00\xa0EUR")
    await settled(world)
    first = await say(world.admin, "/audit")
    assert first.labels == ["Older ›"]
    second = await tap(world.admin, "Older ›", message=first.id)
    assert second.labels == ["‹ Newest"]
    assert second.id == first.id
    assert len(lines(first)) == PAGE
    assert len(lines(second)) == 4
    assert not set(lines(first)) & set(lines(second))
    assert lines(await tap(world.admin, "‹ Newest", message=first.id)) == lines(first)


async def test_of_a_person(world: World) -> None:
    other = world.telegram.person(8601, "Seller")
    await world.admit(other, "Tea house")
    await say(other, "/invoice 50 EUR")
    by_label, by_id = await audit(world, "tea HOUSE"), await audit(world, "8601")
    assert by_label == by_id
    assert [line.split(" · ")[0] for line in by_id] == ["Tea house 8601"] * 2
    assert await audit(world, "86") == [""]  # nothing is noted
    for number in range(PAGE):
        await other.send(f"/invoice {number + 1} EUR")
    await other.read(f"{PAGE}.00\xa0EUR")
    await settled(world)
    first = await say(world.admin, "/audit 8601")
    assert "Audit trail · Tea house 8601" in first.text
    second = await tap(world.admin, "Older ›", message=first.id)
    assert "Tea house 8601" in second.text
    assert {line.split(" · ")[0] for line in lines(second)} == {"Tea house 8601"}


async def test_of_an_invoice(world: World) -> None:
    card = await say(world.seller, "/invoice 50 EUR")
    uuid, our_id = uuid_of(world), data_of(card, "QR code").rpartition(":")[2]
    await say(world.seller, "/invoice 60 EUR")
    for about in (uuid, uuid.lower(), our_id):
        assert await audit(world, about) == [f"{SELLER} · invoice created: 50.00\xa0EUR {uuid}"]


async def test_what_is_not_known_is_explained(world: World) -> None:
    for about in ("nobody", "INV-NOTTHERE", "Flower", "-1", "²", "<b>"):
        answer = await say(world.admin, f"/audit {about}")
        assert "/audit INV-AB12CD34" in answer.text
        assert answer.buttons == ()


async def test_nobody_else_reads_it(world: World) -> None:
    cashier = world.telegram.person(8602, "Cashier")
    await world.admit(cashier, "Till 1", cashier=True)
    for person in (world.seller, cashier):
        assert (await say(person, "/audit")).text == ADMINS_ONLY
        assert await refused(person) == NOT_YOURS
    assert (await say(world.stranger, "/audit")).text == STRANGER
    assert await refused(world.stranger) == NOT_ALLOWED
    group = world.telegram.group(-100_8602, "Shop", [world.admin])
    await world.admin.send("/audit", chat=group)
    await settled(world)
    assert not [one for one in world.admin.messages(group) if one.from_bot]


async def refused(person: Person) -> str:
    return await alert(person, "a:0:0:", person.messages()[-1].id)


async def test_what_is_delivered_twice_is_told_once(world: World) -> None:
    sent = await world.seller.send("/invoice 50 EUR")
    card = await world.seller.read(is_card, after=sent)
    await world.seller.tap("Cancel", message=card.id)
    sure = await world.seller.read(lambda m: "Yes, cancel the invoice" in m.labels)
    tapped = await world.seller.tap("Yes, cancel the invoice", message=sure.id)
    await world.seller.read("cancelled")
    await say(world.seller, "/settings")
    await tap(world.seller, "Currency")
    set_ = await world.seller.tap("GBP")
    exported = await world.seller.send("/export today")
    await settled(world)
    before = await audit(world)
    for update in (sent.update_id, *tapped.update_ids, *set_.update_ids, exported.update_id):
        assert update is not None
        world.telegram.redeliver(update)
        await settled(world)
    assert await audit(world) == before


@pytest.mark.skipif(WEBHOOK, reason="an update is handled once there")
async def test_a_setting_whose_entry_was_lost_with_the_process_is_told_when_it_comes_again(
    world: World,
) -> None:
    """The setting is stored and its entry is not: so the bot may have died between."""
    await say(world.seller, "/settings")
    await tap(world.seller, "Currency")
    tapped = await world.seller.tap("GBP")
    await settled(world)
    await world.stop_bot()
    async with connect(world._redis_url) as redis:
        await redis.delete(keys.CHATS_AUDIT)
        await redis.delete(keys.turn(str(SELLER_ID)))
    world.telegram.redeliver(*tapped.update_ids)
    await world.start_bot()
    await settled(world)
    assert (await audit(world))[0] == f"{SELLER} · Currency in the private chat: GBP"
