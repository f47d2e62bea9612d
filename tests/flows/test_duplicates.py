"""One request is one invoice, however often it arrives; a repetition by hand is asked about."""

from bot.sandbox.cryptocloud import Fault, Path
from tests.flows.driving import anything, create, say, settled, shown
from tests.flows.wording import SAME_AGAIN, is_card, is_summary
from tests.world import World


async def test_the_same_update_three_times(world: World) -> None:
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read(is_card, after=sent)
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id, times=2)
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1


async def test_the_same_update_again_while_the_first_is_being_made(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.slow(1.5))
    sent = await world.seller.send("/invoice 50 EUR")
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id, times=2)
    await world.seller.read(is_card, after=sent)
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1
    assert not [message for message in shown(world.seller) if is_summary(message)]


async def test_the_same_update_again_after_a_restart(world: World) -> None:
    sent = await world.seller.send("/invoice 50 EUR")
    await world.seller.read(is_card, after=sent)
    await world.stop_bot()
    assert sent.update_id is not None
    world.telegram.redeliver(sent.update_id)
    await world.start_bot()
    await settled(world)
    assert len(world.created) == 1
    assert len(world.cards(world.seller)) == 1


async def test_the_same_line_typed_again_too_soon_is_asked_about(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.slow(1))
    first = await world.seller.send("/invoice 50 EUR lunch")
    await world.cloud.until(lambda: len(world.created) == 1)
    asked = await say(world.seller, "/invoice 50 EUR lunch")
    assert is_summary(asked)
    assert SAME_AGAIN in asked.text
    await world.seller.read(is_card, after=first)
    await settled(world)
    assert len(world.created) == 1

    await create(world.seller)
    await settled(world)
    assert len(world.created) == 2
    assert len(world.cards(world.seller)) == 2


async def test_the_same_money_in_other_words_is_the_same(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.slow(0.5))
    await world.seller.send("/invoice 50 EUR")
    await world.cloud.until(lambda: len(world.created) == 1)
    assert SAME_AGAIN in (await say(world.seller, "/invoice €50.00")).text


async def test_another_request_meanwhile_is_created(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.slow(1))
    first = await world.seller.send("/invoice 50 EUR")
    await world.cloud.until(lambda: len(world.created) == 1)
    second = await world.seller.send("/invoice 50 EUR lunch")
    await world.seller.read(lambda m: is_card(m) and "lunch" in m.text, after=second)
    await world.seller.read(is_card, after=first)
    await settled(world)
    assert len(world.created) == 2
    assert len(world.cards(world.seller)) == 2


async def test_the_same_line_after_its_card_is_another_invoice(world: World) -> None:
    for number in (1, 2):
        assert is_card(await say(world.seller, "/invoice 50 EUR"))
        await settled(world)
        assert len(world.created) == number


async def test_another_seller_may_ask_for_the_same(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.slow(0.5))
    await world.seller.send("/invoice 50 EUR")
    await world.cloud.until(lambda: len(world.created) == 1)
    sent = await world.admin.send("/invoice 50 EUR")
    assert is_card(await world.admin.read(anything, after=sent))


async def test_the_question_about_a_repetition_can_be_declined(world: World) -> None:
    world.cloud.faults.next(Path.CREATE, Fault.slow(0.5))
    first = await world.seller.send("/invoice 50 EUR")
    await world.cloud.until(lambda: len(world.created) == 1)
    await say(world.seller, "/invoice 50 EUR")
    await world.seller.tap("Cancel")
    await world.seller.read(is_card, after=first)
    await settled(world)
    assert len(world.created) == 1
    assert len([message for message in shown(world.seller) if is_card(message)]) == 1
