"""What is stored about a person in a chat, read at once before a handler starts."""

from dataclasses import dataclass

from bot.domain.chats import ChatSettings
from bot.domain.drafts import Stored
from bot.domain.people import Seller


@dataclass(frozen=True, slots=True)
class Asked:
    """The last one-line request: a `digest` of what it asked for, and the `id` of its invoice."""

    digest: str
    id: str


@dataclass(frozen=True, slots=True)
class Known:
    """`seller` is None for those whom no admin admitted. `closed`: the bot could not write to the
    chat when it last tried. `asked` is None when that was not lately."""

    seller: Seller | None
    settings: ChatSettings
    stored: Stored
    closed: bool = False
    asked: Asked | None = None
