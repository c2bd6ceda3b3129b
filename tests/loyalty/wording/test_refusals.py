"""Each refusal is said in one place: a sentence, and a page that says the same."""

import re
from collections.abc import Iterator

import pytest

from loyalty.base.errors import InvalidInput, Refused
from loyalty.wording.page_forms import PageForm, of_form
from loyalty.wording.refusal_text import refusal_page, sentence
from loyalty.wording.refusals import BY_CODE, REFUSALS
from loyalty.wording.wrong_values import wrong_values

NOUNS = "visits|codes|programs|stamps|cards|tries|minutes|hours|days|points|ones"
ONE_OF_MANY = re.compile(rf"\b1 (more )?(wrong )?(pairing )?({NOUNS})\b|\b1 (\w+ )?(wait|count)\b")


def kinds(kind: type[Refused] = Refused) -> Iterator[type[Refused]]:
    for each in kind.__subclasses__():
        yield each
        yield from kinds(each)


def said(kind: type[Refused], count: int) -> Iterator[Refused]:
    """The refusal in all its variants, with all that a sentence may need."""
    facts: dict[str, str | int] = {"limit": count, "missing": count, "cards": 100}
    yield kind(details=facts)
    for money in ("EUR", "JPY"):
        yield kind(details={**facts, "currency": money})
    for what in BY_CODE[kind.code].variants:
        yield kind(details={**facts, "what": what})
        yield kind(details={**facts, "field": what})


EVERY = [each for kind in REFUSALS for count in (1, 2) for each in said(kind, count)]


def test_every_class_has_its_entry() -> None:
    ours = {kind for kind in kinds() if kind.__module__.startswith("loyalty.")}
    assert {kind.code for kind in ours} == set(BY_CODE)
    assert len(BY_CODE) == len(REFUSALS)


def test_every_meaning_is_a_sentence_of_its_own() -> None:
    meanings = [words.meaning for words in REFUSALS.values()]
    assert len({*meanings}) == len(meanings)
    for each in meanings:
        assert each[0].isupper()
        assert each.endswith(".")


@pytest.mark.parametrize("refused", EVERY, ids=lambda each: f"{each.code} {each.details}")
def test_every_page_has_a_title_and_a_whole_sentence(refused: Refused) -> None:
    page = refusal_page(refused)
    assert page.code == refused.code
    assert 400 <= page.status < 500
    assert page.title[0].isupper()
    assert not page.title.endswith(".")
    for text in (page.text, sentence(refused.code, refused.details)):
        assert text.endswith(".")
        assert "%" not in page.title + text


@pytest.mark.parametrize("kind", REFUSALS)
def test_one_of_a_thing_is_said_in_the_singular(kind: type[Refused]) -> None:
    texts = [refusal_page(each).text for each in said(kind, 1)]
    texts += [sentence(each.code, each.details) for each in said(kind, 1)]
    texts += [refusal_page(kind(details={"triesLeft": 1}), minutes=n).text for n in (1, 60, 1440)]
    assert [text for text in texts if ONE_OF_MANY.search(text)] == []


@pytest.mark.parametrize(("field", "reason"), [each[:2] for each in wrong_values()])
def test_a_page_says_what_is_wrong_with_a_value(field: str, reason: str) -> None:
    """As the API does; only an address is said to be none."""
    refused = InvalidInput(details={"field": field, "reason": reason, "limit": 9})
    page = refusal_page(refused)
    if field == "email":
        assert page.title == "This is no e-mail address"
    else:
        assert page.title == "This value cannot be used"
        assert page.text == sentence(refused.code, refused.details)


def test_a_page_without_words_of_its_own_says_the_sentence() -> None:
    bare = [kind for kind in REFUSALS if refusal_page(kind()).title == "That is not possible"]
    assert bare
    for kind in bare:
        assert refusal_page(kind()).text == sentence(kind.code, {})


def test_a_form_says_what_was_not_done_there() -> None:
    taken = InvalidInput(details={"field": "name", "reason": "length", "limit": 60})
    texts = {refusal_page(taken, form=form).text for form in (*PageForm, None)}
    # The photo's form has nothing to say of a name.
    assert len(texts) == len(PageForm)
    assert of_form(PageForm.PHOTO, taken) is None
    assert refusal_page(taken, form=PageForm.PAIRING).text == (
        "Nothing was paired. Type 1 to 60 letters or digits."
    )
