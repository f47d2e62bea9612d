"""Telegram may deliver an update again: a step is taken once."""

from tests.flows.driving import say, settled, shown, tap
from tests.flows.wording import CANCELLED, HOW_MUCH, WHICH_COIN, WHICH_CURRENCY, is_summary
from tests.world import World


async def test_a_typed_answer_is_applied_once(world: World) -> None:
    """A second 50 would be taken for the currency, or for another amount."""
    await say(world.seller, "/invoice")
    sent = await world.seller.send("50")
    await world.seller.read(WHICH_CURRENCY, after=sent)
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id, times=2)
    await settled(world)
    assert WHICH_CURRENCY in shown(world.seller)[-1].text
    assert WHICH_COIN in (await say(world.seller, "EUR")).text
    world.telegram.redeliver(sent.update_id)
    await settled(world)
    assert WHICH_COIN in shown(world.seller)[-1].text
    assert "50.00\xa0EUR" in shown(world.seller)[-1].text


async def test_a_typed_answer_is_applied_once_after_a_restart(world: World) -> None:
    await say(world.seller, "/invoice")
    sent = await world.seller.send("50 EUR")
    await world.seller.read(WHICH_COIN, after=sent)
    await say(world.seller, "60 USD")
    await world.stop_bot()
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id)
    await world.start_bot()
    await settled(world)
    assert "60.00\xa0USD" in shown(world.seller)[-1].text


async def test_an_answer_that_comes_again_leaves_the_question_where_it_is(world: World) -> None:
    """Its typed message was deleted before: that is no reason to move the question below."""
    await say(world.seller, "/invoice")
    sent = await world.seller.send("50")
    asked = await world.seller.read(WHICH_CURRENCY, after=sent)
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id)
    await settled(world)
    assert [m.id for m in shown(world.seller) if WHICH_CURRENCY in m.text] == [asked.id]


async def test_a_tap_is_applied_once(world: World) -> None:
    await say(world.seller, "50 EUR btc")
    tapped = await world.seller.tap("‹ Back")
    await world.seller.read(WHICH_COIN, after=tapped)
    world.telegram.redeliver(tapped.update_ids[0])
    await settled(world)
    assert WHICH_COIN in shown(world.seller)[-1].text


async def test_a_command_opens_one_question(world: World) -> None:
    sent = await world.seller.send("/invoice")
    asked = await world.seller.read(HOW_MUCH, after=sent)
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id)
    await settled(world)
    assert [m.id for m in shown(world.seller) if HOW_MUCH in m.text] == [asked.id]


async def test_a_command_does_not_open_again_what_went_on(world: World) -> None:
    sent = await world.seller.send("/invoice")
    await world.seller.read(HOW_MUCH, after=sent)
    await say(world.seller, "50 EUR")
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id)
    await settled(world)
    questions = [message for message in shown(world.seller) if "Cancel" in message.labels]
    assert len(questions) == 1
    assert WHICH_COIN in questions[0].text


async def test_cancel_does_not_end_the_next_conversation(world: World) -> None:
    await say(world.seller, "/invoice")
    sent = await world.seller.send("/cancel")
    await world.seller.read(CANCELLED, after=sent)
    await say(world.seller, "50 EUR")
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id)
    await settled(world)
    (open_,) = [message for message in shown(world.seller) if message.labels[:1] == ["Create"]]
    assert is_summary(open_)
    summary = await tap(world.seller, "‹ Back")
    assert WHICH_COIN in summary.text
