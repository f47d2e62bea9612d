"""From a record to what people see of it: one card, edited in place."""

import logging
from dataclasses import replace
from datetime import timedelta

from bot.domain.errors import CardGone, ChatClosed, DeliveryUnsure, NotDelivered
from bot.domain.ids import short
from bot.domain.invoice import Card, Face, Invoice
from bot.services.ports import Announcer, Clock, Pace
from bot.services.steps import Next, go_on, wait

log = logging.getLogger(__name__)

MOST_SENDS = 2  # of a message whose fate is unknown: the first, and one that says it repeats


class Showing:
    """Brings cards up to the record."""

    def __init__(self, announcer: Announcer, pace: Pace, clock: Clock) -> None:
        self._announcer = announcer
        self._pace = pace
        self._clock = clock

    @staticmethod
    def sends(invoice: Invoice) -> bool:
        """Whether the next step sends a message, which cannot be repeated freely."""
        return not invoice.cards or _rings(invoice)

    def announce_send(self, invoice: Invoice) -> Next:
        """Note that a message is about to be sent. What is found noted at a start may be there."""
        if invoice.showing >= MOST_SENDS:
            log.error("%s: %s told, fate unknown twice", short(invoice.id), invoice.face)
            return go_on(replace(invoice, announced=invoice.face, showing=0))
        return go_on(replace(invoice, showing=invoice.showing + 1, repeated=invoice.showing > 0))

    async def send(self, invoice: Invoice) -> Next:
        """Send the card, or the message that rings. `showing` was stored before."""
        cards = invoice.cards
        try:
            if cards:
                await self._announcer.ring(invoice)
            else:
                cards = (await self._announcer.send(invoice),)
        except NotDelivered as error:
            unsent = replace(invoice, showing=invoice.showing - 1)
            return wait(unsent, self._clock() + timedelta(seconds=error.retry_after))
        except DeliveryUnsure as error:
            log.warning("card of %s: %s", short(invoice.id), error)
            return wait(invoice, self._clock() + self._pace.retry)
        except ChatClosed as error:
            log.warning("card of %s: %s", short(invoice.id), error)
        return go_on(
            replace(invoice, cards=cards, showing=0, repeated=False, announced=invoice.face)
        )

    async def edit(self, invoice: Invoice) -> Next:
        """Bring every card up to date; that can be repeated freely."""
        left: list[Card] = []
        for card in invoice.cards:
            try:
                await self._announcer.edit(invoice, card)
            except (NotDelivered, DeliveryUnsure) as error:
                after = error.retry_after if isinstance(error, NotDelivered) else None
                pause = self._pace.retry if after is None else timedelta(seconds=after)
                return wait(invoice, self._clock() + pause)
            except (CardGone, ChatClosed) as error:
                log.info("a card of %s is gone: %s", short(invoice.id), error)
                continue
            left.append(card)
        edited = replace(invoice, cards=tuple(left))
        if not left or _rings(invoice):
            return go_on(edited)
        return go_on(replace(edited, announced=invoice.face))


def _rings(invoice: Invoice) -> bool:
    """Whether a message of its own is due: hope was raised and there will be no invoice."""
    return invoice.face is Face.REFUSED and invoice.announced in (Face.WAITING, Face.CHECKING)
