"""The account at CryptoCloud: key and shop, asked for without creating anything."""

import time
from datetime import UTC, datetime

import httpx

from bot.cryptocloud import create_http
from bot.cryptocloud.answers import read_answer
from bot.cryptocloud.requests import create_body_without_amount, list_body
from bot.cryptocloud.transport import post
from bot.doctor.clock import Clocks
from bot.doctor.findings import Finding, bad, good, mind
from bot.domain.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ProviderUnauthorized,
)
from bot.settings import Settings

PAGE = "the project's page at CryptoCloud"


async def examine_provider(settings: Settings, clocks: Clocks) -> list[Finding]:
    """The key by reading the list, the shop by a creation that cannot succeed."""
    key, url = settings.cryptocloud_api_key.get_secret_value(), settings.cryptocloud_api_url
    async with create_http(url, key, total=10) as http:
        try:
            today = datetime.now(UTC).date()
            await _ask(
                http, "/invoice/merchant/list", list_body(today, today, offset=0, limit=1), clocks
            )
            return [
                good("CryptoCloud: CRYPTOCLOUD_API_KEY is accepted"),
                await _shop(http, settings.cryptocloud_shop_id, clocks),
            ]
        except ProviderUnauthorized as error:
            do = f"copy it from {PAGE}"
            return [bad(f"CryptoCloud: CRYPTOCLOUD_API_KEY is refused ({_words(error)}); {do}")]
        except ProviderBusy as error:
            return [mind(f"CryptoCloud: {error}; try again later")]
        except ProviderRefused as error:
            return [mind(f"CryptoCloud: it does not tell what there is ({_words(error)})")]
        except ProviderError as error:
            do = "check CRYPTOCLOUD_API_URL and this machine's network"
            return [bad(f"CryptoCloud: no usable answer ({error}); {do}")]


async def _shop(http: httpx.AsyncClient, shop_id: str, clocks: Clocks) -> Finding:
    try:
        await _ask(http, "/invoice/create", create_body_without_amount(shop_id), clocks)
    except ProviderRefused as error:
        if "shop_id" in error.reasons or isinstance(error, ProviderUnauthorized):
            do = f"copy it from {PAGE}"
            return bad(f"CryptoCloud: CRYPTOCLOUD_SHOP_ID is refused ({_words(error)}); {do}")
        # Another field may have been refused first, so no more can be said.
        return good("CryptoCloud: CRYPTOCLOUD_SHOP_ID is not refused")
    except ProviderError as error:
        return mind(f"CryptoCloud: CRYPTOCLOUD_SHOP_ID could not be checked ({error}); try again")
    return mind("CryptoCloud: an invoice without an amount was accepted; cancel it there")


def _words(error: ProviderRefused) -> str:
    """Its own, without the names of fields: one of them is hidden like a header of that name."""
    return "; ".join(error.reasons.values())


async def _ask(http: httpx.AsyncClient, path: str, body: bytes, clocks: Clocks) -> None:
    """Raises `ProviderError`."""
    asked_at = time.time()
    answer, content = await post(http, path, body)
    clocks.note("CryptoCloud", answer.headers, asked_at)
    read_answer(answer, content)
