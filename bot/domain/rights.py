"""Who may do what with an invoice that exists. Storage is not asked for leave: this is."""

from bot.domain.invoice import Invoice
from bot.domain.people import Place, Role


def sees(invoice: Invoice, place: Place, role: Role) -> bool:
    """Whether a person may open the seller's view of it here: the issuer, and admins. A group
    shows its own invoices only, since others read along, and its sellers all of those."""
    if role < Role.CASHIER:
        return False
    here = invoice.chat_id == place.chat_id
    if place.chat_id < 0:
        return here and (role >= Role.SELLER or invoice.seller_id == place.user_id)
    return invoice.seller_id == place.user_id or role is Role.ADMIN


def manages(invoice: Invoice, user_id: int, role: Role) -> bool:
    """Whether a person may cancel it, accept it as it is, or ask for its rest."""
    if role < Role.SELLER:
        return False
    return invoice.seller_id == user_id or role is Role.ADMIN
