"""Reading the provider's list to its end, though it moves while it is read.

Rows only come in, they are not taken out. So a row can only move away from the beginning, and
pages read in ascending order to the end miss none that was there when the first was read. That
holds as long as `all_count` does not fall, and is checked against the count of the first page.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from bot.domain.errors import ProviderRefused, ProviderUnauthorized
from bot.domain.provider import ProviderInvoice, Walk

PAGE = 100
_MAX_PAGES = 1000  # ends a walk through a list that never does


@dataclass(frozen=True, slots=True)
class Page:
    """`count` is the provider's number of all rows (None: not told), `rows` how many came.

    `invoices` are those that could be read.
    """

    count: int | None
    rows: int
    invoices: tuple[ProviderInvoice, ...]


Fetch = Callable[[int, int], Awaitable[Page]]  # offset, limit


async def walk(fetch: Fetch, start: date, end: date) -> Walk:
    """All pages of these UTC days; raises what `fetch` raises.

    It reads on where completeness is lost already: what it finds may be what is looked for.
    """
    reader = _Reader(fetch)
    found: dict[str, ProviderInvoice] = {}
    counts: list[int] = []
    sound, ended, offset = True, False, 0
    for _ in range(_MAX_PAGES):
        page = await reader.page(offset)
        if page is None or page.count is None:
            break
        sound = sound and _trusted(page, offset, counts)
        counts.append(page.count)
        found.update((invoice.uuid, invoice) for invoice in page.invoices)
        offset += page.rows
        ended = offset >= page.count
        if ended or page.rows == 0:
            break
    complete = sound and ended and len(found) >= counts[0]
    return Walk(start, end, tuple(found.values()), complete=complete)


def _trusted(page: Page, offset: int, counts: list[int]) -> bool:
    """Whether every row could be read, the count covers it, and has not fallen since before."""
    least = max(offset + page.rows, *counts[-1:], 0)
    return len(page.invoices) == page.rows and page.count is not None and page.count >= least


class _Reader:
    """Finds out which of the two readings of `limit` the provider has.

    Documented as a page's size, seen in use as the number of the last record. For the first page
    both are the same; later the one that brings rows is kept.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._last_record = False

    async def page(self, offset: int) -> Page | None:
        """None: refused in both readings. A refusal of the first page is raised."""
        if offset == 0:
            return await self._fetch(0, PAGE)
        page = await self._try(offset)
        if self._last_record or (page is not None and (page.rows or _ended(page, offset))):
            return page
        self._last_record = True
        return await self._try(offset)

    async def _try(self, offset: int) -> Page | None:
        try:
            return await self._fetch(offset, offset + PAGE if self._last_record else PAGE)
        except ProviderUnauthorized:
            raise
        except ProviderRefused:
            return None


def _ended(page: Page, offset: int) -> bool:
    return page.count is not None and page.count <= offset
