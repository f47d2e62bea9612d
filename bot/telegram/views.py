"""Cards that people open: shown, kept among the live ones, brought up to date."""

import asyncio
import logging

from aiogram import Bot
from aiogram.types import CallbackQuery, Message

from bot.domain.cards import Card, Sight
from bot.domain.errors import CardGone, MessageError
from bot.domain.invoice import Invoice
from bot.domain.rights import manages, sees
from bot.services.following import Following
from bot.telegram.announcer import TelegramAnnouncer
from bot.telegram.callbacks import CardTap, ManageTap, carries
from bot.telegram.outbound import delivery
from bot.telegram.ports import OpenCards
from bot.telegram.who import Who

log = logging.getLogger(__name__)


class Views:
    """A card is sent or edited from a record read before, while the reconciler may edit it from a
    newer one: so whoever shows one reads again afterwards, until nothing has changed meanwhile."""

    def __init__(
        self, bot: Bot, announcer: TelegramAnnouncer, following: Following, cards: OpenCards
    ) -> None:
        self._bot = bot
        self._announcer = announcer
        self._following = following
        self._cards = cards

    def sight(self, who: Who, invoice: Invoice) -> Sight:
        """How a person may see it here."""
        if not sees(invoice, who.place, who.role):
            return Sight.BUYER
        if not who.private:
            return Sight.OWN
        managed = manages(invoice, who.place.user_id, who.role)
        return Sight.MANAGER if managed else Sight.VIEWER

    async def open(self, who: Who, invoice: Invoice, sight: Sight) -> Card:
        """A new message at the end of the chat. Its reader's former one of the same invoice goes:
        one card is enough."""
        former = [
            card
            for card in await self._cards.cards(invoice.id)
            if card.chat_id == who.place.chat_id and card.sight is sight
        ]
        card = Card(who.place.chat_id, 0, who.tr.language, sight)
        text, markup = await self._announcer.rendered(invoice, card)
        sent = await self._bot.send_message(
            who.place.chat_id, text, message_thread_id=who.place.thread_id, reply_markup=markup
        )
        card = Card(who.place.chat_id, sent.message_id, who.tr.language, sight)
        await asyncio.gather(*(self._close(invoice, one) for one in former))
        await self._keep(invoice, card)
        return card

    async def turn(self, who: Who, message: Message, invoice: Invoice, sight: Sight) -> None:
        """Make a message that lists invoices into the card of one."""
        card = Card(message.chat.id, message.message_id, who.tr.language, sight)
        await self.update(card, invoice)
        await self._keep(invoice, card)

    async def let_go(self, message: Message, invoice_id: str) -> None:
        """A card is to become something else: it lives no longer."""
        await self._cards.remove_card(invoice_id, Card(message.chat.id, message.message_id))

    async def tapped(self, who: Who, callback: CallbackQuery, invoice: Invoice) -> Card | None:
        """Which card was tapped; a forgotten one is what its reader may see of it. None for a
        message that shows something else: data can be sent from under any message, and a card that
        is edited must not become another one's."""
        message = callback.message
        if message is None:
            return None
        place = (message.chat.id, message.message_id)
        for card in (*invoice.cards, *await self._cards.cards(invoice.id)):
            if (card.chat_id, card.message_id) == place:
                return card
        kinds = (CardTap.__prefix__, ManageTap.__prefix__)
        if not isinstance(message, Message) or not any(
            carries(message, kind, invoice.id) for kind in kinds
        ):
            return None
        return Card(*place, who.tr.language, self.sight(who, invoice))

    async def update(self, card: Card, invoice: Invoice) -> Invoice:
        """Edit a card until it says what the record says. One that is gone is let be."""
        while True:
            try:
                await self._announcer.edit(invoice, card)
            except MessageError as error:
                log.info("a card that was tapped is not updated: %s", error)
                return invoice
            now = await self._following.find(invoice.id)
            if now is None or _shown(now) == _shown(invoice):
                return invoice
            invoice = now

    async def _keep(self, invoice: Invoice, card: Card) -> None:
        if not await self._cards.add_card(invoice.id, card):
            log.info("one more card than stay live: it updates by a tap")
        now = await self._following.find(invoice.id)
        if now is not None and _shown(now) != _shown(invoice):
            await self.update(card, now)

    async def _close(self, invoice: Invoice, card: Card) -> None:
        await self._cards.remove_card(invoice.id, card)
        try:
            with delivery():
                await self._bot.delete_message(card.chat_id, card.message_id)
        except CardGone:
            pass
        except MessageError as error:
            log.info("a former card stays: %s", error)


def _shown(invoice: Invoice) -> tuple[object, ...]:
    """What makes a card look different."""
    return invoice.face, invoice.paid, invoice.wish, invoice.remaining, invoice.rest, invoice.word
