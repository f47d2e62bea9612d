"""A connection that was never made is told apart from one that broke: nothing can have happened."""

import asyncio
import socket
from contextlib import closing

import aiohttp
import httpx
import pytest
from httpx_aiohttp import AiohttpTransport

from bot.cryptocloud import CryptoCloud, create_http
from bot.domain.errors import NotSent
from bot.domain.provider import NewInvoice
from bot.sandbox.cryptocloud import Fault, LocalCryptoCloud, Path
from tests.cryptocloud.raw import KEY, SHOP, raw_client


async def test_nobody_listens(
    cloud: LocalCryptoCloud, client: CryptoCloud, fifty: NewInvoice
) -> None:
    await cloud.close()

    with pytest.raises(NotSent):
        await client.create(fifty)


async def test_full_queue_of_the_other_side_is_a_connection_never_made(fifty: NewInvoice) -> None:
    with closing(socket.socket()) as listener, closing(socket.socket()) as first:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        first.connect(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v2"
        async with raw_client(url, connect=0.1) as client:
            with pytest.raises(NotSent):
                await client.create(fifty)


async def test_no_free_connection_in_time_is_a_connection_never_made(
    cloud: LocalCryptoCloud, fifty: NewInvoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cryptocloud.transport._MAX_CONNECTIONS", 1)
    cloud.faults.next(Path.CREATE, Fault.slow(1))
    async with create_http(cloud.url, cloud.api_key, connect=0.3) as http:
        client = CryptoCloud(http, cloud.shop_id)
        ahead = asyncio.create_task(client.create(fifty))
        await asyncio.sleep(0)
        with pytest.raises(NotSent):
            await client.create(fifty)
        await ahead

    assert len(cloud.calls) == 1


async def test_tls_that_fails_is_a_connection_never_made(
    cloud: LocalCryptoCloud, fifty: NewInvoice
) -> None:
    async with raw_client(cloud.url.replace("http:", "https:")) as client:
        with pytest.raises(NotSent, match="SSL"):
            await client.create(fifty)

    assert cloud.calls == []


@pytest.mark.parametrize("url", ["127.0.0.1/v2", "ftp://127.0.0.1/v2", "http:///v2"])
async def test_an_address_that_is_none_is_a_connection_never_made(
    fifty: NewInvoice, url: str
) -> None:
    async with raw_client(url) as client:
        with pytest.raises(NotSent):
            await client.create(fifty)


class _NoSuchHost(aiohttp.abc.AbstractResolver):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[aiohttp.abc.ResolveResult]:
        raise OSError(socket.EAI_NONAME, "Name or service not known")

    async def close(self) -> None:
        pass


class _SlowNames(_NoSuchHost):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[aiohttp.abc.ResolveResult]:
        await asyncio.sleep(10)
        return []


@pytest.mark.parametrize("resolver", [_NoSuchHost, _SlowNames])
async def test_a_name_that_is_not_found_is_a_connection_never_made(
    fifty: NewInvoice, resolver: type[_NoSuchHost]
) -> None:
    connector = aiohttp.TCPConnector(resolver=resolver())
    async with httpx.AsyncClient(
        base_url="http://provider.example/v2",
        transport=AiohttpTransport(client=aiohttp.ClientSession(connector=connector)),
        timeout=httpx.Timeout(5, connect=0.1, pool=0.1),
        headers={"Authorization": f"Token {KEY}"},
    ) as http:
        with pytest.raises(NotSent):
            await CryptoCloud(http, SHOP).create(fifty)
