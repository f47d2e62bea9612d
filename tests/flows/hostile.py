"""Lines that nobody means as a request: noise, markup, control signs, amounts that nearly are.

None can be read in one way only, so none may create an invoice. That is by construction: what
begins like money is out of the grammar, or names money by a sign that is always read first.
"""

import random
from collections.abc import Callable, Iterator

from bot.sandbox.telegram.entities import clean, is_blank, utf16_length

LONGEST = 4000  # UTF-16 units; a message has 4096, a command takes some

_CONTROLS = "".join(map(chr, [*range(1, 0x20), *range(0x7F, 0xA0)]))
_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e"
_RTL = "אבגדהוזחטשתابتثجحخدذرزسشصضطظ"
_EMOJI = [
    "😀",
    "👩\u200d👩\u200d👧",
    "🇩🇪",
    "👍🏽",
    "❤\ufe0f",
    "1\ufe0f\u20e3",
    "🏴\U000e0067\U000e007f",
]
_MARKUP = [
    *("<b>", "</b>", "<i", "<a href='", "</code>", "<tg-spoiler>", "<script>", "<!--", "]]>"),
    *("&lt;", "&amp", "&#x0;", "&#1114112;", "&;", "<tg-emoji emoji-id='1'>", "<pre><code class="),
    *("*bold*", "_i_", "`c`", "[x](tg://user?id=1)", "||s||"),
]
_FORMAT = [
    "{0}",
    "{x}",
    "{",
    "}",
    "{amount!r:>9}",
    "%s",
    "%(x)d",
    "%",
    "$x",
    "${x}",
    "\\",
    "\\u0000",
]
_CODE = ["'; --", '"', "../../x", "\x00", "\r\n\r\n", "{{7*7}}", "EVAL", "*1\r\n$4\r\nPING"]
_REPEATED = ("a", "ы", "\u202e", "<b>", "😀", "{", "&", "0", "٣", " x", "\n.", "#", "@")


def _noise(dice: random.Random) -> str:
    """Any code points, halves of surrogate pairs among them."""
    return "".join(chr(dice.randrange(0x110000)) for _ in range(dice.randint(1, 60)))


def _from(*pieces: str) -> Callable[[random.Random], str]:
    def make(dice: random.Random) -> str:
        return "".join(dice.choice(pieces) for _ in range(dice.randint(1, 25)))

    return make


def _long(dice: random.Random) -> str:
    piece = dice.choice(
        ["a", "ы", "\u202e", "<b>", "😀", "{", "&", "0", "٣", " x", "\n.", "#", "@"]
    )
    return "x" + (piece * LONGEST)[: dice.randint(300, LONGEST // 2)]


def _nearly(dice: random.Random) -> str:
    """Beginnings that look like an amount and a currency."""
    n = dice.randint(2, 999)
    return dice.choice(
        [
            f"{n}e{n} EUR",
            f"{n}k EUR",
            f"-{n} EUR",
            f"{n}- EUR",
            f"−{n}",
            f"0{n} EUR",
            "0 EUR",
            "0.00 EUR",
            f"0x{n:x} EUR",
            f"{n}² EUR",
            f"{n}½ EUR",
            f"{n}_000 EUR",
            f"{n}..{n} EUR",
            f"{n},,{n} EUR",
            f"{n}.{n}.{n}.{n} EUR",
            f"{n}.{n}1234 EUR",
            f"{n:016d}1 EUR",
            f"{n}{n:015d} EUR",
            f"{n}%",
            "".join(chr(0x660 + int(digit)) for digit in str(n)) + " EUR",
            "".join(chr(0xFF10 + int(digit)) for digit in str(n)) + " EUR",
            f"Ⅻ{n} EUR",
            f"NaN EUR {n}",
            f"inf{n}",
            f"{n} EUR USD",
            f"{n} BTC",
            f"{n} NOK",
            f"₿{n}",
            f"{n} EUR #{'x' * 33}",
            f"{n} EUR #ы",
            f"{n} EUR a@b",
            f"{n} EUR 0m",
            f"{n} EUR usdc trc20",
            f"{n} EUR {'ы' * 121}",
        ]
    )


def _read_first(dice: random.Random) -> str:
    """Money that is always shown before it is made, and noise as its description."""
    return f"$5 — {dice.choice(_KINDS[:-2])(dice)}"


_KINDS: list[Callable[[random.Random], str]] = [
    _noise,
    _from(*_CONTROLS, "x", " "),
    _from(*_BIDI, *_ZERO_WIDTH, "x", "ы", " "),
    _from(*_RTL, *_BIDI, " ", "٥"),
    _from(*_EMOJI),
    _from(*_MARKUP, "x", " "),
    _from(*_FORMAT, "x", " "),
    _from(*_CODE, "x", " "),
    _long,
    _nearly,
    _read_first,
]


def hostile_lines(seed: int, count: int) -> Iterator[str]:
    """`count` lines, the same for the same seed. None is a command, none begins an accepted one."""
    dice = random.Random(seed)
    for number in range(count):
        line = _KINDS[number % len(_KINDS)](dice)
        while utf16_length(line) > LONGEST:
            line = line[: len(line) // 2]
        sent, _ = clean(line.encode("utf-8", "replace").decode())
        yield f"x{line}" if is_blank(sent) or sent.startswith("/") else line
