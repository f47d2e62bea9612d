"""What texts for admins are made of, values of every kind; `test_texts` has the others."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.attempts import Suspect
from bot.domain.audit import Deed, Entry, Spot, Trail
from bot.domain.condition import Backlog, Condition
from bot.domain.invoice import Invoice, Status

MARKUP = "<b>&amp;</b> {n} T-shirts"  # what people type is text, whatever it looks like
AT = datetime(2026, 1, 31, 12, 30, tzinfo=UTC)
PLAIN = Invoice("a" * 20, Status.CREATING, Decimal(50), "EUR", 1, 1, AT, "en")
CREATED = replace(PLAIN, status=Status.CREATED, uuid="INV-TEST0001", link="https://example.com/pay")
_SECOND = timedelta(seconds=1)
TOLD = {
    Deed.SETTING: [
        *("currency EUR", "currency none", "coin any", "coin BTC", "lifetime 90", "lifetime none"),
        *("reminder 15", "language ru", "issuers admins", "alerts private", "alerts t5"),
        *("alerts none", "later x"),
    ],
    Deed.EXPORTED: ["2026-01-01 2026-01-31"],
    Deed.FED: ["7"],
    Deed.DROPPED: ["7"],
}
DEEDS = [
    Entry("u1", deed, 7, AT, CREATED.id if about else "", whom, chat, what)
    for deed in Deed
    for what in TOLD.get(deed, [f"cashier {MARKUP}"])
    for about, whom, chat in ((True, 7, 7), (False, 8, -1))
]
SUSPECTS = [
    Suspect(7, 2, MARKUP),
    Suspect(8, words="x" * 5000),
    Suspect(9),
    Suspect(1, 0, "", False),
]

ADMINS: dict[object, list[Any]] = {
    Trail: [
        Trail(),
        *(
            Trail(tuple(DEEDS[at : at + 10]), (CREATED,), Spot(2**44, "u" + "9" * 30))
            for at in range(0, len(DEEDS), 10)
        ),
    ],
    Mapping[int, str]: [{}, {7: MARKUP}],
    Condition: [
        Condition(span, backlog, unsure, webhook, answered, failed)
        for span in (timedelta(milliseconds=3), timedelta(seconds=2))
        for backlog in (
            Backlog(0, 0, timedelta(0), 0),
            Backlog(9, 2, timedelta(minutes=1), 1),
            Backlog(9, 2, timedelta(0), 5),
        )
        for unsure, webhook in ((0, True), (1, False))
        for answered, failed in ((None, None), (AT, None), (None, AT), (AT, AT - _SECOND))
    ],
    Suspect: SUSPECTS,
    list[Suspect]: [[], SUSPECTS, SUSPECTS * 9],
}
