"""Operators are made and changed by commands, which act as the owner."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from tenants import context
from tenants.accounts.models import User
from tests.tenants.conftest import owner_for_a_while

__all__ = ["owner_for_a_while"]
pytestmark = pytest.mark.usefixtures("owner_for_a_while")
PASSWORD = "a long password of an operator"
EMAIL = "op@example.com"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., User]:
    """Runs a command with this password; the operator afterwards."""

    def call(*words: str, secret: str = PASSWORD) -> User:
        monkeypatch.setenv("OPERATOR_PASSWORD", secret)
        with context.public():
            call_command(*words)
            return User.objects.get(is_operator=True)

    return call


def test_an_operator_is_made_once(run: Callable[..., User]) -> None:
    assert run("create_operator", " OP@example.com").is_operator
    with pytest.raises(CommandError, match="already"):
        run("create_operator", EMAIL)


def test_an_operator_gets_a_new_password_and_is_shut_out(run: Callable[..., User]) -> None:
    run("create_operator", EMAIL)
    new = "another long password of theirs"
    assert run("change_operator", EMAIL, secret=new).check_password(new)
    with pytest.raises(CommandError, match="too short"):
        run("change_operator", EMAIL, secret="short")
    shut_out = run("change_operator", EMAIL, "--off")
    assert (shut_out.is_active, shut_out.check_password(new)) == (False, True)
    assert run("change_operator", EMAIL, "--on").is_active
    with pytest.raises(CommandError, match="no operator"):
        run("change_operator", "nobody@example.com", "--off")


@pytest.mark.parametrize("typed", ["op@müller.example", " OP@XN--MLLER-KVA.example"])
def test_an_operator_is_found_by_each_spelling(run: Callable[..., User], typed: str) -> None:
    assert run("create_operator", "op@müller.example").email == "op@xn--mller-kva.example"
    assert not run("change_operator", typed, "--off").is_active
