"""The command menu and the help: what they name can be done by whoever reads it, and there."""

import re

from bot.domain.people import Role
from bot.sandbox.telegram import Group, Person
from bot.telegram.texts import general, reports, settings
from tests.flows.driving import say
from tests.flows.wording import ADMINS_ONLY, CASHIER, EN, STRANGER, UNKNOWN, plain
from tests.reliability.waiting import until
from tests.world import World

REFUSED = {
    *(ADMINS_ONLY, CASHIER, STRANGER, UNKNOWN),
    *map(plain, (reports.in_private(EN), reports.no_export(EN), settings.not_here(EN))),
}
FOR_ADMINS = {"sellers", "invite", "invite_cashier", "audit", "health"}


def offered(person: Person, chat: Group | None = None) -> set[str]:
    return {one["command"] for one in person.commands(chat)}


async def test_what_is_offered_can_be_done(world: World) -> None:
    group = world.telegram.group(-100_8701, "Shop", [world.admin], admins=[world.seller])
    await until(lambda: offered(world.admin) >= FOR_ADMINS)
    assert not FOR_ADMINS & offered(world.seller)
    assert not FOR_ADMINS & offered(world.admin, group)
    assert offered(world.seller) - offered(world.seller, group) == {"export"}
    for person, chat in ((world.seller, None), (world.seller, group), (world.admin, None)):
        for command in offered(person, chat):
            answer = await say(person, f"/{command}", chat=chat)
            assert answer.text not in REFUSED, (command, answer.text)


async def test_help_names_what_its_reader_may_do(world: World) -> None:
    cashier = world.telegram.person(8702, "Cashier")
    await world.admit(cashier, "Till 1", cashier=True)
    for person in (world.admin, world.seller, cashier):
        text = (await say(person, "/help")).text
        named = set(re.findall(r"/([a-z_]+)", text)) - {"cancel"}  # which means two things
        assert (named >= FOR_ADMINS) is (person is world.admin)
        for command in named:
            answer = await say(person, f"/{command}")
            assert answer.text not in REFUSED, (command, answer.text)
    assert plain(general.welcome(EN, Role.STRANGER, None)) == STRANGER
