"""The catalogues: complete, in step with the code, and the same in all but the words."""

import ast
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from bot.domain.languages import LANGUAGES
from bot.telegram.i18n import Translators, catalogues

ROOT = Path(__file__).parent.parent
TEMPLATE = catalogues() / "bot.pot"
TRANSLATED = [language for language in LANGUAGES if language != "en"]
every_language = pytest.mark.parametrize("language", TRANSLATED)
TAG = re.compile(r"</?[a-z][^>]*>")
COMMAND = re.compile(r"/[a-z_]+")
TWO_SCRIPTS = re.compile(r"[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]", re.IGNORECASE)


def extracted() -> Catalog:
    """What `make messages` would find now, with its own options."""
    recipe = re.search(r"pybabel .*extract .*", (ROOT / "Makefile").read_text())
    assert recipe is not None
    words = shlex.split(recipe[0])
    keywords = [words[at + 1] for at, word in enumerate(words) if word == "-k"]
    catalogue = Catalog()
    for _, _, message, _, context in extract_from_dir(
        ROOT / "bot", keywords=parse_keywords(keywords)
    ):
        catalogue.add(message, context=context)
    return catalogue


def catalogue(language: str) -> Catalog:
    with (catalogues() / language / "LC_MESSAGES" / "bot.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> Iterator[tuple[Message, list[str], list[str]]]:
    """Every message, with its sources and its translations in step: a plural has several."""
    for message in catalogue(language):
        if not message.id:
            continue  # the header
        if isinstance(message.id, str):
            yield message, [message.id], [str(message.string)]
        else:
            forms = list(message.string or ())
            yield message, [message.id[1]] * len(forms), forms


def names(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_language_has_a_catalogue_and_every_catalogue_a_language() -> None:
    assert {path.name for path in catalogues().iterdir() if path.is_dir()} == set(TRANSLATED)


def test_the_template_is_what_make_messages_would_write() -> None:
    now = io.BytesIO()
    write_po(now, extracted(), width=0, no_location=True, omit_header=True, sort_output=True)
    assert TEMPLATE.read_bytes().strip() == now.getvalue().strip(), "run `make messages`"


def test_every_call_of_a_translator_is_extracted() -> None:
    """Babel reads tokens and silently passes over what is not a literal or is in an f-string."""
    called: set[str | tuple[str, str]] = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and (kind := _translates(node.func)):
                source = [
                    ast.literal_eval(arg) for arg in node.args[: 2 if kind == "plural" else 1]
                ]
                called.add((source[0], source[1]) if kind == "plural" else source[0])
    found = {message.id for message in extracted() if message.id}
    assert called == found


def _translates(function: ast.expr) -> str | None:
    """ "tr" for `tr(…)` and `who.tr(…)`, "html" and "plural" for their methods."""
    match function:
        case ast.Name("tr") | ast.Attribute(attr="tr"):
            return "tr"
        case ast.Attribute(ast.Name("tr") | ast.Attribute(attr="tr"), "html" | "plural" as kind):
            return kind
    return None


@every_language
def test_a_catalogue_has_exactly_the_messages_of_the_template(language: str) -> None:
    with TEMPLATE.open("rb") as file:
        wanted = {message.id for message in read_po(file) if message.id}
    known = catalogue(language)
    assert {message.id for message in known if message.id} == wanted
    assert not known.obsolete


@every_language
def test_every_message_is_translated(language: str) -> None:
    forms = catalogue(language).num_plurals
    for message, _, translations in messages(language):
        assert all(text.strip() for text in translations), message.id
        assert not message.fuzzy, message.id
        assert len(translations) == (1 if isinstance(message.id, str) else forms), message.id


@every_language
def test_placeholders_tags_and_commands_are_those_of_the_source(language: str) -> None:
    for _, sources, translations in messages(language):
        for source, text in zip(sources, translations, strict=True):
            assert names(text) == names(source), text
            assert sorted(TAG.findall(text)) == sorted(TAG.findall(source)), text
            bare = [COMMAND.findall(TAG.sub("", form)) for form in (source, text)]
            assert sorted(bare[0]) == sorted(bare[1]), text


@every_language
def test_spaces_and_signs_at_the_ends_are_those_of_the_source(language: str) -> None:
    for _, sources, translations in messages(language):
        for source, text in zip(sources, translations, strict=True):
            assert text == text.strip(), text
            assert (text[-1] in ":?….") == (source[-1] in ":?…."), text
            assert "  " not in text


@every_language
def test_no_word_mixes_alphabets(language: str) -> None:
    for _, _, translations in messages(language):
        for text in translations:
            assert not TWO_SCRIPTS.search(re.sub(r"\{\w+\}", " ", text)), text


@every_language
def test_a_header_tells_the_plural_rule_and_nothing_that_changes(language: str) -> None:
    source = (catalogues() / language / "LC_MESSAGES" / "bot.po").read_text()
    header, _, _ = source.partition("\n\n")
    rule = get_plural(language)
    assert f"nplurals={rule.num_plurals}; plural={rule.plural_expr};" in header
    assert "charset=utf-8" in header
    for word in ("AUTHOR", "ORGANIZATION", "ADDRESS", "Date:", "Translator:", "Team:", "fuzzy"):
        assert word not in header


@every_language
def test_each_category_of_numbers_takes_one_form(language: str) -> None:
    """Which number takes which form is CLDR's to say, not the catalogue's."""
    tr = Translators(catalogues())[language]
    taken: dict[str, set[str]] = {}
    for n in range(1001):
        text = tr.plural("{n} hour", "{n} hours", n)
        taken.setdefault(Locale(language).plural_form(n), set()).add(text.replace(str(n), "", 1))
    assert all(len(forms) == 1 for forms in taken.values()), taken
    assert len(set.union(*taken.values())) == len(taken)


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0 дней"),
        (1, "1 день"),
        (2, "2 дня"),
        (5, "5 дней"),
        (11, "11 дней"),
        (21, "21 день"),
        (22, "22 дня"),
        (111, "111 дней"),
    ],
)
def test_russian_counts(n: int, text: str) -> None:
    assert Translators(catalogues())["ru"].plural("{n} day", "{n} days", n) == text


@pytest.mark.parametrize(
    ("n", "text"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (21, "21 days")]
)
def test_english_counts(n: int, text: str) -> None:
    assert Translators(catalogues())["en"].plural("{n} day", "{n} days", n) == text


def test_a_language_is_picked_by_the_first_wish_that_is_spoken() -> None:
    known = Translators(catalogues())
    assert known.pick(None, "ru-RU", "en").language == "ru"
    assert known.pick("de", "ru_UA").language == "ru"
    assert known.pick("de", "", None).language == "en"
