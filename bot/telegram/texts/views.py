"""What is said about invoices that exist: over their buttons, in lists and searches."""

import html
from typing import Final

from bot.domain.history import Page
from bot.domain.invoice import Bucket, Face, Invoice
from bot.telegram.i18n import Html, Translator
from bot.telegram.texts import cards, common

_SAID_IN_SECONDS: Final = 120


def wait(tr: Translator, seconds: int) -> str:
    """Too often."""
    if seconds <= _SAID_IN_SECONDS:
        return tr("That was often. Please wait {n} s.", n=seconds)
    return tr("That was often. Please wait {n} min.", n=-(-seconds // 60))


def gone(tr: Translator) -> str:
    """A button of an invoice that is not there, or is not the tapper's: the same for both."""
    return tr("This invoice is not there, or it is not yours.")


def ended(tr: Translator, invoice: Invoice) -> str:
    """A button that came too late."""
    return tr("That is no longer possible. {state}", state=cards.state(tr, invoice))


def busy(tr: Translator) -> str:
    """Two things at once."""
    return tr("One moment: something else is being done with this invoice. Then try again.")


def looked(tr: Translator, invoice: Invoice) -> str:
    """After *Refresh*."""
    if invoice.hint:
        return tr("CryptoCloud does not answer right now. The card will follow by itself.")
    return cards.state(tr, invoice)


def sure(tr: Translator) -> str:
    """Before a cancellation."""
    return tr("Its link will stop working. This cannot be taken back.")


def cancelled(tr: Translator, invoice: Invoice) -> str:
    """After *Yes, cancel*."""
    if invoice.face is Face.CANCELLED:
        return tr("Cancelled.")
    if invoice.hint:
        return tr("Noted. CryptoCloud does not answer yet; I will cancel it as soon as it does.")
    return tr("It could not be cancelled. {state}", state=cards.state(tr, invoice))


def accepted(tr: Translator) -> str:
    """After *Accept*."""
    return tr("Accepted as it is. If more money comes, I will tell you.")


def rest_note(tr: Translator, invoice: Invoice) -> Html:
    """Above the summary of an invoice for the rest."""
    return tr.html(
        "≈ This is what is missing of <code>{id}</code>, by CryptoCloud's rate of that invoice. "
        "You can change it.",
        id=invoice.uuid,
    )


def again_note(tr: Translator) -> Html:
    """Above the summary of the same once more."""
    return tr.html("The same once more:")


def cashiers_keep(tr: Translator) -> Html:
    """A cashier wants to cancel an invoice."""
    return tr.html("Cashiers cannot cancel invoices. Ask a seller or the bot's admin.")


def rest_exists(tr: Translator) -> str:
    """The rest was asked for before."""
    return tr("The rest was asked for already: here it is.")


def rest_over(tr: Translator, invoice: Invoice) -> Html:
    """*Create* on the summary of a rest that is not missing any more, or not wanted."""
    return common.lines(
        tr.html("Nothing was created: <code>{id}</code> has changed meanwhile.", id=invoice.uuid),
        html.escape(cards.state(tr, invoice), quote=False),
    )


def rest_over_alert(tr: Translator, invoice: Invoice) -> str:
    """The same in the window over the button."""
    return tr("Nothing was created. {state}", state=cards.state(tr, invoice))


def rest_taken(tr: Translator, uuid: str) -> Html:
    """*Create* on the summary of a rest that somebody else asks for at this moment."""
    return common.lines(
        tr.html("The rest of <code>{id}</code> was asked for already.", id=uuid),
        tr.html("The new invoice is named here: {line}", line=_code(f"/status {uuid}")),
    )


def which(tr: Translator) -> Html:
    """`/status` without an invoice."""
    return common.lines(
        tr.html("Which invoice? For example: {line}", line=_code("/status INV-AB12CD34")),
        tr.html("Or answer its card with /status. All of them: /invoices"),
    )


def how_to_find(tr: Translator) -> Html:
    """`/find` without anything, or with what cannot be found."""
    return common.lines(
        tr.html("I find invoices by their id, order number or amount:"),
        _code("/find INV-AB12CD34"),
        _code("/find #A-17"),
        _code("/find 50 EUR"),
    )


def _code(line: str) -> Html:
    return Html(f"<code>{html.escape(line)}</code>")


def nothing_found(tr: Translator) -> Html:
    """An id that is not there, or not the asker's: the same for both."""
    return tr.html("I found no such invoice of yours. All of them: /invoices")


def found(tr: Translator, invoices: list[Invoice], most: int) -> Html:
    """Above several."""
    head = tr.plural("{n} invoice found", "{n} invoices found", len(invoices))
    if len(invoices) >= most:
        return common.lines(head, tr.html("These are the newest; there may be more."))
    return head


def bucket(tr: Translator, which_: Bucket) -> str:
    """The name of a list."""
    match which_:
        case Bucket.OPEN:
            return tr("Open")
        case Bucket.PAID:
            return tr("Paid")
        case Bucket.EXPIRED:
            return tr("Ended unpaid")
    return tr("All")


def listing(tr: Translator, page: Page, which_: Bucket, *, group: bool) -> Html:
    """Above a page of invoices."""
    head = (
        tr.html("<b>Invoices of this group</b> · {list}", list=bucket(tr, which_))
        if group
        else tr.html("<b>Your invoices</b> · {list}", list=bucket(tr, which_))
    )
    if page.invoices:
        return common.lines(head, tr.html("Newest first. Tap one to open it."))
    if which_ is Bucket.NONE:
        return common.lines(
            head,
            tr.html("Nothing yet. Your first one: {line}", line=_code("/invoice 50 EUR")),
        )
    return common.lines(head, tr.html("This list is empty."))


def row(tr: Translator, invoice: Invoice) -> str:
    """One invoice on a button."""
    amount = common.money(tr, invoice.amount, invoice.currency)
    about = f"#{invoice.order}" if invoice.order else invoice.description
    sign = cards.state(tr, invoice).partition(" ")[0]
    parts = [f"{sign} {amount}", about[:18].strip(), common.day(tr, invoice.asked_at)]
    return " · ".join(part for part in parts if part)


def unknown_link(tr: Translator) -> Html:
    """A buyer's link that leads nowhere."""
    return tr.html(
        "This link leads to no invoice. Perhaps a part of it got lost; ask whoever sent it."
    )


def picture(tr: Translator, invoice: Invoice) -> Html:
    """Under the QR code."""
    amount = common.money(tr, invoice.amount, invoice.currency)
    return tr.html("<b>{amount}</b> · scan to open the pay page", amount=amount)
