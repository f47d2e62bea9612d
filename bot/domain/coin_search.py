"""Coins found in words: "usdt trc20", "USDT_TRC20", "tether on tron", "BTC,ETH", "биткоин"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.coin_words import FIRST_WORDS, LONGEST, PHRASES, Atom
from bot.domain.coins import ASSETS, COINS
from bot.domain.words import fold

TRAILING = ",;:"
_MARKS = re.compile(r"[_\-/.:()\[\]]+")
_LIST = re.compile(r"[,;+|/]")


@dataclass(frozen=True, slots=True)
class CoinChoice:
    """Coins named: exact `coins`, or one `asset` whose network is to be asked.

    `everyday`: named by a plain-language word. `loose`: to be read before anything is made.
    """

    coins: tuple[str, ...] = ()
    asset: str | None = None
    everyday: bool = False
    loose: bool = False


class NoSuchCoinError(ValueError):
    """An asset was named on a network where the provider does not take it, as typed."""


def find_coins(text: str) -> CoinChoice | None:
    """What all of `text` names; None when any word of it is something else.

    Raises `NoSuchCoinError` for a known asset on a known network that do not go together.
    """
    words = text.split()
    atoms, used = match_coins(words)
    if not atoms or used < len(words):
        return None
    choice = choose(atoms)
    if choice is None:
        raise NoSuchCoinError(text)
    return choice


def match_coins(words: Sequence[str], start: int = 0) -> tuple[list[Atom], int]:
    """What is named from `words[start]` on, and the index of the first word that names no coin.

    `words` have no white space.
    """
    atoms: list[Atom] = []
    at = start
    while at < len(words):
        found, after = _match_item(words, at)
        if not found:
            break
        atoms += found
        at = after
    return atoms, at


def choose(atoms: Iterable[Atom]) -> CoinChoice | None:
    """What atoms name together; None when an asset is named on a network it is not offered on."""
    items: list[Atom] = []
    for atom in atoms:
        if atom.asset is None and items:
            # "usdt, trc20" completes the asset; "usdt trc20, erc20" adds a network to it.
            if items[-1].network is None:
                items[-1] = items[-1]._replace(network=atom.network)
            else:
                items.append(items[-1]._replace(network=atom.network))
        else:
            items.append(atom)
    coins = [_coins_of(item) for item in items]
    if not all(coins):
        return None
    everyday = any(item.everyday for item in items)
    loose = any(item.loose for item in items)
    if len(items) == 1 and items[0].network is None and len(coins[0]) > 1:
        return CoinChoice(asset=items[0].asset, everyday=everyday)
    unique = tuple(dict.fromkeys(code for codes in coins for code in codes))
    return CoinChoice(
        unique, everyday=everyday, loose=loose or any(len(codes) > 1 for codes in coins)
    )


def _match_item(words: Sequence[str], start: int) -> tuple[list[Atom], int]:
    """The longest phrase at `start`, or the list glued together there."""
    phrase = ""
    best: tuple[list[Atom], int] = ([], start)
    for at in range(start, min(start + LONGEST, len(words))):
        word = words[at]
        key = _key(word.rstrip(TRAILING))
        if not key or (not phrase and key.partition(" ")[0] not in FIRST_WORDS):
            break
        phrase = f"{phrase} {key}" if phrase else key
        if phrase in PHRASES:
            best = [PHRASES[phrase]], at + 1
        if word[-1] in TRAILING:
            break
    if not best[0] and _LIST.search(words[start]):
        listed = [PHRASES.get(_key(part)) for part in _LIST.split(words[start]) if part]
        if listed and all(listed):
            return [atom for atom in listed if atom], start + 1
    return best


def _key(word: str) -> str:
    return _MARKS.sub(" ", fold(word)).strip()


def _coins_of(item: Atom) -> tuple[str, ...]:
    """The coins an item stands for; among others an open asset or network stands for all."""
    if item.asset is not None and item.network is None and item.asset in COINS:
        return (item.asset,)  # "eth" is Ether on its own chain, by the provider's own code
    return tuple(
        coin.code
        for coin in (COINS.values() if item.asset is None else ASSETS[item.asset])
        if item.network in {None, coin.network}
    )
