"""The 40 coins: complete, named in plain words, and found by what people call them."""

import pytest

from bot.domain.coin_search import NoSuchCoinError, find_coins
from bot.domain.coin_words import ASSET_WORDS, NETWORK_WORDS, PHRASES
from bot.domain.coins import ASSET_NAMES, ASSETS, COINS, NETWORKS
from bot.domain.words import fold

# The API page, word for word.
DOCUMENTED = (
    "BTC, LTC, TRX, SOL, TON, BNB, ETH, ETH_ARB, ETH_BASE, ETH_OPT, USDT_ARB, USDT_BSC, "
    "USDT_ERC20, USDT_OPT, USDT_SOL, USDT_TON, USDT_TRC20, USDC_ARB, USDC_BASE, USDC_BSC, "
    "USDC_ERC20, USDC_OPT, USDC_SOL, DAI_ARB, DAI_BASE, DAI_BSC, DAI_ERC20, DAI_OPT, USDD_TRC20, "
    "PYUSD_ERC20, PYUSD_SOL, XAUT_ERC20, XAUT_TON, ARB_ARB, OP_OPT, PEPE_BSC, PEPE_ERC20, "
    "SHIB_BSC, SHIB_ERC20, TRUMP_SOL"
)


def test_all_of_the_page_and_nothing_else() -> None:
    assert sorted(COINS) == sorted(DOCUMENTED.split(", "))
    assert len(COINS) == 40


def test_every_coin_stands_once_under_its_asset() -> None:
    assert [coin.code for coins in ASSETS.values() for coin in coins] == list(COINS)
    assert list(ASSETS)[:6] == ["USDT", "BTC", "ETH", "USDC", "TON", "TRX"]


def test_all_have_plain_names() -> None:
    assert {coin.network for coin in COINS.values()} == NETWORKS.keys() == NETWORK_WORDS.keys()
    assert {coin.asset for coin in COINS.values()} == ASSET_NAMES.keys() == ASSET_WORDS.keys()


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("BTC", "Bitcoin (BTC)"),
        ("TRX", "TRON (TRX)"),
        ("BNB", "BNB"),
        ("ETH", None),
        ("USDT_TRC20", None),
        ("TRUMP_SOL", None),
    ],
)
def test_a_network_is_named_unless_there_is_one_alone(code: str, title: str | None) -> None:
    assert COINS[code].own_title == title


@pytest.mark.parametrize("code", COINS)
def test_found_by_the_code_of_the_provider(code: str) -> None:
    for typed in (code, code.lower(), code.replace("_", " "), code.replace("_", "-")):
        choice = find_coins(typed)
        assert choice is not None
        assert choice.coins == (code,)


@pytest.mark.parametrize(
    ("typed", "coins"),
    [
        ("usdttrc20", ["USDT_TRC20"]),
        ("usdt (trc20)", ["USDT_TRC20"]),
        ("USDT TRC-20", ["USDT_TRC20"]),
        ("trc20 usdt", ["USDT_TRC20"]),
        ("tether tron", ["USDT_TRC20"]),
        ("tether on tron", ["USDT_TRC20"]),
        ("usdt на трон", ["USDT_TRC20"]),
        ("usdt bnb smart chain", ["USDT_BSC"]),
        ("usdt bep20", ["USDT_BSC"]),
        ("usdt ton", ["USDT_TON"]),
        ("usdc base", ["USDC_BASE"]),
        ("eth base", ["ETH_BASE"]),
        ("bitcoin", ["BTC"]),
        ("биткоин", ["BTC"]),
        ("эфир", ["ETH"]),
        ("tron", ["TRX"]),
        ("arbitrum", ["ARB_ARB"]),
        ("usdd", ["USDD_TRC20"]),
        ("BTC,ETH", ["BTC", "ETH"]),
        ("BTC, ETH", ["BTC", "ETH"]),
        ("BTC/ETH", ["BTC", "ETH"]),
        ("btc eth", ["BTC", "ETH"]),
        ("usdt trc20, btc", ["USDT_TRC20", "BTC"]),
        ("usdt trc20,btc", ["USDT_TRC20", "BTC"]),
        ("usdt trc20, erc20", ["USDT_TRC20", "USDT_ERC20"]),
        ("btc, btc", ["BTC"]),
    ],
)
def test_found_by_words(typed: str, coins: list[str]) -> None:
    choice = find_coins(typed)
    assert choice is not None
    assert (list(choice.coins), choice.asset) == (coins, None)


@pytest.mark.parametrize(
    ("typed", "asset"),
    [("usdt", "USDT"), ("Tether", "USDT"), ("usd coin", "USDC"), ("pepe", "PEPE")],
)
def test_an_asset_on_several_networks_is_asked_about(typed: str, asset: str) -> None:
    choice = find_coins(typed)
    assert choice is not None
    assert (choice.coins, choice.asset) == ((), asset)


def test_an_asset_within_a_list_is_all_its_networks_and_read_first() -> None:
    choice = find_coins("usdt, btc")
    assert choice is not None
    assert choice.coins == (*(coin.code for coin in ASSETS["USDT"]), "BTC")
    assert choice.loose


def test_a_network_alone_is_all_its_coins_and_read_first() -> None:
    choice = find_coins("trc20")
    assert choice is not None
    assert set(choice.coins) == {"USDT_TRC20", "USDD_TRC20", "TRX"}
    assert choice.loose


@pytest.mark.parametrize("typed", ["btc trc20", "ltc bep20", "usdd erc20", "usdt trc20 btc erc20"])
def test_an_asset_on_a_network_that_is_not_offered_is_refused(typed: str) -> None:
    with pytest.raises(NoSuchCoinError, match=f"^{typed}$"):
        find_coins(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hello",
        "usdt please",
        "us dt",
        "t-shirts",
        "base",
        "50",
        ",",
        "doge",
        "tether, gold",
        "btc,lunch",
    ],
)
def test_other_words_name_no_coin(typed: str) -> None:
    assert find_coins(typed) is None


def test_tables_are_written_as_words_are_compared() -> None:
    assert [phrase for phrase in PHRASES if fold(phrase) != phrase] == []


def test_no_phrase_of_a_coin_is_taken_by_another() -> None:
    for asset, words in ASSET_WORDS.items():
        for word in words.split("|"):
            assert PHRASES[word].asset == asset
