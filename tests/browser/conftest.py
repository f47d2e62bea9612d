"""A stage and a browser. Without a browser these tests, and only these, are skipped."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.stage import Stage, stage
from tests.browser.chromium import chromium, find
from tests.browser.missing import NONE
from tests.browser.visit import Visit, visiting

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them share one event loop, since they share one browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            if find() is None:
                item.add_marker(pytest.mark.skip(reason=NONE))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def there(redis_url: str) -> AsyncIterator[Stage]:
    """The bot on its stage."""
    async with stage(redis_url=redis_url) as there:
        yield there


@pytest_asyncio.fixture(loop_scope="session")
async def visit(
    browser: Browser, there: Stage, request: pytest.FixtureRequest
) -> AsyncIterator[Visit]:
    """The seller at a phone.

    `@pytest.mark.parametrize("visit", [{…}], indirect=True)` gives other options to the window.
    """
    async with visiting(browser, there, **getattr(request, "param", {})) as visit:
        yield visit
