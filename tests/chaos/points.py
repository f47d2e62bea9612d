"""The points at which a kill hurts most, each between two effects that the outside sees.

`POINTS` are the promises' own, `FINER` every other gap between two steps. A point is found in the
bot's own process by the call that stands there (`Halt`), or outside by whoever sees it happen.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bot.domain.invoice import Invoice, Status
from bot.sandbox.cryptocloud import Path
from bot.storage import scripts
from tests.reliability.halts import Halt, When

_STORE: Final = "bot.storage.invoices:InvoiceStore"
_WRITE: Final = f"{_STORE}._write"
_PROVIDER: Final = "bot.cryptocloud.client:CryptoCloud"
_ANNOUNCER: Final = "bot.telegram.announcer:TelegramAnnouncer"


class Stage(StrEnum):
    """What people have to do for a point to be reached."""

    ASKING = "ask for an invoice"
    TALKING = "ask in a conversation"
    PAYING = "pay"
    CANCELLING = "cancel"
    ENDING = "end the bot"


class Where(StrEnum):
    """Whose reply is lost."""

    STORE = "store"
    PROVIDER = "provider"
    TELEGRAM = "telegram"


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply whose loss leaves the bot in the same doubt as a kill at the point: of a script
    (with what words of its call), of a call to the provider, or of a method of Telegram."""

    where: Where
    what: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One point. Without a `halt` it is seen from outside, see `lane`."""

    name: str
    stage: Stage
    halt: Halt | None
    reply: Reply | None = None


def records(_: object, old: Invoice, new: Invoice, *__: Any, **___: Any) -> bool:
    """A write that notes what the provider created."""
    return old.status is Status.CREATING and new.status is Status.CREATED


def moves(_: object, old: Invoice, new: Invoice, *__: Any, **___: Any) -> bool:
    """A write of news: paid, expired, cancelled and the like."""
    return old.status is not Status.CREATING and new.status is not old.status


def sends(_: object, old: Invoice, new: Invoice, *__: Any, **___: Any) -> bool:
    """A write that notes that a message is about to be sent."""
    return new.showing > old.showing


def lists(*_: Any, place: bool = False, **__: Any) -> bool:
    """A write after which lists and searches find it in its new state."""
    return place


def notes(_: object, old: Invoice, new: Invoice, *__: Any, **___: Any) -> bool:
    """A write that notes what people were told."""
    return new.announced is not old.announced


def _at(
    name: str,
    stage: Stage,
    call: str,
    when: When | None = None,
    *,
    after: bool = False,
    nth: int = 1,
    reply: Reply | None = None,
) -> Point:
    return Point(name, stage, Halt(call, after=after, nth=nth, when=when), reply)


_A, _P, _C, _T = Stage.ASKING, Stage.PAYING, Stage.CANCELLING, Stage.TALKING

IN_FLIGHT: Final = Point("call in flight", _A, None, Reply(Where.PROVIDER, Path.CREATE))
LEASE: Final = Point("lease expiring mid-work", _A, None, Reply(Where.STORE, scripts.RENEW))
CARD: Final = _at(
    "card before noted",
    _A,
    f"{_ANNOUNCER}.send",
    after=True,
    reply=Reply(Where.TELEGRAM, "sendMessage", "🧾"),
)

POINTS: Final = (
    _at(
        "update received",
        _A,
        "aiogram:Dispatcher.feed_update",
        reply=Reply(Where.TELEGRAM, "getUpdates"),
    ),
    _at(
        "intent before the call",
        _A,
        f"{_PROVIDER}.create",
        reply=Reply(Where.STORE, scripts.INTENT),
    ),
    IN_FLIGHT,
    _at(
        "created before recorded",
        _A,
        f"{_PROVIDER}.create",
        after=True,
        reply=Reply(Where.STORE, scripts.COMMIT, "creating\r\n$7\r\ncreated"),
    ),
    _at(
        "recorded before card",
        _A,
        _WRITE,
        records,
        after=True,
        reply=Reply(Where.PROVIDER, Path.INFO),
    ),
    CARD,
    _at(
        "postback before the question",
        _P,
        f"{_PROVIDER}.info",
        reply=Reply(Where.STORE, scripts.HINT),
    ),
    _at(
        "before the transition is stored",
        _P,
        _WRITE,
        moves,
        reply=Reply(Where.PROVIDER, Path.INFO),
    ),
    _at(
        "after it before 200",
        _P,
        f"{_STORE}.wish",
        after=True,
        reply=Reply(Where.STORE, scripts.COMMIT, "created\r\n$4\r\npaid"),
    ),
    _at(
        "card edited before the message",
        _P,
        f"{_ANNOUNCER}.edit",
        after=True,
        reply=Reply(Where.TELEGRAM, "editMessageText"),
    ),
    _at(
        "message before noted",
        _P,
        f"{_ANNOUNCER}.ring",
        after=True,
        reply=Reply(Where.TELEGRAM, "sendMessage", "was paid"),
    ),
    LEASE,
    _at(
        "drain",
        Stage.ENDING,
        "bot.services.supervisor:Supervisor.settle",
        reply=Reply(Where.STORE, scripts.COMMIT, "creating\r\n$7\r\ncreated"),
    ),
)

FINER: Final = (
    _at("before the intent is stored", _A, f"{_STORE}.write_intent"),
    _at("the intent is stored", _A, f"{_STORE}.write_intent", after=True),
    _at("before the answer is recorded", _A, _WRITE, records),
    _at("before the details are asked", _A, "bot.services.watching:Watching.details"),
    _at("before it is listed", _A, _WRITE, lists),
    _at("it is listed", _A, _WRITE, lists, after=True),
    _at("before the card is noted to be sent", _A, _WRITE, sends),
    _at("the card is noted to be sent", _A, _WRITE, sends, after=True),
    _at("the card is noted", _A, _WRITE, notes, after=True),
    _at("before the work is given back", _A, f"{_STORE}.release"),
    _at("the work is given back", _A, f"{_STORE}.release", after=True),
    _at("before the wish is stored", _P, f"{_STORE}.wish"),
    _at("after the answer", _P, f"{_PROVIDER}.info", after=True),
    _at("the transition is stored", _P, _WRITE, moves, after=True),
    _at("before the lists are brought up to date", _P, _WRITE, lists),
    _at("the lists are up to date", _P, _WRITE, lists, after=True),
    _at("before the card is edited", _P, f"{_ANNOUNCER}.edit"),
    _at("the message is noted to be sent", _P, _WRITE, sends, after=True),
    _at("before the message", _P, f"{_ANNOUNCER}.ring"),
    _at("the message is noted", _P, _WRITE, notes, after=True),
    _at("before the paid work is given back", _P, f"{_STORE}.release"),
    _at("the paid work is given back", _P, f"{_STORE}.release", after=True),
    _at("before the cancelling is wished", _C, f"{_STORE}.wish"),
    _at("the cancelling is wished", _C, f"{_STORE}.wish", after=True),
    _at("before it is cancelled there", _C, f"{_PROVIDER}.cancel"),
    _at("it is cancelled there", _C, f"{_PROVIDER}.cancel", after=True),
    _at("before the cancelling is stored", _C, _WRITE, moves),
    _at("the cancelling is stored", _C, _WRITE, moves, after=True),
    _at("before the cancelled card is edited", _C, f"{_ANNOUNCER}.edit"),
    _at("before the question is stored", _T, "bot.storage.drafts:DraftStore.write"),
    _at("before the question is shown", _T, "bot.storage.drafts:DraftStore.write", after=True),
    _at("before Create is stored", _T, "bot.storage.drafts:DraftStore.write", nth=2),
    _at("Create is stored", _T, "bot.storage.drafts:DraftStore.write", after=True, nth=2),
    _at("before Create is an intent", _T, f"{_STORE}.write_intent"),
    _at("Create is an intent", _T, f"{_STORE}.write_intent", after=True),
    _at("the summary has become the card", _T, f"{_ANNOUNCER}.edit", after=True),
)
