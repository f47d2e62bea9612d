"""Why a typed line was not accepted: what was typed, what is wrong, and what works."""

from bot.domain.problems import Problem, Rejected, clip
from bot.telegram.i18n import Html, Translator
from bot.telegram.texts import common


def rejected(tr: Translator, problem: Rejected) -> Html:
    """The answer to a line that is outside the grammar."""
    return common.lines(
        tr.html("“{typed}”", typed=clip(problem.typed)) if clip(problem.typed) else None,
        _reason(tr, problem),
    )


def example(tr: Translator) -> Html:
    """A line that works; one tap copies it."""
    return tr.html("For example: {line}", line=Html("<code>/invoice 50 EUR</code>"))


def _reason(tr: Translator, problem: Rejected) -> Html:
    currency = problem.currency or tr("This currency")
    match problem.problem:
        case Problem.NO_AMOUNT:
            return tr.html("I see no amount here. Start with the amount and the currency.")
        case Problem.NOT_A_NUMBER:
            return tr.html(
                "This is no amount I can read. Use plain digits, like 50, 49.90 or 1 000."
            )
        case Problem.ZERO:
            return tr.html("The amount must be more than zero.")
        case Problem.NEGATIVE:
            return tr.html("The amount must be more than zero and without a sign.")
        case Problem.TOO_MANY_DECIMALS:
            return tr.html("{currency} does not have that many decimals.", currency=currency)
        case Problem.TOO_MANY_DIGITS:
            return tr.html("That is more than 15 digits; no amount needs so many.")
        case Problem.UNKNOWN_CURRENCY:
            return tr.html("This is no currency I can invoice in. /currencies shows all.")
        case Problem.TWO_CURRENCIES:
            return tr.html("This names two currencies. Please name one.")
        case Problem.AMOUNT_IN_COIN:
            return tr.html("The amount is in a currency; the coin comes after it: 50 EUR BTC.")
        case Problem.NO_SUCH_COIN:
            return tr.html("There is no such coin, or not on that network. /coins shows all.")
        case Problem.BAD_LIFETIME:
            return tr.html("The time to pay is from 1 minute to 30 days, like 90m, 24h or 2d.")
        case Problem.BAD_ORDER:
            return tr.html(
                "An order number is # and up to 32 Latin letters, digits or . _ / - like #A-17."
            )
        case Problem.BAD_EMAIL:
            return tr.html("This is no e-mail address.")
        case Problem.DESCRIPTION_TOO_LONG:
            return tr.html("The description is too long: 240 Latin or 120 Cyrillic letters fit.")
