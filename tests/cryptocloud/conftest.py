"""The client against the local provider, with time-outs short enough to wait for."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.cryptocloud import CryptoCloud, create_http
from bot.domain.provider import NewInvoice
from bot.sandbox.cryptocloud import LocalCryptoCloud

TOTAL = 0.3  # seconds for a whole call


@pytest.fixture
async def cloud() -> AsyncIterator[LocalCryptoCloud]:
    server = LocalCryptoCloud()
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def client(cloud: LocalCryptoCloud) -> AsyncIterator[CryptoCloud]:
    async with create_http(cloud.url, cloud.api_key) as http:
        yield CryptoCloud(http, cloud.shop_id)


@pytest.fixture
async def hasty(cloud: LocalCryptoCloud) -> AsyncIterator[CryptoCloud]:
    """Gives up after TOTAL."""
    async with create_http(cloud.url, cloud.api_key, total=TOTAL) as http:
        yield CryptoCloud(http, cloud.shop_id)


@pytest.fixture
def fifty() -> NewInvoice:
    return NewInvoice(Decimal(50), "EUR", "A-17~0123456789abcdefghij")
