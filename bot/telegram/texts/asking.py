"""The questions of the conversation and its summary."""

import html

from bot.domain.coins import ASSET_NAMES
from bot.domain.drafts import Draft, Step
from bot.telegram.i18n import Html, Translator
from bot.telegram.texts import common


def question(tr: Translator, draft: Draft, note: Html | None = None) -> Html:
    """The open question, what is known so far above it, and `note` on top."""
    if draft.step is Step.SUMMARY:
        return common.lines(note, _summary(tr, draft))
    known = html.escape(_known(tr, draft))
    title = tr.html("<b>New invoice</b>")
    return common.lines(note, Html(f"{title} · {known}") if known else title, _open(tr, draft))


def _open(tr: Translator, draft: Draft) -> Html:
    match draft.step:
        case Step.AMOUNT if len(draft.amounts) > 1:
            return tr.html("Which amount do you mean?")
        case Step.AMOUNT:
            return tr.html("How much? Type the amount, like 50 or 49.90, or the whole line.")
        case Step.CURRENCY if len(draft.currencies) > 1:
            return tr.html("Which currency do you mean?")
        case Step.CURRENCY:
            return tr.html("In which currency? Tap or type it.")
        case Step.COIN:
            return tr.html("Which coin should the buyer pay with? Tap or type it.")
        case Step.NETWORK:
            return tr.html(
                "On which network do you want {asset}? Tap or type it.",
                asset=_asset(draft.asset or ""),
            )
        case Step.CHANGE:
            return tr.html("What would you like to change? Tap it, or type the new value.")
        case Step.LIFETIME:
            return tr.html("How long may the buyer take to pay? Tap, or type 90m, 24h or 2d.")
        case Step.DETAILS:
            return tr.html("What is it for? Type it: the buyer sees it on the card.")
    return tr.html("Creating…")


def _asset(asset: str) -> str:
    name = ASSET_NAMES.get(asset, asset)
    return asset if name == asset else f"{name} ({asset})"


def _known(tr: Translator, draft: Draft) -> str:
    """The answers so far in a few words."""
    if len(draft.amounts) != 1:
        return draft.currencies[0] if len(draft.currencies) == 1 else ""
    if len(draft.currencies) != 1:
        return common.number(tr, draft.amounts[0])
    known = common.money(tr, draft.amounts[0], draft.currencies[0])
    if draft.step in (Step.CHANGE, Step.LIFETIME, Step.DETAILS) and draft.coins:
        known += f" · {common.coins(tr, draft.coins)}"
    return known


def _summary(tr: Translator, draft: Draft) -> Html:
    return common.lines(
        tr.html(
            "Create an invoice for <b>{amount}</b>?",
            amount=common.money(tr, draft.amounts[0], draft.currencies[0]),
        ),
        tr.html("For: {description}", description=draft.description) if draft.description else None,
        tr.html("Order: #{order}", order=draft.order) if draft.order else None,
        tr.html("Coin: {coin}", coin=common.coins(tr, draft.coins or ())),
        tr.html("Time to pay: {time}", time=common.duration(tr, draft.lifetime))
        if draft.lifetime
        else None,
        tr.html("Buyer's e-mail: {email}", email=draft.email) if draft.email else None,
    )


def same_again(tr: Translator) -> Html:
    """A request typed a second time before the first was answered."""
    return tr.html(
        "You asked for exactly this a moment ago, and it was not answered yet; /invoices has what"
        " exists. One more?"
    )


def too_many(tr: Translator, seconds: int) -> str:
    """More requests for invoices than anybody makes by hand."""
    return tr(
        "That is more invoices than I take in a minute. Please wait {n} s and send it again.",
        n=seconds,
    )


def was_away(tr: Translator) -> Html:
    """Above a summary that is shown again after a longer absence of the bot."""
    return tr.html("I was away for a while, and a tap may not have reached me. Nothing is lost:")


def outdated(tr: Translator) -> str:
    """A tap on a question that has moved on."""
    return tr("This has changed meanwhile. Here is how it stands now.")


def not_yours(tr: Translator) -> str:
    """A tap on somebody else's, an ended or an unknown conversation."""
    return tr("This button no longer applies. Send /invoice to start again.")


def cancelled(tr: Translator) -> Html:
    """The conversation was cancelled."""
    return tr.html("Cancelled, nothing was created. Send /invoice to start again.")


def nothing_to_cancel(tr: Translator) -> Html:
    """`/cancel` outside a conversation."""
    return tr.html("There is nothing to cancel.")


def created_already(tr: Translator) -> str:
    """*Create* on a summary that led to an invoice long ago."""
    return tr("This invoice has already been created.")


def creating(tr: Translator) -> str:
    """Over the button, while the provider is asked."""
    return tr("Creating…")
