"""The 40 coins of the provider: asset, network and their plain names.

Source of the list: CryptoCloud API v2, `POST /invoice/create`, `add_fields.available_currencies`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# Network code: its plain name. A code without suffix at the provider is on its asset's own chain.
NETWORKS: Mapping[str, str] = {
    "TRC20": "TRON (TRC20)",
    "ERC20": "Ethereum (ERC20)",
    "BSC": "BNB Smart Chain (BEP20)",
    "TON": "TON",
    "SOL": "Solana",
    "ARB": "Arbitrum One",
    "OPT": "OP Mainnet (Optimism)",
    "BASE": "Base",
    "BTC": "Bitcoin",
    "LTC": "Litecoin",
}

ASSET_NAMES: Mapping[str, str] = {
    "USDT": "Tether",
    "BTC": "Bitcoin",
    "ETH": "Ether",
    "USDC": "USD Coin",
    "TON": "Toncoin",
    "TRX": "TRON",
    "BNB": "BNB",
    "SOL": "Solana",
    "LTC": "Litecoin",
    "DAI": "Dai",
    "USDD": "USDD",
    "PYUSD": "PayPal USD",
    "XAUT": "Tether Gold",
    "ARB": "Arbitrum",
    "OP": "Optimism",
    "SHIB": "Shiba Inu",
    "PEPE": "Pepe",
    "TRUMP": "Official Trump",
}

_NATIVE = {
    "BTC": "BTC",
    "ETH": "ERC20",
    "TON": "TON",
    "TRX": "TRC20",
    "BNB": "BSC",
    "SOL": "SOL",
    "LTC": "LTC",
}
# In the order of a picker: the cheap and usual networks of each asset first.
_TOKENS = (
    *("USDT_TRC20", "USDT_TON", "USDT_BSC", "USDT_ERC20", "USDT_SOL", "USDT_ARB", "USDT_OPT"),
    *("ETH_BASE", "ETH_ARB", "ETH_OPT"),
    *("USDC_SOL", "USDC_BASE", "USDC_BSC", "USDC_ERC20", "USDC_ARB", "USDC_OPT"),
    *("DAI_BSC", "DAI_ERC20", "DAI_BASE", "DAI_ARB", "DAI_OPT"),
    *("USDD_TRC20", "PYUSD_SOL", "PYUSD_ERC20", "XAUT_TON", "XAUT_ERC20", "ARB_ARB", "OP_OPT"),
    *("SHIB_BSC", "SHIB_ERC20", "PEPE_BSC", "PEPE_ERC20", "TRUMP_SOL"),
)


@dataclass(frozen=True, slots=True)
class Coin:
    """What is paid with: `code` is the provider's, `asset` a ticker, `network` one of NETWORKS."""

    code: str
    asset: str
    network: str

    @property
    def asset_name(self) -> str:
        """The asset in plain language: "Tether"."""
        return ASSET_NAMES[self.asset]

    @property
    def network_name(self) -> str:
        """The network in plain language: "TRON (TRC20)"."""
        return NETWORKS[self.network]

    @property
    def own_title(self) -> str | None:
        """ "Bitcoin (BTC)" for an asset on its own network alone; None where one must be named."""
        if self.code != self.asset or len(ASSETS[self.asset]) > 1:
            return None
        return self.asset if self.asset_name == self.asset else f"{self.asset_name} ({self.asset})"


def _coins() -> dict[str, Coin]:
    coins = [Coin(asset, asset, network) for asset, network in _NATIVE.items()]
    coins += [Coin(code, *code.split("_")) for code in _TOKENS]
    order = list(ASSET_NAMES)
    return {coin.code: coin for coin in sorted(coins, key=lambda coin: order.index(coin.asset))}


COINS: Mapping[str, Coin] = _coins()

ASSETS: Mapping[str, tuple[Coin, ...]] = {
    asset: tuple(coin for coin in COINS.values() if coin.asset == asset) for asset in ASSET_NAMES
}
