"""The state of the bot as admins read it, and what is said of updates that were set aside."""

import html
from datetime import timedelta

from bot.domain.attempts import MOST_SHOWN, Suspect
from bot.domain.condition import Condition
from bot.domain.problems import clip
from bot.telegram.i18n import Html, Translator
from bot.telegram.texts import common

_SLOW = timedelta(milliseconds=500)
_LATE = timedelta(seconds=30)


def health(tr: Translator, now: Condition, suspects: list[Suspect]) -> Html:
    """A line each, with a sign before what wants attention."""
    parked = now.backlog.parked
    return common.lines(
        tr.html("<b>State of the bot</b>"),
        _store(tr, now),
        _provider(tr, now),
        tr.html("✅ Updates: by webhook")
        if now.webhook
        else tr.html("✅ Updates: by long polling"),
        *_schedule(tr, now),
        tr.plural("⏳ {n} update in hand for long", "⏳ {n} updates in hand for long", parked)
        if parked
        else None,
        *_aside(tr, suspects),
    )


def _store(tr: Translator, now: Condition) -> Html:
    ms = f"{now.store.total_seconds() * 1000:.0f}"
    if now.store > _SLOW:
        return tr.html("⚠️ Store: answers slowly, in {ms} ms", ms=ms)
    return tr.html("✅ Store: answers in {ms} ms", ms=ms)


def _provider(tr: Translator, now: Condition) -> Html:
    last = common.moment(tr, now.answered) if now.answered else None
    if now.failed is not None and (now.answered is None or now.failed > now.answered):
        return common.lines(
            tr.html("❗ CryptoCloud: no answer {time}", time=common.moment(tr, now.failed)),
            tr.html("Its last answer: {time}", time=last) if last else None,
        )
    if last is None:
        return tr.html("✅ CryptoCloud: not asked since the start")
    return tr.html("✅ CryptoCloud: answered {time}", time=last)


def _schedule(tr: Translator, now: Condition) -> list[Html | None]:
    return [
        _due(tr, now),
        tr.plural(
            "🔎 {n} invoice may or may not be at CryptoCloud: I am finding out",
            "🔎 {n} invoices may or may not be at CryptoCloud: I am finding out",
            now.unsure,
        )
        if now.unsure
        else None,
    ]


def _due(tr: Translator, now: Condition) -> Html:
    backlog = now.backlog
    watched = tr.plural("{n} invoice watched", "{n} invoices watched", backlog.scheduled)
    if not backlog.due:
        return tr.html("✅ Schedule: {watched}, none is due", watched=watched)
    return tr.html(
        "{sign} Schedule: {watched}; due now: {due}, for {seconds} s at most",
        sign="⚠️" if backlog.oldest > _LATE else "✅",
        watched=watched,
        due=backlog.due,
        seconds=int(backlog.oldest.total_seconds()),
    )


def _aside(tr: Translator, suspects: list[Suspect]) -> list[Html | None]:
    if not suspects:
        return []
    return [
        tr.plural(
            "❗ {n} update ended me three times. It is kept until you decide:",
            "❗ {n} updates ended me three times. They are kept until you decide:",
            len(suspects),
        ),
        *(suspect(tr, one) for one in suspects[:MOST_SHOWN]),
    ]


def suspect(tr: Translator, one: Suspect) -> Html:
    """One update: its number, who sent it, what it says."""
    words = html.escape(clip(one.words), quote=False)
    if not one.readable:
        return tr.html("<code>{number}</code> · cannot be read", number=one.update_id)
    return tr.html(
        "<code>{number}</code> · from <code>{sender}</code>: {words}",
        number=one.update_id,
        sender=one.sender,
        words=Html(f"“{words}”") if words else tr("no text"),
    )


def sure(tr: Translator, one: Suspect) -> Html:
    """Before one is dropped."""
    return common.lines(
        suspect(tr, one),
        tr.html("Drop it? Then it is gone, and whoever sent it gets no other answer."),
    )


def fed(tr: Translator) -> str:
    """After one was fed."""
    return tr("I am trying it again.")


def dropped(tr: Translator) -> str:
    """After one was dropped."""
    return tr("Dropped.")


def gone(tr: Translator) -> str:
    """A button of an update that is not there any more."""
    return tr("This update has been dealt with already.")


def to_sender(tr: Translator) -> Html:
    """To whoever sent an update that was set aside."""
    return tr.html(
        "I could not handle your last message: something went wrong each time. "
        "It is kept, and the bot's admin has been told."
    )


def to_admin(tr: Translator) -> Html:
    """To the admins."""
    return tr.html(
        "❗ An update ended me three times while I handled it. I have set it aside; "
        "/health shows it."
    )
