"""`/stats` and `/export` through the front door: the picture opens, the tables are read back."""

import asyncio
import csv
import io
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from PIL import Image

from bot.domain.invoice import Bucket
from bot.sandbox.telegram import Message
from bot.services import exports
from bot.storage import keys
from bot.storage.index import IndexStore
from bot.storage.records import dump
from tests.flows.afterlife import issued, says
from tests.flows.driving import say
from tests.storage.test_history_scale import invoice
from tests.world import World

HOSTILE = [
    '=HYPERLINK("http://example.com","x")',
    "+1",
    "@x",
    "-2+3",
    "\uff1d1+1",
    'a, "b"; c',
]


async def paid(world: World, line: str) -> str:
    card, uuid = await issued(world, line)
    world.cloud.ledger.pay(uuid)
    await world.seller.tap("Refresh", message=card.id)
    await says(world, card, "· paid")
    return uuid


async def test_stats_are_a_picture_with_the_figures_under_it(world: World) -> None:
    await paid(world, "/invoice 50 EUR usdt trc20")
    await paid(world, "/invoice 7.50 EUR btc")
    await issued(world, "/invoice 20 USD btc")
    world.cloud.habits.test_mode = True
    card, _ = await issued(world, "/invoice 1000 EUR btc")
    assert "🧪\u00a0TEST" in card.text
    shown = await say(world.seller, "/stats")
    assert "Issued 3, paid 2 (67 %)" in shown.text
    assert "Sum: 57.50\u00a0EUR" in shown.text
    assert "Bitcoin (BTC)" in shown.text
    assert "1 test invoice left out" in shown.text
    assert shown.photo is not None
    image = Image.open(io.BytesIO(shown.photo.data))
    assert image.size == (1000, 600)
    assert len(image.convert("RGB").getcolors(1 << 20) or []) > 3  # bars, not a blank sheet


async def test_stats_of_nothing_say_how_to_begin(world: World) -> None:
    shown = await say(world.seller, "/stats")
    assert "Nothing was issued" in shown.text
    assert shown.photo is None


def is_table(message: Message) -> bool:
    """The second of the two files."""
    return message.document is not None and "xlsx" in message.document.name


async def both(world: World, command: str) -> tuple[list[list[str]], list[list[str]]]:
    """The rows of the CSV and of the XLSX."""
    sent = await world.seller.send(command)
    await world.seller.read(is_table, after=sent)
    files = {
        message.document.name.rpartition(".")[2]: message.document
        for message in world.seller.messages()
        if message.document is not None and message.id > sent.message_id
    }
    assert sorted(files) == ["csv", "xlsx"]
    assert files["csv"].data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(files["csv"].data.decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"].data)).active
    assert sheet is not None
    cells = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
    return table, cells


async def test_tables_are_read_back_as_they_were_written(world: World) -> None:
    uuid = await paid(world, '/invoice 50 EUR usdt trc20 #A-17 buyer@mail.com — Soap, "big"')
    table, cells = await both(world, "/export today")
    assert table == cells
    head, row = table
    assert head == list(exports.COLUMNS)
    told = dict(zip(head, row, strict=True))
    assert told["id"] == uuid
    assert (told["order"], told["email"]) == ("A-17", "buyer@mail.com")
    assert told["description"] == 'Soap, "big"'
    assert (told["amount"], told["currency"], told["status"]) == ("50", "EUR", "paid")
    ledger = world.cloud.ledger.get(uuid)
    assert told["amount_in_coin"] == told["paid_in_coin"] == f"{ledger.due:f}"
    assert told["fees_in_coin"]
    for column in ("issued_at", "payable_until", "status_since"):
        at = datetime.strptime(told[column], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert abs((at - datetime.now(UTC)).days) <= 1


async def test_nothing_in_a_table_is_a_formula(world: World) -> None:
    for text in HOSTILE:
        await issued(world, f"/invoice 5 EUR btc — {text}")
    table, cells = await both(world, "/export 7")
    assert table == cells
    column = table[0].index("description")
    said = [row[column] for row in table[1:]]
    assert said == [f"'{text}" for text in HOSTILE[:-1]] + HOSTILE[-1:]


@pytest.mark.parametrize("blanks", ["", " ", "\t", "\u00a0", "\r\n", "\u200b"])
@pytest.mark.parametrize("sign", "=+-@")
def test_blanks_before_a_formula_hide_nothing(blanks: str, sign: str) -> None:
    assert exports._cell(f"{blanks}{sign}1").startswith("'")


@pytest.mark.parametrize("blanks", ["", " ", "\u00a0"])
@pytest.mark.parametrize("sign", "=+-@")
@pytest.mark.parametrize("separator", [";", "\t", "\n"])
def test_a_formula_behind_a_semicolon_is_none_where_semicolons_part_cells(
    separator: str, sign: str, blanks: str
) -> None:
    text = f'Soap{separator}{blanks}{sign}HYPERLINK("http://example.com")'
    parts = exports._cell(text).split(separator)
    assert parts == ["Soap", f'\'{blanks}{sign}HYPERLINK("http://example.com")']


@pytest.mark.parametrize("between", ['"', ' "', '"\u200b'])
def test_a_quote_before_a_formula_hides_nothing_where_semicolons_part_cells(
    tmp_path: Path, between: str
) -> None:
    path = tmp_path / "table.csv"
    with exports._csv(path) as add:
        add([["INV-1", exports._cell(f'Soap;{between}=1+1";x'), "50"]])
    read = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";")
    (row,) = read
    assert len(row) >= 3, "they are parted there"
    assert not [text for text in row if exports._BEGINS.match(text)]


async def test_what_is_not_known_leaves_its_cell_empty(world: World) -> None:
    await issued(world, "/invoice 5 EUR btc")
    for head, row in await both(world, "/export 7"):
        told = dict(zip(head, row, strict=True))
        empty = {"test", "description", "paid_in_coin", "email", "rest_of"}
        assert {told[column] for column in empty} == {""}
        assert "'" not in row


def test_a_semicolon_alone_changes_nothing() -> None:
    assert exports._cell("Soap; big, 2-in-1; a@b") == "Soap; big, 2-in-1; a@b"


async def test_what_cannot_be_exported_says_why(world: World) -> None:
    asked = await say(world.seller, "/export")
    assert asked.labels == ["Today", "7 days", "30 days", "A year"]
    tapped = await world.seller.tap("7 days", message=asked.id)
    await world.seller.read("No invoices were issued", after=tapped)
    assert "I cannot read this period" in (await say(world.seller, "/export soon")).text
    group = world.telegram.group(-1007, "Team", [world.seller], admins=[world.seller])
    shown = await say(world.seller, "/export 7", chat=group)
    assert "in our private chat" in shown.text


async def test_cashiers_get_figures_of_their_own_and_no_file(world: World) -> None:
    await issued(world, "/invoice 50 EUR btc")
    cashier = world.telegram.person(7001, "Cashier")
    await world.admit(cashier, "Till", cashier=True)
    assert "Nothing was issued" in (await say(cashier, "/stats")).text
    assert "Cashiers cannot export" in (await say(cashier, "/export 7")).text


async def stocked(world: World, count: int) -> None:
    redis = world.app.redis
    index = IndexStore(redis)
    for number in range(count):
        one = replace(
            invoice(world.seller.id, number), asked_at=datetime.now(UTC), indexed=Bucket.NONE
        )
        await redis.hset(keys.record(one.id), mapping=dump(one))  # type: ignore[misc]
        await index.place(one)


async def test_a_large_table_holds_up_nobody(world: World) -> None:
    await stocked(world, 3000)
    # What the bot does happens each time; what a busy machine does, hardly twice.
    worst = min([await held_up(world) for _ in range(2)])
    assert worst < 0.5, f"everybody waited {worst:.2f} s"


async def held_up(world: World) -> float:
    """Seconds for which nothing else moved, at the most."""
    worst, running = 0.0, True

    async def tick() -> None:
        nonlocal worst
        while running:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            worst = max(worst, time.perf_counter() - began)

    ticking = asyncio.create_task(tick())
    sent = await world.seller.send("/export 7")
    await world.seller.read(is_table, after=sent, timeout=60)
    shown = await say(world.seller, "/stats")
    assert "Issued 3000" in shown.text
    running = False
    await ticking
    return worst


def test_drawing_and_tables_are_loaded_when_asked_for() -> None:
    code = (
        "import sys, bot.app; "
        "print([m for m in ('matplotlib', 'xlsxwriter', 'segno', 'numpy') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_picture_needs_no_folder_of_ours(tmp_path: Path) -> None:
    code = (
        "import asyncio, os; from datetime import datetime, UTC; "
        "from bot.services import charts; from bot.domain.statistics import Statistics; "
        "png = asyncio.run(charts.png(Statistics.begun(datetime.now(UTC)), "
        "charts.Labels('t', 'i', 'p', str))); assert png[:4] == b'\\x89PNG'; print('drawn')"
    )
    env: dict[str, Any] = {"HOME": "/nonexistent", "PATH": "/usr/bin", "TMPDIR": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=env,
        cwd=Path(__file__).parents[2],
    )
    assert told.stdout.strip() == "drawn", told.stderr
