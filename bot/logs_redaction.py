"""Finds what no log may show: the configured secrets, and whatever looks like one."""

import re
from collections.abc import Callable, Iterable

from bot.logs_forms import cutter, pattern

HIDDEN = "[redacted]"

# What stands between the name of a thing and its value: in a header, a dict, JSON, a list of pairs.
_IS = r"""(?:\\*['"]?\s*[:=]\s*b?\\*['"]?|\\*['"],\s*b?\\*['"])"""

# Each with the text that must occur for it to be worth a search. None eats a quote, so that what
# follows in a dict or in JSON stays readable.
_SHAPES = (
    # A bot token, bare or in a URL (`/bot<token>/getMe`, `bot<token>%2F`).
    (":", re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{30,}"), HIDDEN),
    ("%", re.compile(r"[0-9]{5,20}%(?:25)*3[Aa][A-Za-z0-9_-]{30,}"), HIDDEN),
    # A JWT, cut or whole: the API key is one, and so is a postback's token.
    (
        "eyJ",
        re.compile(r"eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]+){1,2}|eyJ[A-Za-z0-9_-]{12,}"),
        HIDDEN,
    ),
    # Any Authorization header, as a header line, in a dict or in a list of pairs.
    (
        "uthorization",
        re.compile(
            rf"""([Aa]uthorization{_IS}(?:Token|Bearer|Basic)?\s*)[^\s'"\\,)}}\]]+""",
        ),
        rf"\1{HIDDEN}",
    ),
    ("Token ", re.compile(r"(\bToken )[A-Za-z0-9._~+/=-]{16,}"), rf"\1{HIDDEN}"),
    ("Bearer ", re.compile(r"(\bBearer )[A-Za-z0-9._~+/=-]{16,}"), rf"\1{HIDDEN}"),
    # The password of a URL, and of a client that prints its options.
    ("://", re.compile(r"""(://[^\s/:@'"\\]*:)[^\s/'"\\]+@"""), rf"\1{HIDDEN}@"),
    ("assword", re.compile(rf"""([Pp]assword{_IS})[^\s,'"&)}}\\]+"""), rf"\1{HIDDEN}"),
    # The secret of a webhook, ours or one that was guessed, as an option or as a header.
    (
        "ecret",
        re.compile(rf"""([Ss]ecret[_-](?:[Tt]oken|[Kk]ey){_IS})[^\s,'"&)}}\]\\]+"""),
        rf"\1{HIDDEN}",
    ),
    # redis-py repeats a pipeline's command with its arguments: people's words, ids, invites.
    (
        "Command # ",
        re.compile(r"(Command # [0-9]+ \(\w+).{0,400}?(\) of pipeline)", re.DOTALL),
        r"\1 …\2",
    ),
    # A whole id opens its card, an invite admits: what links and keys of ours carry is cut short.
    ("}:", re.compile(r"(\}:(?:invite:)?[A-Za-z0-9_-]{6})[A-Za-z0-9_-]{10,}"), r"\1…"),
    ("start=", re.compile(r"(start=[A-Za-z0-9_-]{6})[A-Za-z0-9_-]{10,}"), r"\1…"),
    ("~", re.compile(r"(~[a-z2-7]{6})[a-z2-7]{14}(?![a-z2-7])"), r"\1…"),
)


_TOKEN = _SHAPES[0][1]


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that hides these words, in every form they may be printed in, and the shapes."""
    words = set(secrets)
    known = pattern(words)
    # The number of a bot is public; what follows it is the secret.
    halves = {word.partition(":")[2] if _TOKEN.fullmatch(word) else word for word in words}
    cut = cutter(halves, HIDDEN)

    def redact(text: str) -> str:
        text = cut(known.sub(HIDDEN, text))
        for sign, shape, instead in _SHAPES:
            if sign in text:
                text = shape.sub(instead, text)
        return text

    return redact
