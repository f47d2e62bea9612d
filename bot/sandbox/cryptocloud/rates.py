"""Made-up prices: enough for amounts that look right, and the same on every run."""

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

COIN_STEP = Decimal("0.00000001")

# One US dollar in each currency the provider's page lists.
PER_DOLLAR = {
    code: Decimal(rate)
    for code, rate in {
        "USD": "1",
        "EUR": "0.9",
        "GBP": "0.8",
        "RUB": "90",
        "UAH": "41",
        "BYN": "3.2",
        "UZS": "12500",
        "KGS": "87",
        "KZT": "500",
        "AMD": "390",
        "AZN": "1.7",
        "TRY": "42",
        "AUD": "1.5",
        "CAD": "1.4",
        "CNY": "7.1",
        "HKD": "7.8",
        "SGD": "1.3",
        "JPY": "150",
        "AED": "3.67",
        "IDR": "16500",
        "INR": "88",
        "PHP": "58",
        "THB": "33",
        "VND": "26000",
        "MYR": "4.2",
    }.items()
}

# Price of one in US dollars, and the full codes the provider's page lists.
_ASSETS = {
    "BTC": ("100000", "BTC"),
    "LTC": ("100", "LTC"),
    "TRX": ("0.3", "TRX"),
    "SOL": ("200", "SOL"),
    "TON": ("3", "TON"),
    "BNB": ("900", "BNB"),
    "ETH": ("3000", "ETH ETH_ARB ETH_BASE ETH_OPT"),
    "USDT": ("1", "USDT_ARB USDT_BSC USDT_ERC20 USDT_OPT USDT_SOL USDT_TON USDT_TRC20"),
    "USDC": ("1", "USDC_ARB USDC_BASE USDC_BSC USDC_ERC20 USDC_OPT USDC_SOL"),
    "DAI": ("1", "DAI_ARB DAI_BASE DAI_BSC DAI_ERC20 DAI_OPT"),
    "USDD": ("1", "USDD_TRC20"),
    "PYUSD": ("1", "PYUSD_ERC20 PYUSD_SOL"),
    "XAUT": ("4000", "XAUT_ERC20 XAUT_TON"),
    "ARB": ("0.4", "ARB_ARB"),
    "OP": ("0.5", "OP_OPT"),
    "PEPE": ("0.00001", "PEPE_BSC PEPE_ERC20"),
    "SHIB": ("0.00001", "SHIB_BSC SHIB_ERC20"),
    "TRUMP": ("8", "TRUMP_SOL"),
}

# Coins that live on a network of another name; the rest carry theirs after the underscore.
_HOME = {"BTC": "BTC", "LTC": "LTC", "TRX": "TRC20", "SOL": "SOL", "TON": "TON", "BNB": "BSC"}

_NETWORKS = {
    "BTC": "Bitcoin",
    "LTC": "Litecoin",
    "TRC20": "TRON",
    "SOL": "Solana",
    "TON": "TON",
    "BSC": "BNB Smart Chain",
    "ERC20": "Ethereum",
    "ARB": "Arbitrum",
    "BASE": "Base",
    "OPT": "Optimism",
}


@dataclass(frozen=True, slots=True)
class Coin:
    """A coin on its network; `dollars` is the price of one."""

    fullcode: str
    code: str
    network: str
    network_name: str
    dollars: Decimal

    def worth(self, dollars: Decimal) -> Decimal:
        """How much of the coin that is, rounded up to the coin's smallest step."""
        return (dollars / self.dollars).quantize(COIN_STEP, rounding=ROUND_UP)


def _coin(code: str, fullcode: str, dollars: str) -> Coin:
    network = fullcode.partition("_")[2] or _HOME.get(code, "ERC20")
    return Coin(fullcode, code, network, _NETWORKS[network], Decimal(dollars))


COINS = {
    fullcode: _coin(code, fullcode, dollars)
    for code, (dollars, fullcodes) in _ASSETS.items()
    for fullcode in fullcodes.split()
}

PLACEHOLDER = COINS["USDT_TRC20"]  # what the provider names while the payer has not chosen
