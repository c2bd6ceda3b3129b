"""Operators' passwords are tried ten times in a quarter of an hour, from wherever and at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models import F
from django.test import Client
from pytest_django import Settings

from tenants import context
from tenants.accounts.models import User
from tenants.models import OperatorAttempts
from tenants.operators.attempts import MINUTES, TRIES
from tests.harness.acting import as_owner

PASSWORD = "a long password of an operator"
EMAIL = "op@example.com"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """Hundreds of tries are counted here; the product's hashes take their time on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def operator(db: None) -> User:  # noqa: ARG001  this test's own rows
    return make_operator(EMAIL)


def make_operator(email: str) -> User:
    with context.public(), as_owner():
        return User.objects.create_user(email, PASSWORD, operator=True)


def browser(address: str = "192.0.2.1") -> Client:
    return Client(headers={"Host": "localhost"}, REMOTE_ADDR=address)


def enters(who: Client, password: str, *, email: str = EMAIL) -> bool:
    form = {"username": email, "password": password, "next": "/admin/"}
    answer = who.post("/admin/login/", form)
    assert answer.status_code in {200, 302}
    return answer.status_code == 302


def rows() -> dict[str, int]:
    with context.public():
        return dict(OperatorAttempts.objects.values_list("key", "tries"))


def later(minutes: int) -> None:
    with context.public():
        shift = timedelta(minutes=minutes)
        OperatorAttempts.objects.update(since=F("since") - shift)


def use_up(email: str = EMAIL, *, network: int = 0) -> None:
    """All tries of the account, each from an address of its own."""
    for number in range(TRIES):
        assert not enters(browser(f"198.51.{network}.{number}"), f"wrong {number}", email=email)


def test_the_right_password_enters(operator: User) -> None:
    assert enters(browser(), PASSWORD)
    with context.public():
        assert User.objects.get().last_login is not None
    assert set(rows().values()) == {0}
    assert operator.is_operator


def test_after_too_many_wrong_ones_the_right_one_is_refused(operator: User) -> None:
    use_up()
    before = rows()
    for number in range(5):
        assert not enters(browser(f"203.0.113.{number}"), PASSWORD)
    # What is refused for its number writes nothing about the account.
    assert rows()[f"operator:{operator.pk}"] == before[f"operator:{operator.pk}"] == TRIES
    later(MINUTES - 1)
    assert not enters(browser("203.0.113.9"), PASSWORD)
    later(2)
    assert enters(browser("203.0.113.9"), PASSWORD)


def test_an_address_is_shut_out_of_all_accounts_and_takes_no_tries_from_them(
    operator: User,
) -> None:
    for number in range(TRIES + 30):
        assert not enters(browser(), "wrong", email=f"nobody{number}@example.com")
    assert not enters(browser(), PASSWORD)
    assert f"operator:{operator.pk}" not in rows()
    assert enters(browser("192.0.2.2"), PASSWORD)


def test_one_home_of_ipv6_is_one_address(operator: User) -> None:
    for number in range(TRIES):
        enters(browser(f"2001:db8::{number:x}"), "wrong", email=f"nobody{number}@example.com")
    assert not enters(browser("2001:db8::ffff"), PASSWORD)
    assert enters(browser("2001:db8:0:1::1"), PASSWORD)
    assert operator.is_active


def test_a_known_browser_enters_while_strangers_use_up_the_account(operator: User) -> None:
    known = browser()
    assert enters(known, PASSWORD)
    known.post("/admin/logout/")
    use_up()
    assert enters(known, PASSWORD)
    assert not enters(browser("203.0.113.1"), PASSWORD)
    # It has no more tries than others, and opens nobody else's account.
    make_operator("other@example.com")
    use_up("other@example.com", network=1)
    assert not enters(known, PASSWORD, email="other@example.com")
    later(MINUTES + 1)
    known.post("/admin/logout/")
    for number in range(TRIES):
        assert not enters(known, f"wrong {number}")
    assert not enters(known, PASSWORD)
    assert operator.is_active


def test_a_known_browser_enters_while_strangers_use_up_its_address(operator: User) -> None:
    known, stranger = browser(), browser()
    assert enters(known, PASSWORD)
    known.post("/admin/logout/")
    for number in range(TRIES):
        assert not enters(stranger, PASSWORD, email=f"nobody{number}@example.com")
    assert not enters(stranger, PASSWORD)
    assert enters(known, PASSWORD)
    assert operator.is_active


def test_a_forged_cookie_knows_nobody(operator: User) -> None:
    use_up()
    for value in (str(operator.pk), f"{operator.pk}:1:x", "", "x" * 4000):
        forger = browser("203.0.113.1")
        forger.cookies["known"] = value
        assert not enters(forger, PASSWORD)


def test_words_of_strangers_make_few_rows(db: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  this test's own rows
    monkeypatch.setattr("tenants.operators.attempts._BUCKETS", 4)
    for number in range(30):
        enters(browser(f"198.51.100.{number}"), "wrong", email=f"nobody{number}@example.com")
    assert len(rows()) <= 8


def test_nobody_learns_whether_an_account_exists(operator: User) -> None:
    use_up()
    use_up("nobody@example.com", network=1)
    pages = {}
    for email in (EMAIL, "nobody@example.com"):
        form = {"username": email, "password": PASSWORD}
        page = browser("203.0.113.1").post("/admin/login/", form).content.decode()
        pages[email] = page.replace(email, "").partition("errornote")[2].partition("</form>")[0]
    assert pages[EMAIL].split("value=")[0] == pages["nobody@example.com"].split("value=")[0]
    assert f"{TRIES} wrong tries" in pages[EMAIL]
    assert operator.is_active


@pytest.mark.usefixtures("own_database")
def test_tries_at_once_are_counted_too() -> None:
    with connections["owner"].cursor() as cursor, context.public():
        cursor.execute(
            "INSERT INTO public.accounts_user (email, password, is_active, is_operator)"
            " VALUES (%s, 'x', true, true)",
            [EMAIL],
        )
    looked_at: list[str] = []

    def look(password: str, *_: object) -> bool:
        looked_at.append(password)
        return False

    def attempt(number: int) -> None:
        try:
            enters(browser(f"198.51.100.{number}"), f"wrong {number}")
        finally:
            connections.close_all()

    with pytest.MonkeyPatch.context() as patched, ThreadPoolExecutor(8) as pool:
        # Only to count: hashing forty passwords takes its time.
        patched.setattr("tenants.operators.backend.check_password", look)
        list(pool.map(attempt, range(40)))
    assert len(looked_at) == TRIES


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["op@müller.example", " OP@XN--MLLER-KVA.example "])
def test_an_operator_enters_by_each_spelling_of_the_address(typed: str) -> None:
    make_operator("op@xn--mller-kva.example")
    assert enters(browser(), PASSWORD, email=typed)
