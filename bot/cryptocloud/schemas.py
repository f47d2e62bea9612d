"""Invoices as the provider writes them.

Only `uuid`, `status` and, right after creation, `link` are needed; everything else may be missing
or of a wrong type, and is then None. A row of the list or of info may lack a usable link: it is
then empty there, and whoever needs it keeps the one from before or asks again.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from bot.cryptocloud.links import read_link
from bot.cryptocloud.requests import with_prefix
from bot.domain.provider import ProviderInvoice

_UUID = re.compile(r"(INV-)?[A-Za-z0-9]{4,40}")
_STATUS = re.compile(r"[A-Za-z_-]{1,32}")
_ADDRESS = re.compile(r"[!-~]{4,200}")
_MAX_TEXT = 200
_MAX_EXPONENT = 30  # a number beyond 10 to this power is no amount, and costs memory to write out


def _uuid(value: object) -> str:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise ValueError("no invoice id")
    return with_prefix(value)


def _status(value: object) -> str:
    if not isinstance(value, str) or not _STATUS.fullmatch(value):
        raise ValueError("no status")
    return value


def _link(value: object) -> str:
    link = read_link(value)
    if link is None:
        raise ValueError("no link that could be opened")
    return link


def _link_or_empty(value: object) -> str:
    return read_link(value) or ""


def _text(value: object) -> str | None:
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT or not value.isprintable():
        return None
    return value


def _address(value: object) -> str | None:
    return value if isinstance(value, str) and _ADDRESS.fullmatch(value) else None


def _number(value: object) -> Decimal | None:
    """JSON numbers arrive as Decimal; some integrations of the provider write them as strings."""
    if isinstance(value, str) and len(value) <= _MAX_TEXT and value.isascii():
        try:
            value = Decimal(value)
        except InvalidOperation:
            return None
    if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
        return None
    return value if abs(value.adjusted()) <= _MAX_EXPONENT else None


def _moment(value: object) -> datetime | None:
    """Naive UTC, `YYYY-MM-DD HH:MM:SS` with or without a fraction, becomes aware.

    Whole milliseconds, as they are stored: with more, every answer would seem to bring a change.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _object(value: object) -> object:
    return value if isinstance(value, dict) else {}


def _is_true(value: object) -> bool:
    return value is True


Text = Annotated[str | None, BeforeValidator(_text)]
Number = Annotated[Decimal | None, BeforeValidator(_number)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]


class _Wire(BaseModel):
    # A validation error may reach the log; what the provider sent stays out of it.
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class CurrencyWire(_Wire):
    """A coin. `fullcode` names coin and network (`USDT_TRC20`), `code` the coin alone."""

    code: Text = None
    fullcode: Text = None


class ProjectWire(_Wire):
    """The shop."""

    name: Text = None


class InvoiceWire(_Wire):
    """A row of the list or of info."""

    uuid: Annotated[str, BeforeValidator(_uuid)]
    status: Annotated[str, BeforeValidator(_status)] = Field(
        validation_alias=AliasChoices("status", "invoice_status")
    )
    link: Annotated[str, BeforeValidator(_link_or_empty)] = ""
    order_id: Text = None
    created: Moment = None
    expiry_date: Moment = None
    address: Annotated[str | None, BeforeValidator(_address)] = None
    currency: Annotated[CurrencyWire, BeforeValidator(_object)] = CurrencyWire()
    project: Annotated[ProjectWire, BeforeValidator(_object)] = ProjectWire()
    amount: Number = None
    amount_to_pay: Number = None
    amount_paid: Number = None
    to_surcharge: Number = None
    received: Number = None
    received_usd: Number = None
    amount_usd: Number = None
    amount_in_fiat: Number = None
    fiat_currency: Text = None
    fee: Number = None
    service_fee: Number = None
    test_mode: Annotated[bool, BeforeValidator(_is_true)] = False

    def invoice(self) -> ProviderInvoice:
        """In the words of the domain.

        Without an address the provider names a placeholder coin: all that is counted in it is
        left out. What was received is told whatever the coin.
        """
        settled = self.address is not None
        return ProviderInvoice(
            uuid=self.uuid,
            status=self.status,
            link=self.link,
            order_id=self.order_id,
            created=self.created,
            expires=self.expiry_date,
            address=self.address,
            coin=(self.currency.fullcode or self.currency.code) if settled else None,
            amount=self.amount if settled else None,
            amount_to_pay=self.amount_to_pay if settled else None,
            amount_paid=self.amount_paid,
            to_surcharge=self.to_surcharge if settled else None,
            received=self.received,
            received_usd=self.received_usd,
            amount_usd=self.amount_usd,
            amount_in_fiat=self.amount_in_fiat,
            fiat_currency=self.fiat_currency,
            fee=self.fee if settled else None,
            service_fee=self.service_fee if settled else None,
            project=self.project.name,
            test_mode=self.test_mode,
        )


class CreatedWire(InvoiceWire):
    """The result of create: of no use without a link."""

    link: Annotated[str, BeforeValidator(_link)]
