"""Invoices as a table, in CSV and XLSX. Rows come in pages and go to a file; the work of writing is
done in a thread, so that nobody's chat waits for it.

Money is text with all its digits: a spreadsheet's numbers are floats, of which the coins' eight
decimals would lose some. Times are UTC.
"""

import asyncio
import csv
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from bot.domain.invoice import Invoice
from bot.domain.money import plain_amount

COLUMNS: Final[dict[str, Callable[[Invoice], object]]] = {
    "id": lambda invoice: invoice.uuid,
    "order": lambda invoice: invoice.order,
    "status": lambda invoice: invoice.face.value,
    "test": lambda invoice: "yes" if invoice.test_mode else "",
    "description": lambda invoice: invoice.description,
    "amount": lambda invoice: invoice.amount,
    "currency": lambda invoice: invoice.currency,
    "coin": lambda invoice: invoice.coin or ",".join(invoice.coins),
    "amount_in_coin": lambda invoice: invoice.amount_to_pay,
    "paid_in_coin": lambda invoice: invoice.paid,
    "received_in_coin": lambda invoice: invoice.received,
    "fees_in_coin": lambda invoice: invoice.fees,
    "issued_at": lambda invoice: invoice.asked_at,
    "payable_until": lambda invoice: invoice.expires,
    "status_since": lambda invoice: invoice.since,
    "issued_by": lambda invoice: invoice.issuer,
    "email": lambda invoice: invoice.email,
    "rest_of": lambda invoice: invoice.rest_of.uuid if invoice.rest_of else "",
    "pay_page": lambda invoice: invoice.link,
}

Pages = AsyncIterator[list[Invoice]]
Rows = Sequence[Sequence[str]]
AddRows = Callable[[Rows], None]

# What a spreadsheet takes for a formula, also behind blanks and in its full-width form.
_BLANKS: Final = r"\s\x00-\x20\u200b\ufeff"
_SIGNS: Final = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_BEGINS: Final = re.compile(rf"[{_BLANKS}]*[{_SIGNS}]")
# Where lists are written with semicolons, spreadsheets part a CSV there, whatever the quotes say. A
# quote behind one is written twice, which is read there as an empty text before what follows.
_BEGINS_AFTER: Final = re.compile(rf"([;\t\r\n])(?=[{_BLANKS}\"]*[{_SIGNS}])")


def cells(invoice: Invoice) -> list[str]:
    """A row, harmless in a spreadsheet."""
    return [_cell(read(invoice)) for read in COLUMNS.values()]


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return plain_amount(value)  # never negative, so never taken for a formula
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = _BEGINS_AFTER.sub(r"\1'", str(value))
    return f"'{text}" if _BEGINS.match(text) or text.startswith(("\t", "\r")) else text


async def write(pages: Pages, path: Path, form: str) -> int:
    """Write a file of `form`, "csv" or "xlsx"; how many invoices are in it."""
    writer: AbstractContextManager[AddRows] = FORMS[form](path)
    add = await asyncio.to_thread(writer.__enter__)
    count = 0
    try:
        await asyncio.to_thread(add, [list(COLUMNS)])
        async for page in pages:
            count += len(page)
            await asyncio.to_thread(add, [cells(invoice) for invoice in page])
    finally:
        await asyncio.to_thread(writer.__exit__, None, None, None)
    return count


@contextmanager
def _csv(path: Path) -> Any:
    # With a byte order mark: without, spreadsheets read UTF-8 as something else.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield csv.writer(file).writerows


@contextmanager
def _xlsx(path: Path) -> Any:
    import xlsxwriter  # type: ignore[import-untyped] # not before somebody asks for a table

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Invoices")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, 18)
        line = 0

        def add(rows: Rows) -> None:
            nonlocal line
            for row in rows:
                for column, text in enumerate(row):
                    sheet.write_string(line, column, text, None if line else bold)
                line += 1

        yield add


FORMS: Final[dict[str, Callable[[Path], AbstractContextManager[AddRows]]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
}
