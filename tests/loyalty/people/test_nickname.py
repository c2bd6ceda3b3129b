# ruff: noqa: RUF001  look-alikes are the matter of this file
"""Any text is a nickname or refused; what is shown hides nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.errors import InvalidInput
from loyalty.people.nickname import (
    HIDDEN,
    LONGEST,
    LONGEST_SKELETON,
    SHORTEST,
    check_reserved,
    cleaned,
    skeleton,
)

ANY = st.text(st.characters(codec=None), max_size=60)


@given(ANY)
def test_what_is_kept_is_short_printable_and_stays_the_same(typed: str) -> None:
    try:
        name = cleaned(typed)
    except InvalidInput:
        return
    if name:
        assert SHORTEST <= len(name) <= LONGEST
    assert name.isprintable()
    assert "@" not in name
    assert not any(sign in HIDDEN or unicodedata.category(sign) == "Cf" for sign in name)
    assert cleaned(name) == name


@given(st.sampled_from("\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u200b\ufeff" + HIDDEN))
def test_marks_that_turn_or_hide_are_left_out(mark: str) -> None:
    assert cleaned(f"An{mark}na") == "Anna"


@pytest.mark.parametrize("name", ["Anna", "李雷", "آنا", "D'Artagnan 3", "🔥🔥", "Ann-Marie"])
def test_names_as_people_write_them(name: str) -> None:
    assert cleaned(f"  {name} ") == name


@pytest.mark.parametrize("none", ["", "   ", "\u200b", "\u3164\u3164"])
def test_nothing_is_no_name(none: str) -> None:
    assert cleaned(none) == ""


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("a", "length"),
        ("a" * 31, "length"),
        ("\ufdfa" * 3, "length"),
        ("ann@example.com", "address"),
        ("ann\uff20example", "address"),
        ("a\0b", "characters"),
        ("a\x1bb", "characters"),
        ("\ud800x", "characters"),
        ("\u0301\u0301", "characters"),
        ("<b>Ana", "markup"),
        ("Ana >", "markup"),
        ("\uff1cAna", "markup"),
    ],
)
def test_what_cannot_be_had(typed: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        cleaned(typed)
    assert refused.value.details == {"field": "nickname", "reason": reason}


def test_one_spelling_for_one_look() -> None:
    assert cleaned("Ａｎｎ") == "Ann"


@pytest.mark.parametrize(
    "typed",
    [
        "Anna",
        "Änne Böhm",
        "Анна",
        "Ελένη",
        "أحمد",
        "コーヒー姫",
        "佐々木 Ken",
        "김 Min",
        "小明 Bob",
        "Ann-Marie 77",
        "99",
    ],
)
def test_one_alphabet_or_what_is_written_together(typed: str) -> None:
    assert cleaned(typed) == typed


@pytest.mark.parametrize("typed", ["Аnna", "Bоb", "Μax", "Anna Анна", "한カ"])
def test_alphabets_are_not_mixed(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        cleaned(typed)
    assert refused.value.details == {"field": "nickname", "reason": "scripts"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Coco", "Сосо"),
        ("BOB", "ВОВ"),
        ("MAX", "ΜΑΧ"),
        ("Anna", "ANNA"),
        ("Straße", "STRASSE"),
        ("Bob0", "Bobo"),
        ("Al1", "all"),
        ("Ｂｏｂ", "bob"),
        ("Ian", "lan"),
        ("Ian", "ian"),
        ("BilI", "Bi||"),
        ("A1", "aI"),
        ("Міа", "Mla"),
        ("A n a", "Ana"),
        ("A.n-a_", "ana"),
        ("Ann-Marie", "Ann Marie"),
        *((f"Bo{mark}b", "bob") for mark in "\u034f\ufe0f\U000e0100\u180b\u17b4"),
    ],
)
def test_what_looks_alike_has_one_skeleton(one: str, other: str) -> None:
    assert skeleton(cleaned(one)) == skeleton(cleaned(other))


@given(st.text(max_size=40))
def test_a_skeleton_is_its_own_and_fits(typed: str) -> None:
    try:
        name = cleaned(typed)
    except InvalidInput:
        return
    found = skeleton(name)
    assert skeleton(found) == found
    assert len(found) <= LONGEST_SKELETON
    assert bool(found) is bool(name)


@pytest.mark.parametrize(
    "typed",
    [
        "admin",
        "ADM1N",
        "A d m i n",
        "The Owner",
        "0wner",
        "Olga.Staff",
        "Plus One",
        "plusone",
        "Lumo Coffee",
        "LUMO-COFFEE",
        "lumocoffee",
    ],
)
def test_nobody_passes_for_the_house(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_reserved(cleaned(typed), business="Lumo Coffee")
    assert refused.value.details == {"field": "nickname", "reason": "reserved"}


@pytest.mark.parametrize("typed", ["", "Ana", "Coffee Queen", "Lumo", "Badminton", "Staffan", ".."])
def test_others_may(typed: str) -> None:
    for business in ("Lumo Coffee", ""):
        check_reserved(cleaned(typed), business=business)
