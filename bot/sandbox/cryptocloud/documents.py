"""Invoices as the provider writes them: floats, naive UTC dates, a placeholder for no coin.

Sources: the response example on the provider's invoice-creation page, and captured answers of
`/invoice/merchant/info` and `/invoice/merchant/list`.
"""

from datetime import UTC, datetime
from decimal import Decimal

from bot.sandbox.cryptocloud.ledger import Invoice
from bot.sandbox.cryptocloud.rates import Coin

_CENT = Decimal("0.01")

Document = dict[str, object]


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


def _usd(amount: Decimal) -> float:
    return float(amount.quantize(_CENT))


def _currency(coin: Coin) -> Document:
    return {
        "id": 1,
        "code": coin.code,
        "fullcode": coin.fullcode,
        "network": {"code": coin.network, "id": 1, "fullname": coin.network_name},
        "name": coin.code,
        "is_email_required": False,
        "stablecoin": coin.dollars == 1,
        "order": 1,
    }


def created(invoice: Invoice, link: str, address: str) -> Document:
    """The `result` of `/invoice/create`."""
    coin = invoice.priced_in
    return {
        "uuid": invoice.uuid,
        "created": _date(invoice.created),
        "address": address,
        "expiry_date": _date(invoice.expires),
        "side_commission": invoice.transfer_fee_by.value,
        "side_commission_service": invoice.service_fee_by.value,
        "type_payments": "crypto",
        "amount": float(invoice.amount),
        "amount_usd": _usd(invoice.amount_usd),
        "amount_in_fiat": float(invoice.order.amount),
        "fee": float(invoice.transfer_fee),
        "fee_usd": _usd(invoice.transfer_fee * coin.dollars),
        "service_fee": float(invoice.service_fee),
        "service_fee_usd": _usd(invoice.service_fee * coin.dollars),
        "fiat_currency": invoice.order.currency,
        "status": invoice.status.value,
        "is_email_required": False,
        "link": link,
        "invoice_id": None,
        "currency": _currency(coin),
        "project": {
            "id": 1,
            "name": "Sandbox shop",
            "fail": f"{link}?outcome=fail",
            "success": f"{link}?outcome=success",
            "logo": None,
        },
        "test_mode": False,  # unless the project is in test mode, see `Habits`
    }


def listed(invoice: Invoice, link: str, address: str) -> Document:
    """A row of `/invoice/merchant/list`."""
    return created(invoice, link, address) | {
        "order_id": invoice.order.order_id,
        "invoice_status": invoice.status.value,
    }


def info(invoice: Invoice, link: str, address: str) -> Document:
    """A row of `/invoice/merchant/info`."""
    document = listed(invoice, link, address) | {
        "received": float(invoice.received),
        "received_usd": _usd(invoice.received * invoice.priced_in.dollars),
        "amount_paid": float(invoice.received),
        "tx_list": [f"sandbox-{invoice.id}-{n}" for n in range(len(invoice.payments))],
    }
    if invoice.coin is not None:
        document["amount_to_pay"] = float(invoice.due)
        document["to_surcharge"] = float(max(invoice.due - invoice.received, Decimal(0)))
    return document
