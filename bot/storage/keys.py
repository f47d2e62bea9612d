"""Every key in Redis, with its lifetime. Nothing else in the project spells a key.

| key                            | type   | lives    | what                                      |
|--------------------------------|--------|----------|-------------------------------------------|
| `inv:{s}:<id>`                 | hash   | for ever | an invoice; its lease in `lo` and `lu`    |
| `due:{s}`                      | zset   | for ever | ids by the ms at which they want attention|
| `list:{owner}:<bucket>`        | zset   | for ever | ids of a chat or seller by time of asking |
| `find:{owner}`                 | zset   | for ever | words that find an invoice, see `index`   |
| `cards:{s}:<id>`               | hash   | CARDS    | its live cards beside the seller's own    |
| `chat:{chat}`                  | hash   | for ever | settings of a chat                        |
| `closed:{chat}`                | string | CLOSED   | the bot may not write there, see `closed` |
| `{access}:sellers`             | hash   | for ever | user id → label, role, who admitted them  |
| `{access}:invite:<code>`       | hash   | INVITE   | an invite link, and who used it           |
| `audit:{s}`                    | zset   | AUDIT    | who did what to invoices, see `audit`     |
| `{access}:audit`               | zset   | AUDIT    | the same of people                        |
| `{chats}:audit`                | zset   | AUDIT    | the same of settings and exports          |
| `{intake}:audit`               | zset   | AUDIT    | the same of updates that were set aside   |
| `draft:{chat}:<user>:<thread>` | hash   | DRAFT    | state, draft, revision, applied updates   |
| `asked:{chat}:<user>`          | hash   | ASKED    | digest and id of the last one-line request|
| `recent:{chat}:<user>`         | zset   | RECENT   | amounts asked for lately                  |
| `drafts`                       | zset   | DRAFT    | conversations under way, by ms of the step|
| `moved:<chat>`                 | string | for ever | the supergroup that a group became        |
| `moving`                       | hash   | till done| groups whose keys are following           |
| `turn:{chat}`                  | hash   | TURN     | the update being handled, the last handled|
| `{intake}:parked`              | hash   | till done| raw updates that outlived their batch     |
| `{intake}:begun`               | zset   | BEGUN    | updates in hand, and whose, see `attempts`|
| `{intake}:aside`               | hash   | till done| raw updates that admins are to decide on  |
| `{intake}:poller`              | string | 4 s      | who may call getUpdates, renewed          |
| `webhook`                      | hash   | for ever | HMACs of the secret Telegram has and had  |
| `{intake}:alive`               | string | a day    | when a bot of this installation was there |
| `LIMITS:...`                   | zset   | its rate | what somebody did lately, see `limits`    |
| `installation`                 | hash   | for ever | the HMAC key of ids                       |

`s` is a shard, 16 in all, by the first character of the id; the braces keep what one script
touches in one slot of a cluster.
"""

from typing import Final

from bot.domain.people import Place

DRAFT: Final = 60 * 60
CARDS: Final = 60 * 24 * 60 * 60
INVITE: Final = 24 * 60 * 60
ASKED: Final = 10 * 60
TURN: Final = 10 * 60
RECENT: Final = 90 * 24 * 60 * 60
CLOSED: Final = 30 * 24 * 60 * 60
ALIVE_KEPT: Final = 24 * 60 * 60
BEGUN: Final = 2 * 24 * 60 * 60  # Telegram gives an update up after a day
AUDIT: Final = 400 * 24 * 60 * 60  # an entry; its log goes when nothing was added for as long
AUDIT_KEPT: Final = 2000  # entries of each of the logs, 19 in all: some 6 MB when all are full

SHARDS: Final = "0123456789abcdef"
_BASE32: Final = "abcdefghijklmnopqrstuvwxyz234567"

SELLERS: Final = "{access}:sellers"
PARKED: Final = "{intake}:parked"
ATTEMPTS: Final = "{intake}:begun"
ASIDE: Final = "{intake}:aside"
POLLER: Final = "{intake}:poller"
ALIVE: Final = "{intake}:alive"
ACCESS_AUDIT: Final = "{access}:audit"
CHATS_AUDIT: Final = "{chats}:audit"  # sellers write it: what admins do must not be pushed out
INTAKE_AUDIT: Final = "{intake}:audit"
INSTALLATION: Final = "installation"
WEBHOOK: Final = "webhook"
OPEN_DRAFTS: Final = "drafts"
MOVING: Final = "moving"
LIMITS: Final = "LIMITS"


def shard(invoice: str) -> str:
    """The shard of an invoice id."""
    return SHARDS[_BASE32.index(invoice[0]) // 2]


def record(invoice: str) -> str:
    """The hash of an invoice."""
    return f"inv:{{{shard(invoice)}}}:{invoice}"


def record_prefix(of_shard: str) -> str:
    """What all records of a shard begin with: a script adds the id."""
    return f"inv:{{{of_shard}}}:"


def due(of_shard: str) -> str:
    """The schedule of a shard."""
    return f"due:{{{of_shard}}}"


def cards(invoice: str) -> str:
    """The live cards of an invoice beside the seller's own."""
    return f"cards:{{{shard(invoice)}}}:{invoice}"


def audit(of_shard: str) -> str:
    """Who did what to the invoices of a shard."""
    return f"audit:{{{of_shard}}}"


def listed(owner: int, bucket: str) -> str:
    """The invoices of a chat or a seller that are in one state."""
    return f"list:{{{owner}}}:{bucket}"


def found(owner: int) -> str:
    """What the invoices of a chat or a seller are found by."""
    return f"find:{{{owner}}}"


def chat(chat_id: int) -> str:
    """Settings of a chat."""
    return f"chat:{{{chat_id}}}"


def closed(chat_id: int) -> str:
    """Whether a chat is closed to the bot."""
    return f"closed:{{{chat_id}}}"


def moved(chat_id: int) -> str:
    """The supergroup that a group became."""
    return f"moved:{chat_id}"


def invite(code: str) -> str:
    """An invite link."""
    return f"{{access}}:invite:{code}"


def draft(place: Place) -> str:
    """A conversation of a person in a chat and topic."""
    return f"draft:{{{place.chat_id}}}:{place.user_id}:{place.thread_id or 0}"


def asked(place: Place) -> str:
    """The last one-line request of a person in a chat."""
    return f"asked:{{{place.chat_id}}}:{place.user_id}"


def recent(place: Place) -> str:
    """Amounts a person asked for lately in a chat."""
    return f"recent:{{{place.chat_id}}}:{place.user_id}"


def turn(chat: str) -> str:
    """Whose update of a chat is being handled, where several processes are handed them."""
    return f"turn:{{{chat}}}"
