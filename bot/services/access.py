"""Who somebody is: decided here alone."""

from dataclasses import dataclass

from bot.domain.people import Role, Seller


@dataclass(frozen=True, slots=True)
class Access:
    """`admins` are Telegram user ids; `open_to_all` is SELLER_ACCESS=anyone."""

    admins: frozenset[int]
    open_to_all: bool = False

    def role(self, user_id: int, seller: Seller | None) -> Role:
        """The role of a person, whom an admin may have admitted as `seller`."""
        if user_id in self.admins:
            return Role.ADMIN
        if seller is not None:
            return seller.role
        return Role.SELLER if self.open_to_all else Role.STRANGER
