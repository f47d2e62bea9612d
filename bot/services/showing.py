"""From a record to what people see of it: one card, edited in place."""

import logging
from datetime import timedelta

from bot.domain.cards import Card
from bot.domain.errors import CardGone, ChatClosed, DeliveryUnsure, MessageError, NotDelivered
from bot.domain.ids import short
from bot.domain.invoice import Face, Invoice, Stale
from bot.domain.revising import revised
from bot.services.ports import Announcer, Clock, LiveCards, Pace
from bot.services.steps import Next, go_on, wait

log = logging.getLogger(__name__)

MOST_SENDS = 2  # of a message whose fate is unknown: the first, and one that says it repeats
# What Telegram refuses for a reason that is not known is tried ever more seldom, and then no more.
LONGEST_PAUSE = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=2)


class Showing:
    """Brings cards up to the record."""

    def __init__(
        self, announcer: Announcer, live_cards: LiveCards, pace: Pace, clock: Clock
    ) -> None:
        self._announcer = announcer
        self._live_cards = live_cards
        self._pace = pace
        self._clock = clock

    @staticmethod
    def is_behind(invoice: Invoice) -> bool:
        """Whether the seller was not told yet where it stands."""
        if invoice.face in (Face.NONE, invoice.announced):
            return invoice.paid != invoice.told
        return True

    @staticmethod
    def sends(invoice: Invoice) -> bool:
        """Whether the next step sends a message, which cannot be repeated freely."""
        return not invoice.cards or _rings(invoice)

    async def reach(self, invoice: Invoice) -> Next:
        """Before a card of unknown fate is repeated, which is done once: does Telegram answer?"""
        try:
            await self._announcer.working(invoice)
        except (NotDelivered, DeliveryUnsure) as error:
            log.info("card of %s is not repeated yet: %s", short(invoice.id), error)
            return self._again(invoice, error)
        except MessageError as error:
            log.info("card of %s: %s", short(invoice.id), error)
        return go_on(invoice)

    def announce_send(self, invoice: Invoice) -> Next:
        """Note that a message is about to be sent. What is found noted at a start may be there."""
        if invoice.showing >= MOST_SENDS:
            log.error("%s: %s told, fate unknown twice", short(invoice.id), invoice.face)
            return go_on(_told(invoice))
        return go_on(revised(invoice, showing=invoice.showing + 1, repeated=invoice.showing > 0))

    async def send(self, invoice: Invoice) -> Next:
        """Send the card, or the message that rings. `showing` was stored before."""
        cards = invoice.cards
        try:
            if cards:
                await self._announcer.ring(invoice, repeated=invoice.repeated)
            else:
                cards = (await self._announcer.send(invoice),)
        except NotDelivered as error:
            if not self._is_hopeless(invoice, error):
                return self._again(revised(invoice, showing=invoice.showing - 1), error)
            log.error("%s: %s cannot be told: %s", short(invoice.id), invoice.face, error)
        except DeliveryUnsure as error:
            log.warning("card of %s: %s", short(invoice.id), error)
            return wait(invoice, self._clock() + self._pace.retry)
        except ChatClosed as error:
            log.warning("card of %s: %s", short(invoice.id), error)
        return go_on(_told(invoice, cards))

    async def edit(self, invoice: Invoice) -> Next:
        """Bring every card up to date; that can be repeated freely."""
        left: list[Card] = []
        for card in invoice.cards:
            try:
                await self._announcer.edit(invoice, card)
            except (NotDelivered, DeliveryUnsure) as error:
                if not self._is_hopeless(invoice, error):
                    return self._again(invoice, error)
                log.error("a card of %s cannot be edited: %s", short(invoice.id), error)
            except CardGone as error:
                log.info("a card of %s is gone: %s", short(invoice.id), error)
                continue
            except ChatClosed as error:  # it may open again, and the card is still there
                log.info("a card of %s cannot be reached: %s", short(invoice.id), error)
            left.append(card)
        edited = revised(invoice, cards=tuple(left))
        if not left or _rings(invoice):
            return go_on(edited)
        return go_on(revised(_told(edited), showing=invoice.showing, repeated=invoice.repeated))

    async def edit_others(self, invoice: Invoice) -> Next:
        """Bring the live cards beside the seller's own up to date; where something else than the
        state has changed, the seller's too. One that cannot be reached does not stop the others."""
        pause: timedelta | None = None
        others = await self._live_cards.cards(invoice.id)
        for card in (*invoice.cards, *others) if invoice.stale is Stale.ALL else others:
            try:
                await self._announcer.edit(invoice, card)
            except (NotDelivered, DeliveryUnsure) as error:
                if self._is_hopeless(invoice, error):
                    await self._live_cards.remove_card(invoice.id, card)
                    continue
                later = self._pause(invoice, error)
                pause = max(pause or later, later)
            except (CardGone, ChatClosed) as error:
                log.info("a card of %s is gone: %s", short(invoice.id), error)
                await self._live_cards.remove_card(invoice.id, card)
        if pause is not None:
            return wait(invoice, self._clock() + pause)
        return go_on(revised(invoice, stale=Stale.NONE))

    def _again(self, invoice: Invoice, error: MessageError) -> Next:
        return wait(invoice, self._clock() + self._pause(invoice, error))

    def _pause(self, invoice: Invoice, error: MessageError) -> timedelta:
        if not isinstance(error, NotDelivered):
            return self._pace.retry
        pause = timedelta(seconds=error.retry_after)
        return max(pause, min(self._lasts(invoice) / 4, LONGEST_PAUSE)) if error.refused else pause

    def _is_hopeless(self, invoice: Invoice, error: MessageError) -> bool:
        refused = isinstance(error, NotDelivered) and error.refused
        return refused and self._lasts(invoice) > GIVEN_UP_AFTER

    def _lasts(self, invoice: Invoice) -> timedelta:
        """How long it has been as it is, hence at most how long that is being told."""
        return self._clock() - (invoice.since or invoice.asked_at)

    async def remind(self, invoice: Invoice) -> Next:
        """Remind the seller and the readers of live cards. It was noted before: once, or never."""
        for card in (None, *await self._live_cards.cards(invoice.id)):
            try:
                await self._announcer.remind(invoice, card)
            except MessageError as error:
                log.info("reminder of %s: %s", short(invoice.id), error)
        return go_on(invoice)


def _told(invoice: Invoice, cards: tuple[Card, ...] | None = None) -> Invoice:
    return revised(
        invoice,
        announced=invoice.face,
        told=invoice.paid,
        showing=0,
        repeated=False,
        cards=invoice.cards if cards is None else cards,
    )


_NEWS = frozenset({Face.PARTIAL, Face.PAID, Face.OVERPAID, Face.SHORT, Face.LATE, Face.EXPIRED})


def _rings(invoice: Invoice) -> bool:
    """Whether a message of its own is due, beside the card."""
    if invoice.face is Face.REFUSED:  # hope was raised and there will be no invoice
        return invoice.announced in (Face.WAITING, Face.CHECKING)
    if invoice.face in _NEWS and invoice.face is not invoice.announced:
        return True
    # An amount that the provider told only after the news is no money that came after it.
    more = invoice.told is not None and (invoice.paid or 0) > invoice.told
    return more and invoice.face in (Face.PARTIAL, Face.LATE)
