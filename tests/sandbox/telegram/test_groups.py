"""Groups: who is what in them, and a basic group that becomes a supergroup."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError, TelegramMigrateToChat
from aiogram.types import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeChat

from bot.sandbox.telegram import LocalTelegram, Person


async def test_every_standing(bot: Bot, telegram: LocalTelegram, seller: Person) -> None:
    owner, boss, quiet, gone, banned, never = (
        telegram.person(number, f"{number}") for number in range(1, 7)
    )
    group = telegram.group(
        -100500, "Shop", [seller, quiet, gone, banned], admins=[boss], owner=owner
    )
    group.mute(quiet.user)
    group.remove(gone.user)
    group.remove(banned.user, ban=True)
    standings = {
        person.id: (await bot.get_chat_member(group.id, person.id)).status
        for person in (owner, boss, seller, quiet, gone, banned, never)
    }
    assert standings == {
        owner.id: "creator",
        boss.id: "administrator",
        seller.id: "member",
        quiet.id: "restricted",
        gone.id: "left",
        banned.id: "kicked",
        never.id: "left",
    }
    admins = await bot.get_chat_administrators(group.id)
    assert [admin.user.id for admin in admins] == [owner.id, boss.id]


async def test_who_may_not_write(telegram: LocalTelegram, seller: Person) -> None:
    quiet = telegram.person(502, "Quiet")
    group = telegram.group(-100500, "Shop", [seller, quiet])
    group.mute(quiet.user)
    group.remove(seller.user)
    with pytest.raises(ValueError, match="may not write"):
        await quiet.send("a", chat=group)
    with pytest.raises(ValueError, match="is not in Shop"):
        await seller.send("a", chat=group)
    group.add(seller.user)
    await seller.send("a", chat=group)


async def test_a_group_without_the_bot(bot: Bot, telegram: LocalTelegram, seller: Person) -> None:
    group = telegram.group(-100500, "Shop", [seller])
    group.remove(telegram.world.bot)
    assert (await seller.send("a", chat=group)).update_id is None
    with pytest.raises(TelegramForbiddenError, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "a")


async def test_full_information(bot: Bot, telegram: LocalTelegram, seller: Person) -> None:
    group = telegram.group(-500, "Shop", [seller])
    shop, private = await bot.get_chat(group.id), await bot.get_chat(seller.id)
    assert shop.permissions is not None
    assert (shop.permissions.can_send_messages, shop.permissions.can_change_info) == (True, False)
    assert private.active_usernames == ["seller"]


async def test_migration(bot: Bot, telegram: LocalTelegram, seller: Person) -> None:
    boss = telegram.person(1, "Boss")
    group = telegram.group(-500, "Shop", [seller], admins=[boss], bot_can_delete=True)
    card = await bot.send_message(group.id, "card")
    old_id, new_id = group.id, group.migrate()
    assert (group.id, telegram.group(new_id, "Shop", [])) == (new_id, group)

    told = [update.message for update in await bot.get_updates()]
    assert [(m.chat.id, m.migrate_to_chat_id, m.migrate_from_chat_id) for m in told if m] == [
        (old_id, new_id, None),
        (new_id, None, old_id),
    ]
    assert [m.from_user.username for m in told if m and m.from_user] == [None, "GroupAnonymousBot"]
    for call in (
        bot.send_message(old_id, "a"),
        bot.edit_message_text("b", chat_id=old_id, message_id=card.message_id),
        bot.delete_message(old_id, card.message_id),
        bot.send_chat_action(old_id, "typing"),
        bot.get_chat_member(old_id, seller.id),
    ):
        with pytest.raises(TelegramMigrateToChat) as caught:
            await call
        assert caught.value.migrate_to_chat_id == new_id

    sent = await bot.send_message(new_id, "a")
    assert (sent.chat.type, sent.chat.title) == ("supergroup", "Shop")
    await seller.send("50", chat=group)
    message = (await bot.get_updates(offset=-1))[0].message
    assert message is not None
    assert message.chat.id == new_id
    assert (await bot.get_chat_member(new_id, boss.id)).status == "administrator"


async def test_a_supergroup_does_not_migrate(telegram: LocalTelegram, seller: Person) -> None:
    group = telegram.group(-100500, "Shop", [seller])
    with pytest.raises(ValueError, match="supergroup already"):
        group.migrate()


async def test_the_commands_that_are_offered(
    bot: Bot, telegram: LocalTelegram, seller: Person
) -> None:
    russian = telegram.person(502, "Seller", language_code="ru")
    group = telegram.group(-500, "Shop", [seller, russian])

    async def offer(name: str, **where: object) -> None:
        await bot.set_my_commands([BotCommand(command=name, description="a")], **where)  # type: ignore[arg-type]

    def offered(person: Person, *, in_group: bool = False) -> list[str]:
        commands = person.commands(group if in_group else None)
        return [command["command"] for command in commands]

    await offer("everywhere")
    await offer("po_russki", language_code="ru")
    await offer("groups", scope=BotCommandScopeAllGroupChats())
    await offer("own", scope=BotCommandScopeChat(chat_id=seller.id))
    assert offered(seller) == ["own"]
    assert offered(russian) == ["po_russki"]
    assert offered(seller, in_group=True) == ["groups"]
    await offer("here", scope=BotCommandScopeChat(chat_id=group.id))
    assert offered(russian, in_group=True) == ["here"]
