"""Every sentence that somebody can see is there in every language, whole."""

import re
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext, to_locale

from config import catalogues
from config.catalogues import TRANSLATED

_PLACE = re.compile(r"%\(\w+\)[sd]")
# A form for one, for two or for none may say the number in words.
_NUMBERS = {"%(n)s", "%(count)s", "%(limit)s", "%(minutes)s"}


@pytest.fixture(scope="module")
def marked() -> dict[Any, Message]:
    """The sentences of the code, by what tells them apart."""
    return _by_id(catalogues.sentences())


def _by_id(found: Catalog) -> dict[Any, Message]:
    return {(each.context, each.id): each for each in found if each.id}


def _ids(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_every_announced_language_is_translated() -> None:
    announced = {to_locale(code) for code in settings.ALL_LANGUAGES}
    assert announced == {*TRANSLATED, "en"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_has_what_the_code_says_and_nothing_else(
    language: str, marked: dict[Any, Message]
) -> None:
    there = _by_id(catalogues.read(language))
    missing, gone = marked.keys() - there.keys(), there.keys() - marked.keys()
    assert not missing, "python -m config.catalogues update"
    assert not gone, "python -m config.catalogues update"


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_missing_or_guessed(language: str) -> None:
    found = catalogues.read(language)
    assert [each.id for each in found if each.id and (each.fuzzy or not all(_texts(each)))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_plurals_have_all_their_forms(language: str) -> None:
    found = catalogues.read(language)
    wrong = [
        each.id
        for each in found
        if each.id and each.pluralizable and len(_texts(each)) != found.num_plurals
    ]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_filled_in_has_its_place(language: str) -> None:
    wrong = []
    for each in catalogues.read(language):
        if not each.id:
            continue
        there = [set(_PLACE.findall(text)) for text in _ids(each)]
        wanted, needed = set.union(*there), set.intersection(*there)
        may_lack = _NUMBERS if each.pluralizable else set()
        for text in _texts(each):
            has = set(_PLACE.findall(text))
            is_stray = "%" in _PLACE.sub("", text).replace("%%", "") and each.python_format
            if not needed - may_lack <= has <= wanted or is_stray:
                wrong.append((each.id, text))
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "numbers", "forms"),
    [
        # Three to ten, and eleven to ninety-nine; a hundred is said like eleven.
        ("ar", [0, 1, 2, 3, 11, 100], 5),
        ("uk", [1, 2, 5], 3),
        ("pl", [1, 2, 5], 3),
        ("lt", [1, 2, 10], 3),
        # Latvian has a form for nothing, which here is that of many.
        ("lv", [0, 1, 2], 2),
    ],
)
def test_each_plural_form_is_reached_by_its_number(
    language: str, numbers: list[int], forms: int
) -> None:
    with translation.override(language):
        said = {ngettext("%(n)s stamp was added", "%(n)s stamps were added", n) for n in numbers}
    assert len(said) >= forms
    assert not any("stamp" in text for text in said)
