"""The audit trail as admins read it: when, who, what; a line each."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.audit import Deed, Entry, Trail
from bot.domain.chats import ChatSettings, Issuers
from bot.domain.invoice import Invoice
from bot.domain.people import Role
from bot.telegram.i18n import Html, Translator
from bot.telegram.texts import common, settings


def trail(tr: Translator, page: Trail, names: Mapping[int, str], about: str) -> Html:
    """A page, newest first. `names` are of people; `about` is what was asked for, if anything."""
    invoices = {invoice.id: invoice for invoice in page.invoices}
    return common.lines(
        tr.html("<b>Audit trail</b> · {about}", about=about)
        if about
        else tr.html("<b>Audit trail</b>"),
        *(_entry(tr, entry, names, invoices) for entry in page.entries),
        None if page.entries else tr.html("Nothing is noted here."),
    )


def how_to_ask(tr: Translator) -> Html:
    """A person or an invoice that is not known."""
    return common.lines(
        tr.html("I know nobody and no invoice of that name. These work:"),
        Html("<code>/audit</code>"),
        tr.html("<code>/audit 123456789</code> by Telegram id"),
        tr.html("<code>/audit Flower shop</code> by the name of a seller"),
        tr.html("<code>/audit INV-AB12CD34</code> by invoice"),
    )


def _entry(
    tr: Translator, entry: Entry, names: Mapping[int, str], invoices: Mapping[str, Invoice]
) -> Html:
    return tr.html(
        "{time} · {who} · {deed}",
        time=common.moment(tr, entry.at),
        who=_person(tr, entry.who, names.get(entry.who, "")),
        deed=_deed(tr, entry, names, invoices),
    )


def _person(tr: Translator, user_id: int, name: str) -> Html:
    """The id is there to be copied into the next question."""
    return tr.html("{name} <code>{id}</code>", name=name or "?", id=user_id)


def _deed(
    tr: Translator, entry: Entry, names: Mapping[int, str], invoices: Mapping[str, Invoice]
) -> Html:
    first, _, rest = entry.what.partition(" ")
    match entry.deed:
        case Deed.ISSUED:
            return tr.html("invoice created: {invoice}", invoice=_invoice(tr, entry, invoices))
        case Deed.REST:
            return tr.html(
                "invoice for a rest created: {invoice}", invoice=_invoice(tr, entry, invoices)
            )
        case Deed.CANCEL:
            return tr.html("to be cancelled: {invoice}", invoice=_invoice(tr, entry, invoices))
        case Deed.ACCEPT:
            return tr.html("accepted as is: {invoice}", invoice=_invoice(tr, entry, invoices))
        case Deed.INVITED:
            return tr.html("invite made for {label} ({role})", label=rest, role=_role(tr, first))
        case Deed.ADMITTED:
            by = _person(tr, entry.whom, names.get(entry.whom, ""))
            return tr.html(
                "admitted as {label} ({role}), invited by {by}",
                label=rest,
                role=_role(tr, first),
                by=by,
            )
        case Deed.ROLE:
            whom = _person(tr, entry.whom, rest)
            return tr.html("new role of {whom}: {role}", whom=whom, role=_role(tr, first))
        case Deed.REMOVED:
            return tr.html("removed: {whom}", whom=_person(tr, entry.whom, rest))
        case Deed.SETTING:
            return tr.html(
                "{setting} in {chat}: {value}",
                setting=_setting(tr, first),
                chat=_chat(tr, entry),
                value=_value(tr, first, rest),
            )
        case Deed.EXPORTED:
            return tr.html("export of {first} – {last}", first=first, last=rest)
        case Deed.FED:
            return tr.html("update {number} handled again", number=first)
    return tr.html("update {number} dropped", number=first)


def _invoice(tr: Translator, entry: Entry, invoices: Mapping[str, Invoice]) -> Html:
    known = invoices.get(entry.invoice)
    if known is None:
        return Html(f"<code>{entry.invoice}</code>")
    amount = common.money(tr, known.amount, known.currency)
    return tr.html("{amount} <code>{id}</code>", amount=amount, id=known.uuid or known.id)


def _role(tr: Translator, name: str) -> str:
    return settings.role(tr, Role.CASHIER if name == Role.CASHIER.name.lower() else Role.SELLER)


def _chat(tr: Translator, entry: Entry) -> Html:
    if entry.chat == entry.who:
        return tr.html("the private chat")
    return tr.html("group <code>{id}</code>", id=entry.chat)


def _setting(tr: Translator, name: str) -> str:
    names = {
        "currency": tr("Currency"),
        "coin": tr("Coin"),
        "lifetime": tr("Time to pay"),
        "reminder": tr("Reminder"),
        "language": tr("Language"),
        "issuers": tr("Who may invoice"),
        "alerts": tr("Alerts"),
    }
    return names.get(name, name)


def _value(tr: Translator, name: str, value: str) -> str:
    match name:
        case "issuers":
            return settings.issuers(tr, ChatSettings(issuers=Issuers(value)))
        case "alerts":
            return settings.alerts(tr, ChatSettings(alerts="" if value == "none" else value))
        case "lifetime" | "reminder" if value.isdecimal():
            return common.duration(tr, timedelta(minutes=int(value)))
        case "coin":
            return common.coins(tr, () if value == "any" else (value,))
        case "language" if value in settings.LANGUAGE_NAMES:
            return settings.LANGUAGE_NAMES[value]
    return tr("not set") if value == "none" else value
