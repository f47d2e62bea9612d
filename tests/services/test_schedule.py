"""When an invoice is looked at again."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.invoice import Invoice, Status
from bot.services.ports import Pace
from bot.services.schedule import NEAR, can_change, interval, next_look
from bot.storage.records import dump, load

PACE = Pace()
BORN = datetime(2026, 10, 1, 12, tzinfo=UTC)
S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
OPEN = Invoice(
    id="a" * 20,
    status=Status.CREATED,
    amount=Decimal(50),
    currency="EUR",
    chat_id=1,
    seller_id=1,
    asked_at=BORN,
    language="en",
    uuid="INV-TEST0001",
    since=BORN,
    expires=BORN + 24 * H,
)
ENDED = [Status.EXPIRED, Status.CANCELLED, Status.SHORT, Status.LATE]
NEVER = [Status.CREATING, Status.REFUSED, Status.PAID, Status.OVERPAID]


def test_what_is_watched_and_what_is_not_is_every_status() -> None:
    assert {*ENDED, *NEVER, Status.CREATED, Status.PARTIAL} == set(Status)


@pytest.mark.parametrize("status", [Status.CREATED, Status.PARTIAL])
@pytest.mark.parametrize(
    ("age", "waits"),
    [
        (0 * S, 15 * S),
        (9 * M, 15 * S),
        (10 * M, 1 * M),
        (59 * M, 1 * M),
        (1 * H, 5 * M),
        (23 * H, 5 * M),
        (24 * H - 11 * M, 5 * M),
        (24 * H - 10 * M, 1 * M),
        (24 * H, 1 * M),
        (24 * H + 10 * M, 1 * M),
        (24 * H + 11 * M, 5 * M),
        (71 * H, 5 * M),
        (72 * H, 30 * M),
        (999 * H, 30 * M),
    ],
)
def test_an_open_one_by_its_age(status: Status, age: timedelta, waits: timedelta) -> None:
    assert interval(replace(OPEN, status=status), BORN + age, PACE) == waits


@pytest.mark.parametrize("status", ENDED)
@pytest.mark.parametrize(
    ("ended", "waits"),
    [
        (0 * S, 5 * M),
        (59 * M, 5 * M),
        (1 * H, 30 * M),
        (47 * H, 30 * M),
        (48 * H, None),
        (999 * H, None),
    ],
)
def test_an_ended_one_by_how_long_ago_that_was(
    status: Status, ended: timedelta, waits: timedelta | None
) -> None:
    closed = replace(OPEN, status=status, since=BORN + 24 * H)
    assert interval(closed, BORN + 24 * H + ended, PACE) == waits
    assert can_change(closed)


@pytest.mark.parametrize("status", NEVER)
def test_one_that_cannot_change_is_not_looked_at(status: Status) -> None:
    assert next_look(replace(OPEN, status=status), BORN, PACE) is None
    assert not can_change(replace(OPEN, status=status))


def test_one_whose_end_is_not_known_is_looked_at_all_the_same() -> None:
    assert interval(replace(OPEN, expires=None), BORN + 99 * H, PACE) == 5 * M


@pytest.mark.parametrize("took", [0 * S, 1 * S, 7 * S])
def test_the_time_a_look_takes_does_not_add_up(took: timedelta) -> None:
    """Looked at a little late each time, it is still looked at every 15 s."""
    now = datetime(2026, 10, 1, 12, 0, 0, tzinfo=UTC)
    for _ in range(5):
        following = next_look(OPEN, now + took, PACE)
        assert following == now + 15 * S
        now = following


ages = st.timedeltas(timedelta(0), timedelta(days=6))
invoices = st.builds(
    lambda status, lasts, after: replace(
        OPEN,
        status=status,
        expires=None if lasts is None else BORN + lasts,
        since=BORN + after,
    ),
    st.sampled_from(Status),
    st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=3)),
    st.timedeltas(timedelta(0), timedelta(days=3)),
)
looks = st.sampled_from([1.0, 5.0, 15.0, 33.3, 600.0]).map(lambda s: timedelta(seconds=s))


@given(invoices, ages, looks)
@example(OPEN, 24 * H - NEAR - S, timedelta(seconds=15))
def test_no_look_is_later_than_twice_the_interval_at_any_moment_on_the_way(
    invoice: Invoice, age: timedelta, look: timedelta
) -> None:
    """Also where the interval shrinks before the look: near its end. Half is left for the work."""
    pace, now = replace(PACE, look=look), BORN + age
    following = next_look(invoice, now, pace)
    span = interval(invoice, now, pace)
    if following is None:
        assert span is None
        return
    assert span is not None
    assert now + look / 2 <= following <= now + 1.5 * span
    for part in range(1, 101):
        moment = now + (following - now) * part / 101
        then = interval(invoice, moment, pace)
        assert then is None or following - moment <= 1.5 * then


@given(invoices, ages, looks)
def test_looks_share_moments_whatever_their_intervals(
    invoice: Invoice, age: timedelta, look: timedelta
) -> None:
    following = next_look(invoice, BORN + age, replace(PACE, look=look))
    if following is not None:
        assert (following - datetime(1970, 1, 1, tzinfo=UTC)) % look == timedelta(0)


@given(st.sampled_from(ENDED), ages, ages)
def test_nothing_is_looked_at_after_its_late_window(
    status: Status, ended: timedelta, age: timedelta
) -> None:
    invoice = replace(OPEN, status=status, since=BORN + ended)
    now = BORN + ended + age
    assert (next_look(invoice, now, PACE) is None) == (age >= PACE.late)


@given(invoices, ages)
def test_however_long_it_lives_the_looks_at_what_has_ended_come_to_an_end(
    invoice: Invoice, age: timedelta
) -> None:
    now, count = BORN + age, 0
    while not invoice.is_open and (following := next_look(invoice, now, PACE)) is not None:
        assert following > now
        now, count = following, count + 1
        assert count < 1000


@pytest.fixture
def summer_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's clocks are put forward and back."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 10, 24, 23, tzinfo=UTC)]
)
def test_a_clock_that_is_put_back_or_forward_changes_nothing(
    summer_time: None, night: datetime
) -> None:
    assert len({(night + n * H).astimezone().utcoffset() for n in range(5)}) == 2
    now, end = night, night + 5 * H
    while now < end:
        invoice = load(OPEN.id, dump(replace(OPEN, asked_at=now - 2 * H, expires=now + 9 * M)))
        following = next_look(invoice, now, PACE)
        assert following == now + 1 * M
        now = following
