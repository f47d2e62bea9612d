"""What the bots of the suite are set up with; none of it opens anything."""

from bot.sandbox.cryptocloud import LocalCryptoCloud
from bot.sandbox.telegram.server import TEST_TOKEN
from bot.settings import Settings

_CLOUD = LocalCryptoCloud()

SUITE = Settings.build(
    bot_token=TEST_TOKEN,
    admin_ids="1001",
    cryptocloud_api_key=_CLOUD.api_key,
    cryptocloud_shop_id=_CLOUD.shop_id,
    cryptocloud_secret_key=_CLOUD.secret_key,
)
