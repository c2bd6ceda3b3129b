"""Staff sign-in: right, wrong, locked out."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.actions.sign_in_staff import sign_in_staff
from loyalty.actions.sign_out import sign_out
from loyalty.errors import RateLimited, SignInFailed
from loyalty.models import AccessToken, StaffMember
from loyalty.queries.viewer import viewer
from loyalty.values import Anonymous, Role, StaffActor
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
EMAIL = "staff@alpha.example"


def test_the_right_password_opens() -> None:
    found = sign_in_staff(f" {EMAIL.upper()} ", PASSWORD, ip="192.0.2.1")
    actor = viewer(found.access.token)
    assert isinstance(actor, StaffActor)
    assert (actor.id, actor.role) == (found.staff.pk, Role.STAFF)
    row = AccessToken.objects.values().get(staff=found.staff)
    assert found.access.token not in repr(row)


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong"), ("nobody@alpha.example", PASSWORD), ("", ""), (EMAIL, "")],
)
def test_whatever_is_wrong_gets_one_answer(email: str, password: str) -> None:
    before = AccessToken.objects.count()
    with pytest.raises(SignInFailed):
        sign_in_staff(email, password, ip="192.0.2.1")
    assert AccessToken.objects.count() == before


def test_five_wrong_passwords_close_the_address_there_for_a_while(
    move_clock: Callable[[timedelta], None],
) -> None:
    for _ in range(5):
        with pytest.raises(SignInFailed):
            sign_in_staff(EMAIL, "wrong", ip="192.0.2.1")
    with pytest.raises(RateLimited) as refused:
        sign_in_staff(EMAIL, PASSWORD, ip="192.0.2.1")
    assert refused.value.retry_at is not None
    # A stranger's guesses do not keep the owner of the address out elsewhere.
    assert sign_in_staff(EMAIL, PASSWORD, ip="192.0.2.9").staff.name == "Staff"
    move_clock(timedelta(minutes=15))
    assert sign_in_staff(EMAIL, PASSWORD, ip="192.0.2.1").staff.name == "Staff"


def test_thirty_wrong_ones_from_many_places_close_it_too() -> None:
    for number in range(30):
        with pytest.raises(SignInFailed):
            sign_in_staff(EMAIL, "wrong", ip=f"192.0.2.{number}")
    with pytest.raises(RateLimited):
        sign_in_staff(EMAIL, PASSWORD, ip="192.0.2.99")


def test_right_passwords_are_not_counted() -> None:
    for _ in range(8):
        sign_in_staff(EMAIL, PASSWORD, ip="192.0.2.1")


def test_whoever_left_is_nobody_at_once() -> None:
    token = sign_in_staff(EMAIL, PASSWORD, ip="192.0.2.1").access.token
    StaffMember.objects.filter(role=Role.STAFF).update(is_active=False)
    assert isinstance(viewer(token), Anonymous)
    with pytest.raises(SignInFailed):
        sign_in_staff(EMAIL, PASSWORD, ip="192.0.2.1")


def test_a_token_ends_by_signing_out_and_by_time(
    move_clock: Callable[[timedelta], None],
) -> None:
    first = sign_in_staff(EMAIL, PASSWORD, ip="192.0.2.1").access.token
    second = sign_in_staff(EMAIL, PASSWORD, ip="192.0.2.1").access.token
    assert sign_out(first)
    assert not sign_out(first)
    assert isinstance(viewer(first), Anonymous)
    assert isinstance(viewer(second), StaffActor)
    move_clock(timedelta(hours=12))
    assert isinstance(viewer(second), Anonymous)
