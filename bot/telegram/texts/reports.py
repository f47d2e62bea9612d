"""The figures of `/stats`, and what is said around a file."""

import html

from babel.dates import format_skeleton

from bot.domain.periods import Period
from bot.domain.statistics import TOP, Span, Statistics
from bot.services.charts import Labels
from bot.telegram.i18n import Html, Translator
from bot.telegram.texts import common


def statistics(tr: Translator, figures: Statistics) -> Html:
    """Under the picture: at most 1024 characters."""
    if not any(span.issued or span.tests for span in figures.spans):
        return common.lines(
            tr.html("Nothing was issued in the last 30 days."),
            tr.html("An invoice begins like this: {line}", line=_code("/invoice 50 EUR")),
        )
    spans = [_span(tr, span) for span in figures.spans]
    return Html("\n\n".join([*spans, tr.html("<i>Days are counted by UTC.</i>")]))


_MOST_SUMS = 6  # currencies, so that three spans fit under a picture


def _span(tr: Translator, span: Span) -> Html:
    names = {1: tr("Today"), 7: tr("7 days"), 30: tr("30 days")}
    sums = sorted(span.sums.items(), key=lambda entry: entry[0])
    worth = ", ".join(
        ("≈ " if code in span.about else "") + common.money(tr, amount, code)
        for code, amount in sums[:_MOST_SUMS]
    )
    coins = ", ".join(common.coin(tr, code) for code, _ in span.coins.most_common(TOP))
    rate = "" if span.conversion is None else f" ({span.conversion} %)"
    return common.lines(
        Html(f"<b>{names[span.days]}</b>"),
        tr.html(
            "Issued {issued}, paid {paid}{rate}", issued=span.issued, paid=span.paid, rate=rate
        ),
        tr.html("Sum: {sums}", sums=worth + (", …" if len(sums) > _MOST_SUMS else ""))
        if worth
        else None,
        tr.plural("{n} with an unknown sum", "{n} with unknown sums", span.unknown)
        if span.unknown
        else None,
        tr.html("Mostly in {coins}", coins=coins) if coins else None,
        tr.plural("{n} test invoice left out", "{n} test invoices left out", span.tests)
        if span.tests
        else None,
    )


def labels(tr: Translator) -> Labels:
    """The words on the picture."""
    return Labels(
        tr("Invoices per day, the last 30 days"),
        tr("Issued"),
        tr("Paid"),
        lambda day: format_skeleton("MMMd", day, locale=tr.language),
    )


def ask_export(tr: Translator) -> Html:
    """`/export` without a period."""
    return common.lines(
        tr.html("Which period? Tap one, or name it:"),
        _code("/export 2026-10"),
        _code("/export 2026-10-01 2026-10-15"),
    )


def bad_period(tr: Translator) -> Html:
    """A period that cannot be read."""
    return common.lines(
        tr.html("I cannot read this period. These work:"),
        _code("/export today"),
        _code("/export 30"),
        _code("/export 2026-10"),
        _code("/export 2026-10-01 2026-10-15"),
    )


def exported(tr: Translator, period: Period, count: int) -> Html:
    """Under the file."""
    days = f"{period.first} – {period.last}"
    text = tr.plural("{n} invoice, {days} (UTC)", "{n} invoices, {days} (UTC)", count, days=days)
    return Html(text)


def nothing_to_export(tr: Translator, period: Period) -> Html:
    """An empty period."""
    days = f"{period.first} – {period.last}"
    return tr.html("No invoices were issued in {days} (UTC).", days=days)


def too_large(tr: Translator) -> Html:
    """More than Telegram takes."""
    return tr.html("This is more than fits into a file here. Please choose a shorter period.")


def in_private(tr: Translator) -> Html:
    """`/export` in a group."""
    return tr.html("The file has e-mails in it: please ask me for it in our private chat.")


def no_export(tr: Translator) -> Html:
    """A cashier asks for a file."""
    return tr.html("Cashiers cannot export. Ask a seller or the bot's admin.")


def _code(line: str) -> Html:
    return Html(f"<code>{html.escape(line)}</code>")
