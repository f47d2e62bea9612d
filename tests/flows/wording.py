"""What the bot says, taken from where it says it: the tests hold behaviour, not phrases."""

import html
import re

from bot.domain.drafts import Draft, Step
from bot.domain.problems import Problem, Rejected
from bot.sandbox.telegram import Message
from bot.telegram.i18n import Translators, catalogues
from bot.telegram.texts import asking, common, general, problems, settings

_ALL = Translators(catalogues())
EN, RU = _ALL["en"], _ALL["ru"]


def plain(text: str) -> str:
    """Telegram HTML as it is read."""
    return html.unescape(re.sub("<[^>]*>", "", text))


def question(step: Step, draft: Draft | None = None) -> str:
    """The line that asks at a step."""
    asked = asking.question(EN, draft or Draft("", step=step))
    return plain(asked).splitlines()[-1]


HOW_MUCH = question(Step.AMOUNT)
WHICH_CURRENCY = question(Step.CURRENCY)
WHICH_MEANT = question(Step.CURRENCY, Draft("", Step.CURRENCY, currencies=("JPY", "CNY")))
WHICH_COIN = question(Step.COIN)
WHICH_CHANGE = question(Step.CHANGE)
HOW_LONG = question(Step.LIFETIME)
WHAT_FOR = question(Step.DETAILS)

OUTDATED = asking.outdated(EN)
NOT_YOURS = asking.not_yours(EN)
CREATED_ALREADY = asking.created_already(EN)
CREATING = asking.creating(EN)
CANCELLED = plain(asking.cancelled(EN))
NOTHING_TO_CANCEL = plain(asking.nothing_to_cancel(EN))
SAME_AGAIN = plain(asking.same_again(EN))

EDITED = plain(general.edited(EN))
UNKNOWN = plain(general.unknown(EN))
ADMINS_ONLY = plain(settings.admins_only(EN))
NOT_ALLOWED = general.not_allowed(EN)
STRANGER = plain(general.stranger(EN, None))

CASHIER = plain(settings.cashier(EN))
ONLY_GROUP_ADMINS = plain(settings.not_here(EN))
BAD_INVITE = plain(settings.bad_invite(EN))
SELLER_GONE = settings.seller_gone(EN)


def which_network(asset: str) -> str:
    """The second half of the coin's question."""
    return question(Step.NETWORK, Draft("", Step.NETWORK, asset=asset))


def refusal(problem: Problem, typed: str, currency: str | None = None) -> str:
    """Why a line was not accepted, with what was typed."""
    return plain(problems.rejected(EN, Rejected(problem, typed, currency)))


def coins(*codes: str) -> str:
    """The coins as cards and summaries name them."""
    return common.coins(EN, codes)


def stranger(contact: str) -> str:
    """The polite line, with whom to ask."""
    return plain(general.stranger(EN, contact))


def is_card(message: Message) -> bool:
    """Whether there is something to pay with."""
    return bool(message.buttons) and message.buttons[0][0].kind == "url"


def is_summary(message: Message) -> bool:
    """Whether one tap would create."""
    return message.labels[:2] == ["Create", "Change"]
