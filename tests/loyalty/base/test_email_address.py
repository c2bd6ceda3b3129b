# ruff: noqa: RUF001  look-alikes are the matter of this file
"""One mailbox is one person: what mails reach by any spelling, and nobody else's."""

import string
from email import message_from_bytes
from email.policy import SMTP
from email.utils import getaddresses

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from loyalty.base.email_address import cleaned, mailbox, masked, spelled_before, spells
from loyalty.base.errors import InvalidInput

# The first address of a process reads the tables of IDNA.
unhurried = settings(deadline=None)
ATOMS = string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-"
# What people type, what they mistype, and what others try.
ODD = 'aAeſıİ\u212aßæ"\\ \t\r\n\0\x1f.@+,;:<>()[]%\u202e\u200d\u3002．ａ１ÅåΩ☃\u00ad\ud800-_'
names = st.text(ATOMS + ".", min_size=1, max_size=12)
hosts = st.sampled_from(
    [
        *("example.com", "EXAMPLE.com", "ｅｘａｍｐｌｅ.com", "example。com", "gmail.com"),
        *("GoogleMail.com", "müller.de", "MÜLLER.DE", "xn--mller-kva.de", "faß.de", "fass.de"),
        *("xn--fa-hia.de", "examp\u212ae.com", "ſam.de", "sam.de", "ıo.de", "io.de", "☃.net"),
        *("a_b.de", "-a.de"),
    ]
)
typed = st.one_of(
    st.builds("{}@{}".format, names, hosts),
    st.builds('"{}"@{}'.format, names, hosts),
    st.text(st.sampled_from(ODD + "@abc.de"), max_size=24),
    st.text(max_size=20).map(lambda text: f"{text}@example.com"),
    st.text(max_size=20).map(lambda text: f"ann@{text}.com"),
    st.emails(),
)


def wire(address: str) -> str:
    """Whom the mail library names to the mail server."""
    mail = EmailMessage("Subject", "Text", "us@example.com", [address])
    [(_, to)] = getaddresses([message_from_bytes(mail.message().as_bytes(), policy=SMTP)["To"]])
    [recipient] = mail.recipients()
    # The SMTP backend names the address of the header, not the one of the list.
    assert recipient == address
    return to


def accepted(text: str) -> str | None:
    try:
        return cleaned(text)
    except InvalidInput:
        return None


@unhurried
@given(typed, typed)
@example('"wel"@example.com', "wel@example.com")
@example("x@faß.de", "x@fass.de")
def test_what_mails_reach_is_one_person_and_two_people_never_share_it(one: str, two: str) -> None:
    first, second = accepted(one), accepted(two)
    assume(first is not None)
    assert first is not None
    assert wire(first) == first
    assert cleaned(first) == first
    if second is not None and wire(first) == wire(second):
        assert mailbox(first) == mailbox(second)


@unhurried
@given(typed)
def test_what_is_kept_is_plain(text: str) -> None:
    address = accepted(text)
    assume(address is not None)
    assert address is not None
    assert address.isascii()
    assert address == address.lower()
    assert not set(address) & set('"\\ ()<>[],;:')
    name, at, domain = address.partition("@")
    assert (bool(name), at, "." in domain) == (True, "@", True)
    assert len(name) <= 64
    assert len(address) <= 254
    # Nothing that stands before the @ was folded but the alphabet's own capitals.
    assert text.strip().rpartition("@")[0].lower() == name
    assert text.strip().rpartition("@")[0].isascii()


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ann.Lee+tag@Example.COM \n", "ann.lee+tag@example.com"),
        ("x2@müller.de", "x2@xn--mller-kva.de"),
        ("X2@XN--MLLER-KVA.de", "x2@xn--mller-kva.de"),
        ("x@faß.de", "x@xn--fa-hia.de"),
        ("ann@ｅｘａｍｐｌｅ。com", "ann@example.com"),
        ("o'neil@example.co.uk", "o'neil@example.co.uk"),
        ("i@ıo.de", "i@xn--o-eka.de"),
    ],
)
def test_one_spelling(text: str, address: str) -> None:
    assert cleaned(text) == address
    assert spells(text, address)


@pytest.mark.parametrize(
    "text",
    [
        *('"wel"@example.com', '"w\\el"@example.com', '"w el"@example.com', '""@example.com'),
        *("ſam@example.com", "\u212aim@example.com", "ıda@example.com", "müller@example.com"),
        *("ann@localhost", "ann@example", "ann@[127.0.0.1]", "ann@127.0.0.1", "ann@example.c"),
        *("ann@example.com.", "ann@.com", "ann@a..com", "ann@-a.com", "ann@a_b.com", "ann@☃.net"),
        *("", "@", "ann", "ann@", "@example.com", ".ann@example.com", "a..b@example.com"),
        *("a@b@example.com", "ann@example.com,bob@example.com", "Ann <ann@example.com>"),
        *("ann\r\n@example.com", "ann@exam\nple.com", "ann\0@example.com", "ann@\ud800.com"),
        *(f"{'a' * 65}@example.com", f"ann@{'a' * 64}.com", f"ann@{'a.' * 120}example.com"),
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        cleaned(text)
    assert refused.value.details == {"field": "email", "reason": "form"}


@pytest.mark.parametrize(
    ("address", "box"),
    [
        ("ann+a@example.com", "ann@example.com"),
        ("a.nn+a@googlemail.com", "ann@gmail.com"),
        ("+a@example.com", "+a@example.com"),
        # Kept from the time of an older rule: mails for them reach the plain mailbox.
        ('"wel"@example.com', "wel@example.com"),
        ('"w\\el+x"@example.com', "wel@example.com"),
        ('"a\\.b"@gmail.com', "ab@gmail.com"),
    ],
)
def test_whose_mailbox_it_is(address: str, box: str) -> None:
    assert mailbox(address) == box
    assert mailbox(wire(address)) == box


@unhurried
@given(st.text(ATOMS + '." \\', max_size=8), hosts)
def test_an_older_spelling_is_the_person_of_the_mailbox_that_its_mails_reach(
    inside: str, host: str
) -> None:
    typed_then = f'"{inside}"@{host}'
    address = spelled_before(typed_then)
    assume(address is not None)
    assert address is not None
    try:
        # The rule of then.
        validate_email(typed_then)
    except ValidationError:
        return
    assert mailbox(wire(address)) == mailbox(address)


def test_whoever_enrolled_by_an_older_rule_is_found_by_what_they_type() -> None:
    assert spelled_before('"Wel"@Example.com') == '"wel"@example.com'
    assert spelled_before("x@☃.net") == "x@xn--n3h.net"
    assert spells('"WEL"@example.com', '"wel"@example.com')
    # Nobody is found by a letter that folds onto another's, or by what has a spelling now.
    for text in ("\u212aim@example.com", "x@faß.de", "ann@example.com", "ann", "\0@a.de", ""):
        assert spelled_before(text) is None
    assert not spells("\u212aim@example.com", "kim@example.com")
    assert not spells("x@faß.de", "x@fass.de")
    assert not spells('"wel"@example.com', "wel@example.com")


def test_masked() -> None:
    assert masked("ann@example.com") == "a…@e…"
