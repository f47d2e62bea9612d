"""A cheap local CryptoCloud: creates at once, knows every uuid as open, and counts.

`python -m benchmarks.cryptocloud`; `GET /counts` tells how often each path was called.
"""

import itertools
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Final

from benchmarks.helper import main
from benchmarks.http_server import Answer, serve

# As in the provider's own documentation, for an invoice whose buyer chooses the coin: the currency
# is then a placeholder and the address is empty.
_ROW: Final = """{"uuid":"INV-%s","created":"%s","address":"%s","expiry_date":"%s",\
"side_commission":"client","side_commission_service":"merchant","type_payments":"crypto",\
"amount":%s,"amount_usd":%s,"amount_in_fiat":%s,"fee":1.499999996212864e-06,"fee_usd":0.0,\
"service_fee":0.00065,"service_fee_usd":1.9,"fiat_currency":"%s","status":"created",\
"is_email_required":false,"link":"https://pay.cryptocloud.plus/%s","invoice_id":null,\
"currency":{"id":4,"code":"USDT","fullcode":"USDT_TRC20","network":{"code":"TRC20","id":4,\
"icon":"https://cdn.cryptocloud.plus/img/network/TRC20.svg","fullname":"Tron"},"name":"Tether",\
"is_email_required":false,"stablecoin":true,"icon_base":"https://cdn.cryptocloud.plus/USDT.svg",\
"icon_network":"https://cdn.cryptocloud.plus/img/currency_with_network/USDT_TRC20.svg",\
"icon_qr":"https://cdn.cryptocloud.plus/img/stroke/USDT_STROKE.svg","order":1},"project":{"id":1,\
"name":"Test","fail":"https://test.com/failed-payment","success":"https://test.com/successful",\
"logo":"https://static.cryptocloud.plus/logo/L52hWwjt98uYtUF.jpg"},"test_mode":false}"""

_LASTS: Final = timedelta(days=1)
# Of those that are asked about, see `benchmarks.store`: with every answer the same as before.
ENDS: Final = datetime(2040, 1, 1, tzinfo=UTC)
ADDRESS: Final = "TQrZ8tKfjpras2wcN3yFQ1DmVkWq5zXy7A"
_BASE36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class CryptoCloud:
    """Answers in the same turn of the loop."""

    def __init__(self) -> None:
        self._numbers = itertools.count(36**7)
        self._counts: Counter[str] = Counter()

    def take(self, path: str, body: bytes, answer: Answer) -> None:
        """One call."""
        name = path.partition("?")[0].removeprefix("/v2")
        if name == "/counts":
            answer(json.dumps(self._counts).encode())
            return
        self._counts[name] += 1
        asked = json.loads(body)
        if name == "/invoice/create":
            rows = self._made(asked)
        elif name == "/invoice/merchant/info":
            self._counts["looked at"] += len(asked["uuids"])
            uuids = (uuid.removeprefix("INV-") for uuid in asked["uuids"])
            rows = f"[{','.join(map(_known, uuids))}]"
        else:
            rows = '"ok"'
        answer(f'{{"status":"success","result":{rows}}}'.encode())

    def _made(self, asked: dict[str, object]) -> str:
        return _row(_code(next(self._numbers)), str(asked["amount"]), str(asked["currency"]))


def _row(code: str, amount: str, currency: str) -> str:
    now = datetime.now(UTC).replace(tzinfo=None)
    created, expires = str(now), str(now + _LASTS)
    return _ROW % (code, created, "", expires, amount, amount, amount, currency, code)


def _known(code: str) -> str:
    ends = ENDS.replace(tzinfo=None)
    return _ROW % (code, ends - _LASTS, ADDRESS, ends, "50", "50", "50", "EUR", code)


def _code(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _BASE36[digit] + digits
    return digits


async def _start() -> dict[str, int]:
    return {"port": await serve(CryptoCloud().take)}


if __name__ == "__main__":
    main(_start)
