"""Where the messages go that ring: a group may have them sent elsewhere than where it asked."""

from dataclasses import dataclass

from bot.domain.chats import TO_SELLER
from bot.domain.invoice import Invoice
from bot.domain.people import Place, Role
from bot.services.access import Access
from bot.telegram.ports import Chats


@dataclass(frozen=True, slots=True)
class Destination:
    """`apart` from the card: an answer to it is no way to find it there."""

    chat_id: int
    thread_id: int | None
    apart: bool = False

    @property
    def public(self) -> bool:
        """Whether others read along."""
        return self.chat_id < 0


class Destinations:
    """The setting is read anew each time: it holds for invoices that were there before it."""

    def __init__(self, chats: Chats, access: Access) -> None:
        self._chats = chats
        self._access = access

    async def of(self, invoice: Invoice) -> list[Destination]:
        """The one that is set, then where the invoice was asked for, should the first be closed,
        then the group outside of its topics, then the seller alone: money that nobody hears of is
        worse than a message in another place than was set.

        Whoever is no seller any more hears nothing in private. Raises `StorageAway`.
        """
        home = Destination(invoice.chat_id, invoice.thread_id)
        if not home.public:
            return [home]
        seller = invoice.seller_id
        known = await self._chats.known(Place(invoice.chat_id, seller))
        group = [home]
        if invoice.thread_id is not None:
            group.append(Destination(invoice.chat_id, None, apart=True))
        alone = []
        if self._access.role(seller, known.seller) is not Role.STRANGER:
            alone.append(Destination(seller, None, apart=True))
        if known.settings.alerts == TO_SELLER:
            return [*alone, *group]
        topic = known.settings.alert_topic
        if topic is not None and (topic or None) != invoice.thread_id:
            group.insert(0, Destination(invoice.chat_id, topic or None, apart=True))
        return [*group, *alone]


def address(invoice: Invoice) -> str:
    """A link to the card in its group; empty where Telegram has none."""
    own = [card.message_id for card in invoice.cards if card.chat_id == invoice.chat_id]
    inner = str(invoice.chat_id).removeprefix("-100")
    if not own or inner == str(invoice.chat_id):
        return ""
    return f"https://t.me/c/{inner}/{own[0]}"
