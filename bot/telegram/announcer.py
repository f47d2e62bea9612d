"""Shows invoices in chats: the services' `Announcer` on a real bot."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from aiogram import Bot
from aiogram.types import InlineKeyboardMarkup, ReplyParameters

from bot.domain.cards import Card
from bot.domain.errors import ChatClosed, NotDelivered, StorageAway
from bot.domain.ids import short
from bot.domain.invoice import Face, Invoice
from bot.telegram import keyboards_cards
from bot.telegram.destinations import Destination, Destinations, address
from bot.telegram.i18n import Html, Translators
from bot.telegram.outbound import delivery
from bot.telegram.texts import alerts, cards

log = logging.getLogger(__name__)

T = TypeVar("T")


class TelegramAnnouncer:
    """Every method raises `MessageError`."""

    def __init__(self, bot: Bot, translators: Translators, to: Destinations) -> None:
        self._bot = bot
        self._translators = translators
        self._destinations = to

    async def send(self, invoice: Invoice) -> Card:
        """Send a card to where the invoice was asked for; in groups as a reply to the command."""

        async def send(to: Destination) -> Card:
            text, markup = await self.rendered(invoice, Card(to.chat_id, 0))
            message = await self._bot.send_message(
                to.chat_id,
                text,
                message_thread_id=to.thread_id,
                reply_parameters=None if to.apart else _reply(invoice),
                reply_markup=markup,
            )
            return Card(message.chat.id, message.message_id)

        home = Destination(invoice.chat_id, invoice.thread_id)
        try:
            with delivery():
                return await send(home)
        except ChatClosed as error:
            others = [to for to in await self._places(invoice) if to != home]
            if not others:
                raise
            log.info("the card of %s goes elsewhere: %s", short(invoice.id), error)
            return await _first_open(others, send)

    async def edit(self, invoice: Invoice, card: Card) -> None:
        """Bring a card up to date."""
        text, markup = await self.rendered(invoice, card)
        with delivery():
            await self._bot.edit_message_text(
                text, chat_id=card.chat_id, message_id=card.message_id, reply_markup=markup
            )

    async def rendered(
        self, invoice: Invoice, card: Card
    ) -> tuple[Html, InlineKeyboardMarkup | None]:
        """What a card says now, and its buttons."""
        tr = self._translators[card.language or invoice.language]
        username = (await self._bot.me()).username or ""
        markup = keyboards_cards.card(tr, invoice, card, username)
        return cards.card(tr, invoice, card), markup

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

    async def ring(self, invoice: Invoice, *, repeated: bool) -> None:
        """A message of its own, below everything else."""
        tr = self._translators[invoice.language]
        quiet = invoice.face in (Face.EXPIRED, Face.SHORT)

        async def send(to: Destination) -> None:
            link = address(invoice) if to.apart else ""
            await self._bot.send_message(
                to.chat_id,
                alerts.alert(tr, invoice, repeated=repeated, public=to.public, link=link),
                message_thread_id=to.thread_id,
                reply_parameters=None if to.apart else _to_card(invoice),
                disable_notification=quiet,
            )

        await _first_open(await self._places(invoice), send)

    async def remind(self, invoice: Invoice, card: Card | None) -> None:
        """A reminder to the seller, or to the reader of a live card."""
        tr = self._translators[card.language if card else invoice.language]
        if card is not None:
            reply = ReplyParameters(message_id=card.message_id)
            with delivery():
                await self._bot.send_message(
                    card.chat_id, alerts.reminder(tr, invoice), reply_parameters=reply
                )
            return

        async def send(to: Destination) -> None:
            link = address(invoice) if to.apart else ""
            await self._bot.send_message(
                to.chat_id,
                alerts.reminder(tr, invoice, link=link),
                message_thread_id=to.thread_id,
                reply_parameters=None if to.apart else _to_card(invoice),
            )

        await _first_open(await self._places(invoice), send)

    async def _places(self, invoice: Invoice) -> list[Destination]:
        try:
            return await self._destinations.of(invoice)
        except StorageAway as error:
            raise NotDelivered(f"where alerts go is not known: {error}") from error


async def _first_open(
    places: Sequence[Destination], send: Callable[[Destination], Awaitable[T]]
) -> T:
    """Nobody need know that a place has been closed: then to the next one."""
    *others, last = places
    for place in others:
        try:
            with delivery():
                return await send(place)
        except ChatClosed as error:
            log.info("chat %s is closed, on to the next: %s", place.chat_id, error)
    with delivery():
        return await send(last)


def _to_card(invoice: Invoice) -> ReplyParameters | None:
    """One tap leads from the news to the card."""
    own = [card for card in invoice.cards if card.chat_id == invoice.chat_id]
    if not own:
        return None
    return ReplyParameters(message_id=own[0].message_id, allow_sending_without_reply=True)


def _reply(invoice: Invoice) -> ReplyParameters | None:
    if invoice.reply_to is None:
        return None
    return ReplyParameters(message_id=invoice.reply_to, allow_sending_without_reply=True)
