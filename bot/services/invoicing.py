"""Asking for an invoice: the id that makes asking twice the same, and the intent."""

import hashlib
from dataclasses import replace

from bot.domain import ids
from bot.domain.cards import Card
from bot.domain.chats import ChatSettings
from bot.domain.drafts import Draft
from bot.domain.invoice import Face, Invoice, Status
from bot.domain.known import Asked
from bot.domain.people import Place
from bot.services.ports import Clock, InvoiceRecords
from bot.services.reconciler import Reconciler


class Invoicing:
    """Turns finished drafts into intents. `key` is the installation's HMAC key."""

    def __init__(
        self,
        reconciler: Reconciler,
        records: InvoiceRecords,
        *,
        key: bytes,
        bot_id: int,
        clock: Clock,
    ) -> None:
        self._reconciler = reconciler
        self._records = records
        self._key = key
        self._bot_id = bot_id
        self._clock = clock

    def command_id(self, chat_id: int, message_id: int) -> str:
        """The id of what a command message asks for, however often it is delivered."""
        return ids.invoice_id(self._key, "command", self._bot_id, chat_id, message_id)

    def draft_id(self) -> str:
        """The id of what a new conversation will ask for."""
        return ids.invoice_id(self._key, "draft", ids.new_nonce())

    async def exists(self, invoice_id: str) -> bool:
        """Whether it was asked for already; no for what is no id. Raises `StorageAway`."""
        return ids.is_id(invoice_id) and await self._records.get(invoice_id) is not None

    async def asked_elsewhere(self, invoice_id: str, place: Place) -> bool:
        """Whether somebody else asked for it, or the same person in another chat: a rest has one
        id, whoever asks. Raises `StorageAway`."""
        record = await self._records.get(invoice_id)
        if record is None:
            return False
        return Place(record.chat_id, record.seller_id, record.thread_id) != place

    async def asked_just_now(self, last: Asked | None, draft: Draft) -> bool:
        """Whether the very same was asked for by the `last` request and is not answered yet."""
        if last is None or last.id == draft.id or last.digest != _digest(draft):
            return False
        record = await self._records.get(last.id)
        if record is None:
            return False
        # Without a card it was told in vain, and nobody knows of the invoice that there is.
        unseen = not record.cards and record.face is not Face.REFUSED
        return unseen or record.announced in (Face.NONE, Face.WAITING, Face.CHECKING)

    async def issue(
        self,
        draft: Draft,
        place: Place,
        *,
        settings: ChatSettings,
        language: str,
        issuer: str,
        cashier: bool,
        card: Card | None = None,
    ) -> bool:
        """Store the intent of a settled draft and begin. Raises `StorageAway`.

        `card` is the conversation's message, which becomes the card. Asking again for the same
        draft changes nothing but makes sure that it goes on, and gives False.
        """
        amount, currency = draft.amounts[0], draft.currencies[0]
        now = self._clock()
        return await self._reconciler.issue(
            Invoice(
                id=draft.id,
                status=Status.CREATING,
                amount=amount,
                currency=currency,
                chat_id=place.chat_id,
                thread_id=place.thread_id,
                seller_id=place.user_id,
                asked_at=now,
                language=language,
                reply_to=draft.reply_to,
                coins=draft.coins or (),
                lifetime=draft.lifetime or settings.lifetime,
                order=draft.order,
                email=draft.email,
                description=draft.description,
                issuer=issuer,
                cards=(card,) if card else (),
                rest_of=draft.rest_of,
                remind=settings.reminder,
                cashier=cashier,
            ),
            digest=_digest(draft),
        )


def _digest(draft: Draft) -> str:
    """The same for two drafts that ask for the same, 50 and 50.00 included."""
    amounts = tuple(amount.normalize() for amount in draft.amounts)
    content = replace(
        draft, id="", amounts=amounts, reply_to=None, offers=(), step=draft.step.AMOUNT
    )
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]
