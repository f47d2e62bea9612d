"""Filters. All are asynchronous: aiogram runs a synchronous one in a thread, which costs more than
the handler."""

from aiogram.filters import CommandObject, Filter
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.domain.ids import is_id
from bot.domain.people import Role
from bot.telegram.who import Who


class Needs(Filter):
    """The right a handler needs, declared where it is registered."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(self, _: Message | CallbackQuery | ChatMemberUpdated, who: Who) -> bool:
        """Whether the person has it."""
        return who.role >= self.role


class HasText(Filter):
    """A message of text, which is no command."""

    async def __call__(self, message: Message) -> bool:
        """Whether there is something to read."""
        return message.text is not None and not message.text.startswith("/")


class InPrivate(Filter):
    """A chat with one person."""

    async def __call__(self, _: Message | CallbackQuery, who: Who) -> bool:
        """Whether nobody else reads along."""
        return who.private


class HasArguments(Filter):
    """A command with something behind it."""

    async def __call__(self, _: Message, command: CommandObject) -> bool:
        """Whether there is."""
        return bool((command.args or "").strip())


class LeadsToInvoice(Filter):
    """A start link that has the shape of a buyer's."""

    async def __call__(self, _: Message, command: CommandObject) -> bool:
        """Whether it has."""
        return is_id(command.args or "")
