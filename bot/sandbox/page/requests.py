"""What the page asks for."""

from pydantic import BaseModel, field_validator

from bot.domain.languages import LANGUAGES


class _Asked(BaseModel, extra="forbid", frozen=True):
    person: int


class InChat(_Asked):
    """Everything done in a chat: one's own with the bot has one's own id."""

    chat: int


class Send(InChat):
    """Type and send."""

    text: str
    reply_to: int | None = None


class Tap(InChat):
    """Tap a callback button as it was shown, which may have changed meanwhile."""

    message: int
    data: str


class Open(_Asked):
    """Follow a link to the bot and press Start."""

    link: str


class Speak(_Asked):
    """Change the language of one's Telegram."""

    language: str

    @field_validator("language")
    @classmethod
    def _known(cls, code: str) -> str:
        if code not in LANGUAGES:
            raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
        return code
