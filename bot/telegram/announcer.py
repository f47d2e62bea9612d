"""Shows invoices in chats: the services' `Announcer` on a real bot."""

from aiogram import Bot
from aiogram.types import ReplyParameters

from bot.domain.invoice import Card, Face, Invoice
from bot.telegram import keyboards
from bot.telegram.i18n import Translators
from bot.telegram.outbound import delivery
from bot.telegram.texts import cards


class TelegramAnnouncer:
    """Every method raises `MessageError`."""

    def __init__(self, bot: Bot, translators: Translators) -> None:
        self._bot = bot
        self._translators = translators

    async def send(self, invoice: Invoice) -> Card:
        """Send a card to where the invoice was asked for; in groups as a reply to the command."""
        tr = self._translators[invoice.language]
        with delivery():
            message = await self._bot.send_message(
                invoice.chat_id,
                cards.card(tr, invoice),
                message_thread_id=invoice.thread_id,
                reply_parameters=_reply(invoice),
                reply_markup=keyboards.card(tr, invoice),
            )
        return Card(message.chat.id, message.message_id)

    async def edit(self, invoice: Invoice, card: Card) -> None:
        """Bring a card up to date."""
        tr = self._translators[invoice.language]
        with delivery():
            await self._bot.edit_message_text(
                cards.card(tr, invoice),
                chat_id=card.chat_id,
                message_id=card.message_id,
                reply_markup=keyboards.card(tr, invoice),
            )

    async def working(self, invoice: Invoice) -> None:
        """The conversation's message says that it is being created; else the bot "is typing"."""
        if invoice.cards and invoice.announced is Face.NONE:
            for card in invoice.cards:
                await self.edit(invoice, card)
            return
        with delivery():
            await self._bot.send_chat_action(
                invoice.chat_id, "typing", message_thread_id=invoice.thread_id
            )

    async def ring(self, invoice: Invoice) -> None:
        """A message of its own, below everything else."""
        tr = self._translators[invoice.language]
        with delivery():
            await self._bot.send_message(
                invoice.chat_id,
                cards.refused_alert(tr, invoice),
                message_thread_id=invoice.thread_id,
            )


def _reply(invoice: Invoice) -> ReplyParameters | None:
    if invoice.reply_to is None:
        return None
    return ReplyParameters(message_id=invoice.reply_to, allow_sending_without_reply=True)
