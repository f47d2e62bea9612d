"""The front of a line: its amount and its currency, in either order, together or apart."""

from dataclasses import dataclass
from decimal import Decimal

from bot.domain.amounts import groups_digits, read_amount
from bot.domain.coin_search import match_coins
from bot.domain.currencies import is_everyday, is_loose, settle
from bot.domain.mentions import Mention, foreign_at, mention_at, mention_before_digits
from bot.domain.numerals import Numeral, fault_at, numeral_at, skip_space
from bot.domain.problems import Problem, Rejected
from bot.domain.words import tokens


@dataclass(frozen=True, slots=True)
class Front:
    """What stands in front; `end` is where the rest of the line begins.

    `named`: a currency was typed, else `currencies` holds the chat's own. `review`: to be read as
    a summary first; `everyday`: so when a description follows.
    """

    amounts: tuple[Decimal, ...] = ()
    currencies: tuple[str, ...] = ()
    end: int = 0
    named: bool = False
    review: bool = False
    everyday: bool = False


def read_front(line: str, default: str | None) -> Front | Rejected:
    """The amount and currency `line` begins with; `default` is the chat's currency.

    A front that is not there is no fault: then it has no amounts and nothing of `line` is used.
    """
    lead = mention_before_digits(line) or mention_at(line, 0)
    start = skip_space(line, lead.end if lead else 0)
    fault = fault_at(line, start, after_currency=lead is not None)
    if fault is not None:
        return fault
    numeral = numeral_at(line, start)
    if isinstance(numeral, Rejected):
        return numeral
    if numeral is None:
        return _without_amount(line, lead, default)
    mentions = [lead] if lead else []
    trail = mention_at(line, numeral.end)
    if trail is not None and (lead is None or trail.is_firm):
        mentions.append(trail)
    if not mentions:
        return _in_default(line, numeral, default)
    further = mention_at(line, mentions[-1].end) if trail in mentions else None
    if further is not None and further.is_firm:
        mentions.append(further)
    end = max(numeral.end, mentions[-1].end)
    codes = _common(mentions, default)
    if not codes:
        return Rejected(Problem.TWO_CURRENCIES, line[:end])
    read = _read(numeral.text, codes)
    if isinstance(read, Rejected):
        return read
    amounts, codes = read
    review = groups_digits(numeral.text) or numeral.review
    return Front(
        amounts,
        codes,
        end,
        named=True,
        review=review or all(is_loose(mention.word) for mention in mentions),
        everyday=is_everyday(mentions[-1].word),
    )


def _without_amount(line: str, lead: Mention | None, default: str | None) -> Front | Rejected:
    if lead is not None:
        return Front((), settle(lead.word, lead.codes, default), lead.end, named=True)
    foreign = foreign_at(line, 0)
    if foreign is not None and line[skip_space(line, foreign.end) :][:1].isdigit():
        return Rejected(Problem.UNKNOWN_CURRENCY, foreign.word)
    used, words = _coins_at(line, 0)
    if used and words[used:] and words[used][0].isdigit():
        return Rejected(Problem.AMOUNT_IN_COIN, " ".join(words[: used + 1]))
    return Front((), (default,) if default else ())


def _in_default(line: str, numeral: Numeral, default: str | None) -> Front | Rejected:
    """The amount in the chat's currency, unless another currency or a coin is named after it."""
    foreign = foreign_at(line, numeral.end)
    if foreign is not None:
        return Rejected(Problem.UNKNOWN_CURRENCY, foreign.word)
    used, words = _coins_at(line, numeral.end)
    if used:
        return Rejected(Problem.AMOUNT_IN_COIN, " ".join([numeral.text, *words[:used]]))
    read = _read(numeral.text, (default,) if default else ())
    if isinstance(read, Rejected):
        return read
    amounts, codes = read
    review = groups_digits(numeral.text) or numeral.review
    return Front(amounts, codes, numeral.end, named=False, review=review)


def _coins_at(line: str, start: int) -> tuple[int, list[str]]:
    """How many words from `start` on name coins, and these words with some more."""
    words = [token.text for token in tokens(line, start, 8)]
    return match_coins(words)[1], words


def _common(mentions: list[Mention], default: str | None) -> tuple[str, ...]:
    """What all mentions can mean: `$50 CAD` is in Canadian dollars, `50 EUR USD` in nothing."""
    first, *others = mentions
    codes = tuple(code for code in first.codes if all(code in mention.codes for mention in others))
    return settle(mentions[-1].word, codes, default)


def _read(
    number: str, codes: tuple[str, ...]
) -> tuple[tuple[Decimal, ...], tuple[str, ...]] | Rejected:
    """The readings of `number`, and those of `codes` that have one; no codes: any currency."""
    readings = {code: read_amount(number, code) for code in codes or (None,)}
    good = {code: read for code, read in readings.items() if not isinstance(read, Problem)}
    faults = [read for read in readings.values() if isinstance(read, Problem)]
    if not good:
        return Rejected(faults[0], number, codes[0] if len(codes) == 1 else None)
    amounts = dict.fromkeys(amount for read in good.values() for amount in read)
    return tuple(amounts), tuple(code for code in good if code is not None)
