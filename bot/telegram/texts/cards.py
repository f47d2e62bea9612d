"""The card: first the amount and the state, then a few short lines in a fixed order."""

import html
import re

from bot.domain.cards import Card, Sight
from bot.domain.invoice import Face, Invoice, Status, Wish
from bot.domain.money import plain_amount
from bot.domain.progress import fiat
from bot.telegram.i18n import Html, Translator
from bot.telegram.texts import common


def card(tr: Translator, invoice: Invoice, of: Card) -> Html:
    """What a card says now to whoever reads it."""
    if of.sight is Sight.BUYER:
        return _for_buyer(tr, invoice)
    pending = invoice.wish is Wish.CANCEL and invoice.face is Face.CREATED
    return common.lines(
        _cancelling(tr, invoice) if pending else _headline(tr, invoice),
        advice(tr, invoice),
        *(_facts(tr, invoice, public=of.public) if invoice.uuid else [_wanted(tr, invoice)]),
        tr.html("<i>Shown again after an interruption: this is the same invoice.</i>")
        if invoice.repeated
        else None,
    )


def _for_buyer(tr: Translator, invoice: Invoice) -> Html:
    """What everybody may know who has the link, and no more: no e-mail, fees, chats or people.
    It is worded without assuming that the reader is the one who pays."""
    return common.lines(
        _headline(tr, invoice),
        _to_buyer(tr, invoice),
        *labels(tr, invoice),
        *_terms(tr, invoice),
        *_address(tr, invoice),
    )


def _to_buyer(tr: Translator, invoice: Invoice) -> Html | None:
    match invoice.face:
        case Face.LATE:
            return tr.html("Money was received for this invoice. Nothing more is to be sent.")
        case Face.SHORT:
            return tr.html("Nothing more is to be sent to it. The issuer will be in touch.")
        case Face.EXPIRED | Face.CANCELLED:
            return tr.html("It can no longer be paid. The issuer can make a new one.")
    return None


def _cancelling(tr: Translator, invoice: Invoice) -> Html:
    amount = common.money(tr, invoice.amount, invoice.currency)
    return tr.html("⏳ <b>{amount}</b> · being cancelled…", amount=amount)


def state(tr: Translator, invoice: Invoice) -> str:
    """Amount and state in a line of plain text, for lists and the window over a button."""
    return html.unescape(re.sub("</?[a-z]+>", "", _headline(tr, invoice)))


def _headline(tr: Translator, invoice: Invoice) -> Html:
    amount = common.money(tr, invoice.amount, invoice.currency)
    match invoice.face:
        case Face.CREATED:
            line = tr.html("🧾 <b>{amount}</b> · waiting for payment", amount=amount)
        case Face.PARTIAL:
            line = tr.html("◐ <b>{amount}</b> · paid in part", amount=amount)
        case Face.PAID:
            line = tr.html("✅ <b>{amount}</b> · paid", amount=amount)
        case Face.OVERPAID:
            line = tr.html("✅ <b>{amount}</b> · overpaid", amount=amount)
        case Face.EXPIRED:
            line = tr.html("⌛ <b>{amount}</b> · expired", amount=amount)
        case Face.CANCELLED:
            line = tr.html("✖️ <b>{amount}</b> · cancelled", amount=amount)
        case Face.SHORT:
            line = tr.html("◐ <b>{amount}</b> · time is over, paid in part", amount=amount)
        case Face.LATE:
            line = tr.html("❗ <b>{amount}</b> · paid late", amount=amount)
        case Face.ACCEPTED:
            line = tr.html("☑️ <b>{amount}</b> · accepted as it is", amount=amount)
        case Face.WAITING:
            line = tr.html("⏳ <b>{amount}</b> · CryptoCloud cannot be reached", amount=amount)
        case Face.CHECKING:
            line = tr.html("🔎 <b>{amount}</b> · checking with the provider", amount=amount)
        case Face.REFUSED:
            line = tr.html("❌ <b>{amount}</b> · not created", amount=amount)
        case _:
            line = tr.html("⏳ <b>{amount}</b> · being created…", amount=amount)
    test = tr.html("🧪\u00a0TEST")  # not in the f-string: there `make messages` would not see it
    return Html(f"{line} · {test}") if invoice.test_mode else line


def advice(tr: Translator, invoice: Invoice) -> Html | None:
    """What to do or to expect, where the state alone does not say it."""
    match invoice.face:
        case Face.WAITING:
            return tr.html("I will keep trying for a few minutes. There is no need to repeat it.")
        case Face.CHECKING:
            return tr.html(
                "CryptoCloud did not say whether the invoice was created. I am finding out, which "
                "can take a few minutes. Please do not repeat it: this message will tell you."
            )
        case Face.REFUSED:
            return _why(tr, invoice.refusal)
    return None


def _why(tr: Translator, refusal: str) -> Html:
    kind, _, words = refusal.partition(":")
    match kind:
        case "unreachable":
            return tr.html(
                "CryptoCloud could not be reached. Nothing was created; please try again later."
            )
        case "unauthorized":
            return tr.html(
                "CryptoCloud does not accept this bot's key or shop. "
                "Nothing was created; please tell the bot's admin."
            )
        case "stale":
            return tr.html("It took too long, so I stopped. Nothing was created; send it again.")
    return tr.html(
        "CryptoCloud says: “{words}”. Please correct that and send it again.", words=words
    )


def _wanted(tr: Translator, invoice: Invoice) -> Html:
    """While there is no invoice yet: what it was asked for with."""
    return common.lines(*labels(tr, invoice))


def _facts(tr: Translator, invoice: Invoice, *, public: bool) -> list[Html | None]:
    return [
        _unknown(tr, invoice),
        money_lines(tr, invoice, public=public),
        *labels(tr, invoice),
        *_terms(tr, invoice),
        tr.html("ID: <code>{id}</code>", id=invoice.uuid),
        *links(tr, invoice),
        *_address(tr, invoice),
    ]


def _terms(tr: Translator, invoice: Invoice) -> list[Html | None]:
    until = invoice.expires if invoice.is_open else None
    return [
        tr.html("Coin: {coin}", coin=_coin(tr, invoice)),
        tr.html("Payable until {time}", time=common.moment(tr, until)) if until else None,
        tr.html("Issued by {issuer}", issuer=_issuer(invoice)) if _issuer(invoice) else None,
    ]


def links(tr: Translator, invoice: Invoice) -> list[Html | None]:
    """The invoice for the rest of this one, or the one whose rest this is."""
    of = invoice.rest_of
    return [
        tr.html("The rest was asked for with <code>{id}</code>", id=invoice.rest)
        if invoice.rest
        else None,
        tr.html("The rest of <code>{id}</code>", id=of.uuid) if of else None,
    ]


def labels(tr: Translator, invoice: Invoice) -> list[Html | None]:
    return [
        tr.html("For: {description}", description=invoice.description)
        if invoice.description
        else None,
        tr.html("Order: #{order}", order=invoice.order) if invoice.order else None,
    ]


def _coin(tr: Translator, invoice: Invoice) -> str:
    """What the provider settled on, else what was asked for."""
    return common.coins(tr, (invoice.coin,) if invoice.coin else invoice.coins)


def _issuer(invoice: Invoice) -> str:
    return ", ".join(part for part in (invoice.issuer, invoice.project) if part)


def _address(tr: Translator, invoice: Invoice) -> list[Html | None]:
    """To be copied with a tap. An amount only where the provider states what is to be paid: a
    copied amount must never be short."""
    if not invoice.address or not invoice.is_open:
        return []  # what has ended must not be paid
    address = Html(f"<code>{html.escape(invoice.address)}</code>")
    due = invoice.remaining if invoice.status is Status.PARTIAL else invoice.amount_to_pay
    if due is None:
        return [address, tr.html("The exact amount to send is on the pay page.")]
    coin = invoice.coin.partition("_")[0]
    if invoice.status is Status.PARTIAL:
        left = tr.html(
            "Still to be sent: <code>{amount}</code> {coin}", amount=plain_amount(due), coin=coin
        )
        return [address, left]
    return [
        address,
        tr.html("Send exactly <code>{amount}</code> {coin}", amount=plain_amount(due), coin=coin),
    ]


def money_lines(tr: Translator, invoice: Invoice, *, public: bool) -> Html | None:
    """What came, in the coin it came in, and about what that is worth. Fees are the shop's own
    business: they are not told where buyers may read along."""
    if invoice.paid is None:
        return None
    coin = invoice.coin.partition("_")[0]
    worth = fiat(invoice, invoice.paid)
    came = (
        tr.html("Received: {amount} {coin}", amount=plain_amount(invoice.paid), coin=coin)
        if worth is None
        else tr.html(
            "Received: {amount} {coin} ≈ {worth}",
            amount=plain_amount(invoice.paid),
            coin=coin,
            worth=common.money(tr, worth, invoice.currency),
        )
    )
    fees = invoice.fees
    if not fees or public:
        return came
    taken = tr.html("Fees: {amount} {coin}", amount=plain_amount(fees), coin=coin)
    return common.lines(came, taken)


def _unknown(tr: Translator, invoice: Invoice) -> Html | None:
    """A status of the provider that nobody here knows is shown as it is."""
    if not invoice.word:
        return None
    return tr.html("CryptoCloud's status: {status}", status=invoice.word)
