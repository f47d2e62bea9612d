"""Gettext catalogues, read from their sources at start: there is no compiled file to forget.

English is the source language and needs no catalogue. Nothing here is bound to an update: whoever
makes a text is handed a `Translator`, since postbacks and the scheduler speak to people too.
"""

import gettext
import html
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.domain.languages import LANGUAGES

DOMAIN: Final = "bot"


class Html(str):
    """Text that is Telegram HTML already: what stands in it is not escaped again."""

    __slots__ = ()


class Translator:
    """Speaks one language. In code: `tr("Cancel")`, `tr.html("Sum: {sum}", sum=…)`."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, message: str, **values: object) -> str:
        """Plain text: for buttons, alerts and anything that is no message body."""
        return self._catalogue.gettext(message).format(**values)

    def html(self, message: str, **values: object) -> Html:
        """Telegram HTML. Values are escaped unless they are `Html`."""
        return Html(self._catalogue.gettext(message).format(**_escaped(values)))

    def plural(self, one: str, many: str, n: int, **values: object) -> Html:
        """Like `html`, in the plural form that `n` takes."""
        text = self._catalogue.ngettext(one, many, n)
        return Html(text.format(n=n, **_escaped(values)))


def _escaped(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value if isinstance(value, Html) else html.escape(str(value), quote=False)
        for name, value in values.items()
    }


def catalogues() -> Path:
    """The folder of the catalogues, in a checkout and in an installed package."""
    package = Path(__file__).parent.parent
    inside = package / "locales"
    return inside if inside.is_dir() else package.parent / "locales"


class Translators:
    """All languages of the interface."""

    def __init__(self, folder: Path) -> None:
        self._known = {
            language: Translator(language, _load(folder, language)) for language in LANGUAGES
        }

    def __getitem__(self, language: str) -> Translator:
        return self._known[language]

    def pick(self, *wishes: str | None) -> Translator:
        """The first wish that is spoken; "ru-RU" asks for "ru". The last resort is English."""
        for wish in wishes:
            language = (wish or "").replace("_", "-").partition("-")[0].lower()
            if language in self._known:
                return self._known[language]
        return self._known["en"]


def _load(folder: Path, language: str) -> gettext.NullTranslations:
    source = folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if language == "en":
        return gettext.NullTranslations()
    with source.open("rb") as file:
        # Without its locale Babel would write the plural rule of English.
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
