"""What people call assets and networks: every phrase that names a coin, built from two tables."""

from typing import NamedTuple

from bot.domain.coins import COINS
from bot.domain.words import names

ASSET_WORDS = {
    "USDT": "usdt|tether|tether usd|tether usdt|тезер|тетер|юсдт",
    "BTC": "btc|xbt|bitcoin|биткоин|биткойн|биток",
    "ETH": "eth|ether|ethereum|эфир|эфириум|этериум",
    "USDC": "usdc|usd coin|usdcoin|юсдс",
    "TON": "ton|toncoin|тон|тонкоин",
    "TRX": "trx|tron|трон",
    "BNB": "bnb|binance coin|бнб",
    "SOL": "sol|solana|солана",
    "LTC": "ltc|litecoin|лайткоин|лайткойн",
    "DAI": "dai",
    "USDD": "usdd",
    "PYUSD": "pyusd|paypal usd",
    "XAUT": "xaut|tether gold",
    "ARB": "arb|arbitrum|арбитрум",
    "OP": "op|optimism|оптимизм",
    "SHIB": "shib|shiba|shiba inu|шиба",
    "PEPE": "pepe|пепе",
    "TRUMP": "trump|official trump|трамп",
}
NETWORK_WORDS = {
    "TRC20": "trc20|trc 20|tron|trx|трон|трц20",
    "ERC20": "erc20|erc 20|eth|ethereum|эфир|эфириум",
    "BSC": "bsc|bep20|bep 20|bnb|bnb chain|bnb smart chain|binance smart chain",
    "TON": "ton|тон",
    "SOL": "sol|solana|spl|солана",
    "ARB": "arb|arbitrum|arbitrum one|арбитрум",
    "OPT": "opt|op|optimism|op mainnet|оптимизм",
    "BASE": "base",
    "BTC": "bitcoin",
    "LTC": "litecoin",
}
# Plain language too: read first when a description follows.
_EVERYDAY = names("ton sol op opt arb trump base dai pepe optimism тон эфир трамп оптимизм пепе")
# Networks by words that mean nothing else, so that they count without an asset.
_TECHNICAL = frozenset(("trc20", "trc 20", "трц20", "erc20", "erc 20", "bep20", "bep 20", "bsc"))
# "usdt eth" may be a coin on its network or two coins: read first.
_TICKERS = frozenset(("eth", "trx", "bnb"))


class Atom(NamedTuple):
    """What one phrase names: an asset, a network, or both."""

    asset: str | None
    network: str | None
    everyday: bool = False
    loose: bool = False


def _phrases() -> dict[str, Atom]:
    atoms = {word: Atom(None, network) for network in NETWORK_WORDS for word in _technical(network)}
    for coin in COINS.values():
        assets = ASSET_WORDS[coin.asset].split("|")
        for network in NETWORK_WORDS[coin.network].split("|"):
            glued = Atom(coin.asset, coin.network)
            apart = glued._replace(everyday=network in _EVERYDAY, loose=network in _TICKERS)
            for asset in assets:
                atoms[f"{asset}{network}"] = glued
                atoms[f"{asset} {network}"] = apart
                atoms[f"{asset} on {network}"] = atoms[f"{asset} на {network}"] = glued
                if network in _TECHNICAL:
                    atoms[f"{network} {asset}"] = glued
    for asset, words in ASSET_WORDS.items():
        for word in words.split("|"):
            atoms[word] = Atom(asset, None, everyday=word in _EVERYDAY)
    return atoms


def _technical(network: str) -> frozenset[str]:
    return _TECHNICAL.intersection(NETWORK_WORDS[network].split("|"))


PHRASES = _phrases()
LONGEST = max(phrase.count(" ") for phrase in PHRASES) + 1
FIRST_WORDS = frozenset(phrase.partition(" ")[0] for phrase in PHRASES)
