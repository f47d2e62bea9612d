"""What an admin sets, checked once at start.

`Settings` itself reads nothing: the demo and the tests build one from values. `load_settings` reads
the environment, then `.env`, then the files in `/run/secrets`; the first that has a value wins.
A description below says what to put; it is shown when the setting is missing or wrong.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as SourceError

from bot import settings_checks as checks
from bot.domain.errors import BotError
from bot.domain.stores import FORMS, parse_store

SECRETS_DIR = Path("/run/secrets")

_LISTED = (NoDecode, BeforeValidator(checks.split_commas))
_UPPER = BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value)
_LOWER = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)
_PORT = "put a port, 1 to 65535"


class SettingsError(BotError):
    """Settings are missing or wrong; `lines` says which, one a line, without any value."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


class Settings(BaseModel):
    """Every setting, valid together. The variable of a field is its name in capitals."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True
    )

    bot_token: Annotated[SecretStr, AfterValidator(checks.bot_token)] = Field(
        description="put the token from BotFather"
    )
    admin_ids: Annotated[tuple[int, ...], *_LISTED, AfterValidator(checks.admin_ids)] = Field(
        description="put the Telegram user ids of the admins, comma-separated"
    )
    cryptocloud_api_key: Annotated[SecretStr, AfterValidator(checks.header_word)] = Field(
        description="put the API key from the project's page at CryptoCloud"
    )
    cryptocloud_shop_id: Annotated[str, AfterValidator(checks.shop_id)] = Field(
        description="put the shop id from the project's page at CryptoCloud"
    )
    cryptocloud_secret_key: Annotated[SecretStr, AfterValidator(checks.header_word)] | None = Field(
        None, description="put the secret key from the project's page at CryptoCloud"
    )
    cryptocloud_api_url: Annotated[str, AfterValidator(checks.provider_url)] = Field(
        "https://api.cryptocloud.plus/v2", description="put the base of the API, https://…"
    )
    telegram_api_url: Annotated[str, AfterValidator(checks.api_url)] = Field(
        "https://api.telegram.org", description="put the base of the Bot API, https://…"
    )
    seller_access: Annotated[Literal["invited", "anyone"], _LOWER] = Field(
        "invited", description="put invited or anyone"
    )
    contact: Annotated[str, AfterValidator(checks.contact)] | None = Field(
        None, description="put a @username or a link"
    )
    redis_url: Annotated[SecretStr, AfterValidator(checks.redis_url)] | None = Field(
        None, description=FORMS
    )
    data_dir: Path = Field(Path("data"), description="put a folder of the bot's own")
    public_url: Annotated[str, AfterValidator(checks.public_url)] | None = Field(
        None, description="put the https address of the site"
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(checks.webhook_secret)] | None = Field(
        None,
        validate_default=True,
        description="put 16 or more random characters of A-Z a-z 0-9 _ - (needed with PUBLIC_URL)",
    )
    http_host: Annotated[str, AfterValidator(checks.host)] = Field(
        "127.0.0.1", description="put the address to listen on"
    )
    http_port: int = Field(8080, ge=0, le=65535, description=_PORT)
    ops_port: int = Field(8081, ge=0, le=65535, description=f"{_PORT}, other than HTTP_PORT")
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], *_LISTED] = Field(
        (), description="put networks such as 10.0.0.0/8, comma-separated"
    )
    default_currency: Annotated[str, AfterValidator(checks.currency)] = Field(
        "USD", description="put the code of a currency, such as USD"
    )
    default_language: Annotated[str, AfterValidator(checks.language)] = Field(
        "en", description="put the code of a language, such as en"
    )
    poll_interval: float = Field(
        15, ge=1, le=600, allow_inf_nan=False, description="put seconds, 1 to 600"
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], _UPPER] = Field(
        "INFO", description="put DEBUG, INFO, WARNING, ERROR or CRITICAL"
    )
    log_format: Annotated[Literal["console", "json"], _LOWER] = Field(
        "console", description="put console or json"
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_set(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {
            name: value
            for name, value in values.items()
            if not (isinstance(value, str) and not value.strip())
        }

    @field_validator("webhook_secret")
    @classmethod
    def _secret_for_webhook(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        # A PUBLIC_URL that is wrong is not among the data, and was meant to be set.
        if value is None and info.data.get("public_url", "wrong") is not None:
            raise PydanticCustomError("missing", "needed with PUBLIC_URL")
        return value

    @field_validator("ops_port")
    @classmethod
    def _ports_differ(cls, value: int, info: ValidationInfo) -> int:
        if value and value == info.data.get("http_port"):
            raise ValueError("put a port other than HTTP_PORT")
        return value

    @classmethod
    def build(cls, **values: object) -> Self:
        """Settings from these values alone, as text or as their types. Raises SettingsError."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise SettingsError(_lines(error)) from None

    @property
    def webhook(self) -> bool:
        """Whether Telegram calls us (else we ask it: long polling)."""
        return self.public_url is not None

    def secrets(self) -> tuple[str, ...]:
        """Every value that no log may show."""
        hidden = (
            self.bot_token,
            self.cryptocloud_api_key,
            self.cryptocloud_secret_key,
            self.webhook_secret,
        )
        words = tuple(secret.get_secret_value() for secret in hidden if secret is not None)
        store = parse_store(self.redis_url.get_secret_value()) if self.redis_url else None
        return words + (store.secrets if store else ())


class _Sources(BaseSettings, Settings):
    """Settings as the machine has them."""

    model_config = SettingsConfigDict(
        extra="ignore", env_ignore_empty=True, env_file_encoding="utf-8"
    )


def load_settings(*, env_file: Path = Path(".env"), secrets_dir: Path = SECRETS_DIR) -> Settings:
    """Reads the environment, the `.env` file and the secrets files.

    Raises SettingsError with one line per setting that is missing or wrong.
    """
    try:
        return _Sources(
            _env_file=env_file, _secrets_dir=secrets_dir if secrets_dir.is_dir() else None
        )
    except ValidationError as error:
        raise SettingsError(_lines(error)) from None
    except (OSError, SourceError, UnicodeDecodeError) as error:
        place = getattr(error, "filename", None) or f"{env_file} or {secrets_dir}"
        raise SettingsError([f"{place} cannot be read: {type(error).__name__}"]) from None


def _lines(error: ValidationError) -> list[str]:
    lines: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_input=False):
        field = str(problem["loc"][0])
        name = field.upper()
        if field not in Settings.model_fields:
            lines[name] = f"{name} is not a setting"
            continue
        advice = Settings.model_fields[field].description
        if problem["type"] == "value_error":  # one of our own, which knows better
            advice = str(problem["ctx"]["error"])
        state = "missing" if problem["type"] == "missing" else "wrong"
        lines.setdefault(name, f"{name} is {state}: {advice}")
    return list(lines.values())
