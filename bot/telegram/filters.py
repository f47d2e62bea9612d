"""Filters. All are asynchronous: aiogram runs a synchronous one in a thread, which costs more than
the handler."""

from aiogram.filters import CommandObject, Filter
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.domain.ids import is_id
from bot.domain.people import Role
from bot.telegram.callbacks import ManageTap, carries
from bot.telegram.group_admins import GroupAdmins
from bot.telegram.who import Who


class Needs(Filter):
    """The right a handler needs, declared where it is registered."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(self, _: Message | CallbackQuery | ChatMemberUpdated, who: Who) -> bool:
        """Whether the person has it."""
        return who.role >= self.role


class MayInvoice(Filter):
    """A right beside the role: the rule of the group who may create invoices there."""

    async def __call__(
        self, _: Message | CallbackQuery, who: Who, group_admins: GroupAdmins
    ) -> bool:
        """Whether it lets this person."""
        return await group_admins.may_invoice(who)


class Shows(Filter):
    """The message that was tapped has buttons of this kind. Data is anybody's to send, from under
    any message: without this a seller could send that of a list from under another's card, and the
    card become a list. In private all messages are one's own; one that Telegram does not hand out
    any more cannot be changed."""

    def __init__(self, kind: type[CallbackData]) -> None:
        self._prefix = kind.__prefix__

    async def __call__(self, callback: CallbackQuery, who: Who) -> bool:
        """Whether it has."""
        message = callback.message
        if who.private or not isinstance(message, Message):
            return True
        return carries(message, self._prefix)


class Masked(Filter):
    """Somebody who speaks as a group or a channel: Telegram does not say who it is."""

    async def __call__(self, message: Message) -> bool:
        """Whether it is such a message."""
        return message.sender_chat is not None


class Does(Filter):
    """Some of what the buttons of those are for who manage an invoice."""

    def __init__(self, *what: str) -> None:
        self._what = frozenset(what)

    async def __call__(self, _: CallbackQuery, callback_data: ManageTap) -> bool:
        """Whether the button that was tapped is for that."""
        return callback_data.do in self._what


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
