"""The messages that ring: a new one is sent only for what a seller wants to hear about."""

import html

from bot.domain.invoice import Face, Invoice
from bot.domain.money import plain_amount
from bot.domain.progress import fiat
from bot.telegram.i18n import Html, Translator
from bot.telegram.texts import cards, common


def alert(
    tr: Translator, invoice: Invoice, *, repeated: bool, public: bool, link: str = ""
) -> Html:
    """What happened to an invoice, and what can be done about it. `link` leads to its card, where
    this is no answer to it."""
    return common.lines(
        _news(tr, invoice),
        cards.money_lines(tr, invoice, public=public)
        if invoice.uuid
        else cards.advice(tr, invoice),
        _then(tr, invoice),
        *(cards.labels(tr, invoice) if invoice.uuid else ()),
        *cards.links(tr, invoice),
        tr.html("ID: <code>{id}</code>", id=invoice.uuid) if invoice.uuid else None,
        _card(tr, link),
        tr.html("<i>Repeated after an interruption.</i>") if repeated else None,
    )


def reminder(tr: Translator, invoice: Invoice, *, link: str = "") -> Html:
    """Before the time to pay ends."""
    amount = common.money(tr, invoice.amount, invoice.currency)
    until = common.moment(tr, invoice.expires) if invoice.expires else Html("")
    line = tr.html(
        "⏰ The invoice for <b>{amount}</b> is payable until {time}.", amount=amount, time=until
    )
    return common.lines(line, _card(tr, link))


def _card(tr: Translator, link: str) -> Html | None:
    if not link:
        return None
    return tr.html('<a href="{link}">To the card</a>', link=Html(html.escape(link)))


def _news(tr: Translator, invoice: Invoice) -> Html:
    amount = common.money(tr, invoice.amount, invoice.currency)
    match invoice.face:
        case Face.PAID:
            return tr.html("✅ <b>{amount}</b> was paid.", amount=amount)
        case Face.OVERPAID:
            return tr.html("✅ <b>{amount}</b> was paid, and more than that.", amount=amount)
        case Face.PARTIAL:
            return tr.html("◐ A part of <b>{amount}</b> was paid.", amount=amount)
        case Face.SHORT:
            return tr.html(
                "◐ The time to pay <b>{amount}</b> has ended; a part was paid.", amount=amount
            )
        case Face.LATE:
            return tr.html(
                "❗ Money came for <b>{amount}</b> after its time had ended.", amount=amount
            )
        case Face.EXPIRED:
            return tr.html("⌛ The invoice for <b>{amount}</b> expired unpaid.", amount=amount)
    return tr.html("❌ The invoice for <b>{amount}</b> was not created after all.", amount=amount)


def _then(tr: Translator, invoice: Invoice) -> Html | None:
    match invoice.face:
        case Face.PARTIAL if invoice.remaining and invoice.expires:
            return tr.html(
                "Still to come: {amount} {coin}, to the same address, until {time}.",
                amount=plain_amount(invoice.remaining),
                coin=invoice.coin.partition("_")[0],
                time=common.moment(tr, invoice.expires),
            )
        case Face.OVERPAID:
            over = (fiat(invoice, invoice.paid) or invoice.amount) - invoice.amount
            if over > 0:
                much = common.money(tr, over, invoice.currency)
                return tr.html("That is ≈ {amount} too much.", amount=much)
        case Face.LATE:
            return tr.html("Please settle with the payer; nothing more should be sent.")
    return None
