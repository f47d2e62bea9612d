"""The conversation where others read along: answers are replies, the question stays in sight."""

from collections.abc import Sequence

import pytest

from bot.sandbox.telegram import Group, Message, Person
from tests.flows.driving import Made, anything, create, say, settled, shown, tap
from tests.flows.wording import CANCELLED, HOW_MUCH, WHICH_COIN, WHICH_CURRENCY, is_card, is_summary
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def reply(person: Person, text: str, to: Message, group: Group) -> Message:
    sent = await person.send(text, chat=group, reply_to=to.id, thread=to.thread)
    return await person.read(anything, chat=group, after=sent)


async def talk(person: Person, answers: Sequence[str], group: Group, asked: Message) -> Message:
    for text in answers:
        asked = await reply(person, text, asked, group)
    return asked


def typed(person: Person, group: Group) -> list[str]:
    return [message.text for message in person.messages(group) if not message.from_bot]


async def test_without_the_right_the_question_moves_below(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_7001, "Shop", [seller])
    asked = await say(seller, "/invoice", chat=group)
    for text, shows in (("5", WHICH_CURRENCY), ("EUR", WHICH_COIN)):
        moved = await reply(seller, text, asked, group)
        assert shows in moved.text
        await settled(house)
        assert [message.id for message in shown(seller, group)] == [moved.id]
        assert seller.messages(group)[-1].id == moved.id
        asked = moved
    assert typed(seller, group) == ["/invoice", "5", "EUR"]


async def test_with_the_right_it_stays_one_message(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_7002, "Shop", [seller], bot_can_delete=True)
    asked = await say(seller, "/invoice", chat=group)
    summary = await talk(seller, ["5", "EUR", "btc"], group, asked)
    assert is_summary(summary)
    assert summary.id == asked.id
    await settled(house)
    assert typed(seller, group) == ["/invoice"]
    assert len(shown(seller, group)) == 1


@pytest.mark.parametrize("bot_can_delete", [False, True])
async def test_the_question_becomes_the_card(
    house: World, seller: Person, bot_can_delete: bool
) -> None:
    group = house.telegram.group(
        -100_7003 - bot_can_delete, "Shop", [seller], bot_can_delete=bot_can_delete
    )
    made = Made(house)
    asked = await say(seller, "/invoice", chat=group)
    summary = await talk(seller, ["5 EUR", "btc"], group, asked)
    card = await create(seller, chat=group)
    await settled(house)
    assert card.id == summary.id
    assert [message.id for message in shown(seller, group)] == [card.id]
    assert len(made.bodies) == 1


async def test_a_refused_answer_keeps_the_question_in_sight(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_7005, "Shop", [seller])
    asked = await say(seller, "/invoice", chat=group)
    again = await reply(seller, "10k", asked, group)
    assert "“10k”" in again.text
    assert HOW_MUCH in again.text
    await settled(house)
    assert [message.id for message in shown(seller, group)] == [again.id]


async def test_talk_among_people_is_no_answer(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_7006, "Shop", [seller])
    asked = await say(seller, "/invoice", chat=group)
    for text in ("5", "50 EUR", "hello"):
        await seller.send(text, chat=group)
    await settled(house)
    assert [message.text for message in shown(seller, group)] == [asked.text]


async def test_the_reply_of_another_person_is_no_answer(house: World, seller: Person) -> None:
    other = house.telegram.person(7107, "Seller")
    await house.admit(other)
    group = house.telegram.group(-100_7007, "Shop", [seller, other])
    asked = await say(seller, "/invoice", chat=group)
    await other.send("5", chat=group, reply_to=asked.id)
    await settled(house)
    assert [message.text for message in shown(seller, group)] == [asked.text]


async def test_two_sellers_have_two_conversations(house: World, seller: Person) -> None:
    other = house.telegram.person(7108, "Seller")
    await house.admit(other)
    group = house.telegram.group(-100_7008, "Shop", [seller, other])
    made = Made(house)
    mine = await say(seller, "/invoice", chat=group)
    theirs = await say(other, "/invoice", chat=group)
    mine = await talk(seller, ["5 EUR", "btc"], group, mine)
    theirs = await talk(other, ["6 USD", "eth base"], group, theirs)
    for person, summary in ((seller, mine), (other, theirs)):
        tapped = await person.tap("Create", message=summary.id, chat=group)
        await person.read(is_card, chat=group, after=tapped)
    assert [body["amount"] for body in made.bodies] == [5, 6]


async def test_the_card_of_a_command_replies_to_it(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_7009, "Shop", [seller])
    sent = await seller.send("/invoice 50 EUR", chat=group)
    card = await seller.read(is_card, chat=group, after=sent)
    assert card.reply_to == sent.message_id
    assert "Send to buyer" not in card.labels


@pytest.mark.parametrize("bot_can_delete", [False, True])
async def test_answers_stay_in_their_topic(
    house: World, seller: Person, bot_can_delete: bool
) -> None:
    group = house.telegram.group(
        -100_7010 - bot_can_delete, "Shop", [seller], forum=True, bot_can_delete=bot_can_delete
    )
    orders = group.topic("Orders")
    asked = await say(seller, "/invoice", chat=group, thread=orders)
    summary = await talk(seller, ["5", "EUR", "10k", "btc"], group, asked)
    assert is_summary(summary)
    card = await create(seller, chat=group)
    refused = await say(seller, "/invoice 10k", chat=group, thread=orders)
    direct = await say(seller, "/invoice 60 EUR", chat=group, thread=orders)
    assert is_card(direct)
    threads = [asked.thread, summary.thread, card.thread, refused.thread, direct.thread]
    assert threads == [orders] * 5


async def test_each_topic_has_its_own_conversation(house: World, seller: Person) -> None:
    group = house.telegram.group(-100_7020, "Shop", [seller], forum=True)
    orders, returns = group.topic("Orders"), group.topic("Returns")
    here = await say(seller, "/invoice", chat=group, thread=orders)
    there = await say(seller, "/invoice", chat=group, thread=returns)
    here = await reply(seller, "5 EUR", here, group)
    assert WHICH_COIN in here.text
    assert HOW_MUCH in next(m for m in shown(seller, group) if m.id == there.id).text
    ended = await say(seller, "/cancel", chat=group, thread=returns)
    assert (ended.id, ended.text) == (there.id, CANCELLED)
    tapped = await seller.tap("BTC", message=here.id, chat=group)
    assert is_summary(await seller.read(anything, chat=group, after=tapped))


async def test_a_tap_in_a_group_edits_the_message_that_was_tapped(
    house: World, seller: Person
) -> None:
    group = house.telegram.group(-100_7021, "Shop", [seller])
    asked = await say(seller, "/invoice 1,000 EUR", chat=group)
    summary = await tap(seller, asked.labels[0], chat=group)
    assert summary.id == asked.id
    assert is_summary(summary)
