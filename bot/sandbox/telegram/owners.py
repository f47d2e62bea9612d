"""A business account's side of its connection with the bot."""

from bot.sandbox.telegram.business import RIGHTS, BusinessConnection
from bot.sandbox.telegram.state import User, World


class Business:
    """What an owner set under Settings, Business, Chatbots; the bot is told of every change."""

    def __init__(self, world: World, owner: User, rights: set[str]) -> None:
        if not world.abilities.business:
            raise ValueError("the bot cannot be connected to business accounts")
        number = f"B{next(world.serial):06d}-{owner.id}"
        self._world = world
        self.connection = BusinessConnection(number, owner, world.now(), _known(rights))
        world.business[number] = self.connection
        self.update_id = self._tell()

    @property
    def id(self) -> str:
        return self.connection.id

    def allow(self, *rights: str) -> None:
        """Give the bot exactly these rights."""
        self.connection.rights = _known(set(rights))
        self.update_id = self._tell()

    def disconnect(self) -> None:
        """Take the bot off the account."""
        self.connection.enabled = False
        self.update_id = self._tell()

    def reconnect(self) -> None:
        """Bring it back, by the same connection."""
        self.connection.enabled = True
        self.update_id = self._tell()

    def has_read(self, message_id: int) -> bool:
        """Whether the bot marked a client's message as read."""
        return any(number == message_id for _, number in self.connection.read)

    def _tell(self) -> int | None:
        return self._world.updates.push({"business_connection": self.connection.as_api()})


def _known(rights: set[str]) -> set[str]:
    if unknown := rights - RIGHTS:
        raise ValueError(f"no rights of a business bot: {', '.join(sorted(unknown))}")
    return rights
