"""What the bot says about itself, and when something is not possible."""

from babel.lists import format_list

from bot.domain.coins import ASSETS
from bot.domain.currencies import CURRENCIES, currency_name
from bot.domain.people import Role
from bot.telegram.i18n import Html, Translator
from bot.telegram.texts import common, problems


def welcome(tr: Translator, role: Role, contact: str | None) -> Html:
    """`/start` and `/help`."""
    if role is Role.STRANGER:
        return stranger(tr, contact)
    goods = tr.html("T-shirts, size M")
    begin = common.lines(
        tr.html("I issue invoices that are paid in crypto. One line is enough:"),
        Html("<code>/invoice 50 EUR</code>"),
        Html(f"<code>/invoice 50 EUR usdt trc20 24h #A-17 {goods}</code>"),
    )
    grammar = tr.html(
        "Amount and currency come first. Then, if you like: coin, network, time to pay, "
        "#order number, the buyer's e-mail, and last what it is for."
    )
    more = common.lines(
        tr.html("/invoice on its own asks you step by step; /cancel stops it."),
        tr.html("/invoices lists them all, /find and /status look one up."),
        tr.html("/stats sums them up.") if role is Role.CASHIER else None,
        tr.html("/stats sums them up, /export makes tables of them.")
        if role >= Role.SELLER
        else None,
        tr.html("/cancel INV-… cancels an unpaid one.") if role >= Role.SELLER else None,
        tr.html("/currencies and /coins show what you can use."),
        tr.html("/settings keeps the defaults of this chat.") if role >= Role.SELLER else None,
        tr.html("For you as an admin: /sellers, /invite, /invite_cashier, /audit, /health.")
        if role is Role.ADMIN
        else None,
    )
    return Html("\n\n".join((begin, grammar, more)))


def stranger(tr: Translator, contact: str | None) -> Html:
    """To those who may not create invoices."""
    return common.lines(
        tr.html("This bot issues crypto invoices for the sellers who use it."),
        tr.html("If you would like to sell with it, ask {contact}.", contact=contact)
        if contact
        else tr.html("If you would like to sell with it, ask whoever told you about it."),
    )


def currencies(tr: Translator) -> Html:
    """All currencies by code and name."""
    rows = [f"<code>{code}</code> {currency_name(code, tr.language)}" for code in CURRENCIES]
    return common.lines(tr.html("You can invoice in:"), *rows)


def coins(tr: Translator) -> Html:
    """All coins by asset, with their networks."""
    rows = [
        f"<b>{asset}</b>: {format_list([coin.network_name for coin in coins], locale=tr.language)}"
        for asset, coins in ASSETS.items()
    ]
    return common.lines(tr.html("Invoices can be paid with:"), *rows)


def unknown(tr: Translator) -> Html:
    """A message that is no request."""
    return common.lines(
        tr.html("I did not understand that. Send an amount and a currency, or /help."),
        problems.example(tr),
    )


def not_text(tr: Translator) -> Html:
    """A picture, a voice message and the like."""
    return tr.html("I can only read text. Send an amount and a currency, like 50 EUR, or /help.")


def edited(tr: Translator) -> Html:
    """An edited command creates nothing."""
    return tr.html("Edited messages change nothing. Please send it again as a new message.")


def storage_away(tr: Translator) -> Html:
    """Said once while Redis is away."""
    return tr.html(
        "Noted. I cannot reach my storage right now; the answer will come as soon as it is back. "
        "There is no need to repeat it."
    )


def failed(tr: Translator, incident: str) -> Html:
    """A fault of ours."""
    return tr.html(
        "Something went wrong on my side, and I stopped there. "
        "Try again, or give the bot's admin this number: <code>{incident}</code>",
        incident=incident,
    )


def failed_alert(tr: Translator, incident: str) -> str:
    """The same in the window over a tapped button."""
    return tr(
        "Something went wrong on my side. Number for the bot's admin: {incident}",
        incident=incident,
    )


def not_allowed(tr: Translator) -> str:
    """A tap by somebody who has no right to it."""
    return tr("This button is not for you.")
