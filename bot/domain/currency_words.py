"""What people call the 25 currencies beside their codes and CLDR names; ISO 4217 is the key.

Kept by hand because CLDR has neither the short words ("рублей", "bucks") nor the signs people
type. A word of several currencies stands in `SHARED`: which one is meant is asked.
"""

from bot.domain.words import names

_OWN = {
    "USD": "us$ usd$ $us бакс бакса баксов баксы",
    "AUD": "a$ au$ aud$",
    "CAD": "ca$ c$ can$ cad$",
    "HKD": "hk$ hkd$",
    "SGD": "s$ sg$ sgd$",
    "EUR": "€ euro euros евро",
    "GBP": "£ pound pounds sterling quid фунт фунта фунтов фунты стерлинг стерлингов",
    "JPY": "jp¥ yen 円 иена иены иен иену йена йены йен йену",
    "CNY": "cn¥ rmb yuan renminbi 元 юань юаня юаней юани",
    "RUB": "₽",
    "BYN": "br",
    "UAH": "₴ hryvnia hryvnias hryvnya грн гривна гривны гривен гривну",
    "KZT": "₸ tenge tenges тенге тг",
    "UZS": "sum sums so'm so‘m so’m soʻm сум сума сумов сумы",
    "KGS": "⃀ сом сома сомов сомы",
    "AMD": "֏ dram drams драм драма драмов драмы",
    "AZN": "₼ manat manats манат маната манатов манаты",
    "TRY": "₺ tl lira liras лира лиры лир лиру",
    "AED": "dh dhs dirham dirhams дирхам дирхама дирхамов дирхамы",
    "IDR": "rp rupiah rupiahs",
    "INR": "₹ rs rupee rupees",
    "PHP": "₱ peso pesos песо",
    "THB": "฿ baht bahts бат бата батов баты",
    "VND": "₫ đ dong донг донга донгов донги",
    "MYR": "rm ringgit ringgits ринггит ринггита ринггитов ринггиты",
}

# words: (candidates, the one meant in a chat whose default it is)
_SHARED = {
    "$ dollar dollars buck bucks доллар доллара долларов доллары": (
        ("USD", "AUD", "CAD", "HKD", "SGD"),
        "USD",
    ),
    "¥": (("JPY", "CNY"), None),
    "р руб рубль рубля рублей рубли ruble rubles rouble roubles": (("RUB", "BYN"), "RUB"),
    "som soms": (("KGS", "UZS"), None),
    "рупия рупии рупий рупию": (("INR", "IDR"), None),
}

WORDS: dict[str, tuple[str, ...]] = {
    word: (code,) for code, words in _OWN.items() for word in words.split()
} | {word: codes for words, (codes, _) in _SHARED.items() for word in words.split()}

# Names of several words that CLDR does not have in this form.
LONG_NAMES: dict[str, tuple[str, ...]] = {
    name: (code,)
    for code, names_of in {
        "USD": "доллары сша|американский доллар|американских долларов|доллар сша",
        "GBP": "pound sterling|pounds sterling|фунт стерлингов|фунта стерлингов|фунтов стерлингов",
        "TRY": "turkish liras",
    }.items()
    for name in names_of.split("|")
}

# A shared word settles on this code only when it is the chat's own default.
PRIMARY: dict[str, str] = {
    word: primary for words, (_, primary) in _SHARED.items() if primary for word in words.split()
}

# One of ours, but also the word for money (or weight) that is not: read before anything is made.
LOOSE = names(
    "pound pounds фунт фунта фунтов фунты peso pesos песо dirham dirhams дирхам дирхама дирхамов "
    "дирхамы dh dhs manat manats манат маната манатов манаты rs rupee rupees br 元",
)

# Everyday words too: read first when a description follows ("50 try the cake").
EVERYDAY = names("try php cad sum sums som soms сом сома сумы сума лир драма rm р tl")

# Money the provider does not take, by words that mean nothing else.
FOREIGN = names(
    "kr zł zl kč kc ft sfr franc francs franken zloty zlotys złoty złotych krona kronor "
    "krone kroner koruna korun forint forints shekel shekels nis lari leu lei leva naira "
    "франк франка франков франки злотый злотых злота крона кроны крон шекель шекеля шекелей "
    "лари лей лея леев форинт форинтов тугрик тугриков динар динара динаров dinar dinars",
)
