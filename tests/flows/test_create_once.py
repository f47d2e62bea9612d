"""*Create* taken twice, fast, late, from two messages or delivered again: one invoice."""

import pytest

from bot.sandbox.cryptocloud import Fault, Path
from tests.flows.driving import alert, create, data_of, say, settled, shown, tap
from tests.flows.wording import OUTDATED, WHICH_COIN, is_card, is_summary
from tests.world import WEBHOOK, World


async def test_five_taps_at_once(world: World) -> None:
    await say(world.seller, "50 EUR")
    tapped = await world.seller.tap("Create", times=5)
    await world.seller.answered(tapped)
    await world.seller.read(is_card, after=tapped)
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1


async def test_five_taps_while_the_provider_takes_its_time(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.slow(0.5))
    summary = await say(world.seller, "50 EUR")
    value = data_of(summary, "Create")
    for _ in range(5):
        tapped = await world.seller.tap_data(value, summary.id)
        await world.seller.answered(tapped)
    await settled(world)
    await world.seller.read(is_card)
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1


async def test_the_tap_delivered_again(world: World) -> None:
    await say(world.seller, "50 EUR")
    tapped = await world.seller.tap("Create")
    await world.seller.read(is_card, after=tapped)
    world.telegram.redeliver(tapped.update_ids[0], times=2)
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1


async def test_the_tap_delivered_again_after_a_restart(world: World) -> None:
    await say(world.seller, "50 EUR")
    tapped = await world.seller.tap("Create")
    await world.seller.read(is_card, after=tapped)
    await world.stop_bot()
    world.telegram.redeliver(tapped.update_ids[0])
    await world.start_bot()
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1


async def test_the_line_delivered_again_after_its_card(world: World) -> None:
    """It would show its question again, which by now is the card."""
    sent = await world.seller.send("50 EUR")
    await world.seller.read(is_summary, after=sent)
    card = await create(world.seller)
    await settled(world)
    assert sent.update_id is not None
    await world.stop_bot()
    world.telegram.redeliver(sent.update_id)
    await world.start_bot()
    await settled(world)
    assert [is_card(one) for one in shown(world.seller) if one.id >= card.id] == [True]
    assert len(world.created) == 1


async def test_from_two_messages(world: World) -> None:
    summary = await say(world.seller, "50 EUR")
    other = await say(world.seller, "/help")
    value = data_of(summary, "Create")
    first = await world.seller.tap_data(value, summary.id)
    second = await world.seller.tap_data(value, other.id)
    await world.seller.answered(first)
    await world.seller.answered(second)
    await world.seller.read(is_card)
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1


async def test_from_two_messages_with_a_restart_between(world: World) -> None:
    summary = await say(world.seller, "50 EUR")
    value = data_of(summary, "Create")
    await create(world.seller)
    await world.stop_bot()
    await world.start_bot()
    await world.seller.answered(await world.seller.tap_data(value, summary.id))
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1


async def test_on_a_summary_that_has_changed_it_shows_the_new_one(world: World) -> None:
    before = await say(world.seller, "50 EUR")
    now = await say(world.seller, "60 EUR")
    assert is_summary(now)
    assert await alert(world.seller, data_of(before, "Create"), now.id) == OUTDATED
    await settled(world)
    assert world.created == []
    assert "60.00\xa0EUR" in shown(world.seller)[-1].text
    assert is_summary(shown(world.seller)[-1])


async def test_on_a_summary_left_for_another_question(world: World) -> None:
    before = await say(world.seller, "50 EUR")
    await tap(world.seller, "‹ Back")
    assert await alert(world.seller, data_of(before, "Create"), before.id) == OUTDATED
    await settled(world)
    assert world.created == []
    assert WHICH_COIN in shown(world.seller)[-1].text


@pytest.mark.skipif(WEBHOOK, reason="a tap does not wait for a message there")
async def test_a_change_and_create_at_once(world: World) -> None:
    """Whichever comes first counts; the other finds out."""
    summary = await say(world.seller, "50 EUR")
    await world.seller.send("60 EUR")
    late = await world.seller.tap_data(data_of(summary, "Create"), summary.id)
    assert (await world.seller.answered(late)).text == OUTDATED
    await settled(world)
    assert world.created == []


async def test_cancel_and_create_at_once(world: World) -> None:
    summary = await say(world.seller, "50 EUR")
    first = await world.seller.tap_data(data_of(summary, "Cancel"), summary.id)
    second = await world.seller.tap_data(data_of(summary, "Create"), summary.id)
    await world.seller.answered(first)
    await world.seller.answered(second)
    await settled(world)
    assert world.created == []


async def test_create_and_cancel_at_once(world: World) -> None:
    """What was created is not called cancelled."""
    summary = await say(world.seller, "50 EUR")
    first = await world.seller.tap_data(data_of(summary, "Create"), summary.id)
    second = await world.seller.tap_data(data_of(summary, "Cancel"), summary.id)
    await world.seller.answered(first)
    await world.seller.answered(second)
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1
    assert shown(world.seller)[-1].id == summary.id
