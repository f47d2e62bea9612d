"""The settings of a chat and the people who sell."""

import html

from bot.domain.chats import TO_SELLER, ChatSettings, Issuers
from bot.domain.languages import LANGUAGES
from bot.domain.people import Role, Seller
from bot.telegram.i18n import Html, Translator
from bot.telegram.texts import common

# Each in its own tongue, so that whoever is in the wrong one finds the way out.
LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}
assert LANGUAGE_NAMES.keys() == set(LANGUAGES)  # noqa: S101 - at import: a new language needs a name


def overview(tr: Translator, settings: ChatSettings, *, default_currency: str, group: bool) -> Html:
    """All settings at a glance."""
    return common.lines(
        tr.html("<b>Settings of this chat</b>"),
        tr.html("Currency: {value}", value=settings.currency or _default(tr, default_currency)),
        tr.html("Coin: {coin}", coin=common.coins(tr, settings.coins)),
        tr.html("Time to pay: {time}", time=lifetime(tr, settings)),
        tr.html("Reminder: {value}", value=reminder(tr, settings)),
        tr.html("Language: {value}", value=language(tr, settings)),
        tr.html("Invoices by: {value}", value=issuers(tr, settings)) if group else None,
        tr.html("Alerts: {value}", value=alerts(tr, settings)) if group else None,
    )


def _default(tr: Translator, value: str) -> str:
    return tr("not set ({value} is suggested)", value=value)


def lifetime(tr: Translator, settings: ChatSettings) -> str:
    """How long invoices of this chat can be paid."""
    if settings.lifetime is None:
        return tr("as set for the shop at CryptoCloud")
    return common.duration(tr, settings.lifetime)


def reminder(tr: Translator, settings: ChatSettings) -> str:
    """When an unpaid invoice is remembered."""
    if settings.reminder is None:
        return tr("off")
    return tr("{time} before the end", time=common.duration(tr, settings.reminder))


def language(tr: Translator, settings: ChatSettings) -> str:
    """The language of the chat."""
    return LANGUAGE_NAMES[settings.language] if settings.language else tr("automatic")


def issuers(tr: Translator, settings: ChatSettings) -> str:
    """Who may create invoices in a group."""
    if settings.issuers is Issuers.ADMINS:
        return tr("sellers who are admins of this group")
    return tr("every seller")


def alerts(tr: Translator, settings: ChatSettings) -> str:
    """Where news about the invoices of a group rings."""
    if settings.alerts == TO_SELLER:
        return tr("to the seller, in private")
    if settings.alert_topic is not None:
        return tr("in one topic of this group")
    return tr("where the invoice was asked for")


def ask_currency(tr: Translator) -> Html:
    """Which currency is meant when none is named."""
    return tr.html("In which currency do you usually invoice?")


def ask_coin(tr: Translator) -> Html:
    """Which coin is offered when none is named."""
    return tr.html("Which coin should buyers pay with, unless you name another?")


def ask_network(tr: Translator, asset: str) -> Html:
    """The second half of the coin."""
    return tr.html("On which network do you want {asset}?", asset=asset)


def ask_lifetime(tr: Translator) -> Html:
    """How long invoices can be paid."""
    return tr.html("How long may buyers take to pay, unless you say otherwise?")


def ask_reminder(tr: Translator) -> Html:
    """Whether to remind of an invoice that nobody has paid."""
    return tr.html(
        "Shall I remind you, and buyers who opened the card here, before an unpaid invoice ends?"
    )


def ask_language(tr: Translator) -> Html:
    """Which language the bot speaks here."""
    return tr.html("Which language should I speak in this chat?")


def ask_issuers(tr: Translator) -> Html:
    """Who may create invoices in a group."""
    return tr.html(
        "Which sellers may create invoices in this group? This admits nobody: "
        "sellers are admitted by the bot's admin."
    )


def ask_alerts(tr: Translator) -> Html:
    """Where news about the invoices of a group rings."""
    return common.lines(
        tr.html("Where should I tell that an invoice of this group was paid, or paid in part?"),
        tr.html("For a topic, send /settings in that topic and choose it there."),
    )


def closed(tr: Translator) -> Html:
    """The settings were left."""
    return tr.html("Settings saved. /settings opens them again.")


def not_here(tr: Translator) -> Html:
    """Somebody who may not change the settings of this chat."""
    return tr.html("Only sellers who are admins of this group can change its settings.")


def admins_invoice(tr: Translator) -> Html:
    """A seller in a group whose rule lets only its admins create invoices."""
    return tr.html("In this group only its admins can create invoices.")


def masked(tr: Translator) -> Html:
    """Somebody who writes as the group or as a channel."""
    return tr.html(
        "You are writing as a group or a channel, so I cannot see who you are. "
        "Choose yourself as the sender and send it again."
    )


def cashier(tr: Translator) -> Html:
    """A cashier asked for settings."""
    return tr.html("Cashiers create invoices; settings are for sellers. Ask the bot's admin.")


def sellers(tr: Translator, known: list[Seller]) -> Html:
    """All who were admitted."""
    if not known:
        return common.lines(tr.html("Nobody has been admitted yet."), _how_to_invite(tr))
    return common.lines(
        tr.plural(
            "<b>{n} person can create invoices</b>",
            "<b>{n} people can create invoices</b>",
            len(known),
        ),
        tr.html("Tap a name to change the role or to remove the person."),
        _how_to_invite(tr),
    )


def _how_to_invite(tr: Translator) -> Html:
    return tr.html(
        "{invite} makes an invite link for one person; the name is what buyers see.",
        invite=_example(tr, "invite"),
    )


def role(tr: Translator, of: Role) -> str:
    """A role in a word."""
    return tr("cashier") if of is Role.CASHIER else tr("seller")


def seller(tr: Translator, one: Seller) -> Html:
    """One person who was admitted."""
    return common.lines(
        tr.html("<b>{label}</b> · {role}", label=one.label, role=role(tr, one.role)),
        tr.html("Admitted {time}", time=common.moment(tr, one.admitted_at)),
        tr.html("Telegram id <code>{id}</code>", id=one.user_id),
    )


def seller_gone(tr: Translator) -> str:
    """Removed meanwhile."""
    return tr("This person is no longer a seller.")


def admins_only(tr: Translator) -> Html:
    """A seller asked for the list of sellers or an invitation."""
    return tr.html("Only an admin of this bot can do that. Ask yours.")


def removed(tr: Translator, label: str) -> str:
    """After the removal."""
    return tr("{label} can no longer create invoices.", label=label)


def _example(tr: Translator, command: str) -> Html:
    label = tr.html("Flower shop")  # not in the f-string: there `make messages` would not see it
    return Html(f"<code>/{command} {label}</code>")


def invite_how(tr: Translator, command: str) -> Html:
    """`/invite` or `/invite_cashier` without a label."""
    return tr.html(
        "Add the name that buyers will see, up to 48 letters: {example}",
        example=_example(tr, command),
    )


def invite(tr: Translator, label: str, of: Role, link: str) -> Html:
    """The link to pass on."""
    return common.lines(
        tr.html(
            "Send this link to the person who is to be <b>{label}</b> ({role}). "
            "It works once, within 24 hours:",
            label=label,
            role=role(tr, of),
        ),
        Html(html.escape(link)),
    )


def admitted(tr: Translator, label: str) -> Html:
    """To the new seller."""
    return common.lines(
        tr.html("Welcome! You can now create invoices as <b>{label}</b>.", label=label),
        tr.html("Send an amount and a currency, like 50 EUR, or tap the button. More: /help"),
    )


def bad_invite(tr: Translator) -> Html:
    """A link that is used up, too old or mistyped, told apart for nobody."""
    return tr.html("This invite has been used or has expired. Please ask for a new one.")
