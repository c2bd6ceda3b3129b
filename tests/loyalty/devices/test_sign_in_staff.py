"""Staff sign-in: right, wrong, locked out."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.base.errors import RateLimited, SignInFailed
from loyalty.base.values import Anonymous, Role, StaffActor
from loyalty.db.roundtrip import database_now
from loyalty.devices.sign_in_staff import ShownTokens, sign_in_staff
from loyalty.guards.limits import (
    PASSWORDS_ADDRESS,
    PASSWORDS_DEVICE,
    PASSWORDS_KNOWN,
    PASSWORDS_PERSON,
    PASSWORDS_PERSON_HERE,
)
from loyalty.models import AccessToken, Allowance, Device, KnownBrowser, StaffMember
from loyalty.people.known_browsers import remember_browser
from loyalty.people.sign_out import sign_out
from loyalty.people.viewer import viewer
from tests.factories.counter import everything, till
from tests.factories.people import PASSWORD, as_staff
from tests.factories.using_up import use_up

pytestmark = pytest.mark.django_db
EMAIL = "staff@alpha.example"
GUEST = ShownTokens("192.0.2.1")
Move = Callable[[timedelta], None]


def test_the_right_password_opens() -> None:
    found = sign_in_staff(f" {EMAIL.upper()} ", PASSWORD, where=ShownTokens("192.0.2.1"))
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
        sign_in_staff(email, password, where=ShownTokens("192.0.2.1"))
    assert AccessToken.objects.count() == before


def wrong(times: int, where: ShownTokens = GUEST, email: str = EMAIL) -> None:
    for _ in range(times):
        with pytest.raises(SignInFailed):
            sign_in_staff(email, "wrong", where=where)


def closed(where: ShownTokens, email: str = EMAIL, password: str = PASSWORD) -> RateLimited:
    """Refused, with nothing written."""
    before = everything()
    with pytest.raises(RateLimited) as refused:
        sign_in_staff(email, password, where=where)
    assert everything() == before
    return refused.value


def test_ten_wrong_ones_close_a_stranger_s_browser_there_for_a_moment(move_clock: Move) -> None:
    use_up(PASSWORDS_PERSON_HERE, f"{GUEST.ip} {EMAIL}", but=2)
    wrong(2)
    soon = closed(GUEST).retry_at
    assert soon is not None
    assert soon - database_now() < timedelta(seconds=91)
    # Elsewhere it is open, and here again with each step; not for all of them at once.
    assert sign_in_staff(EMAIL, PASSWORD, where=ShownTokens("192.0.2.9")).staff.name == "Staff"
    move_clock(timedelta(seconds=90))
    wrong(1)
    closed(GUEST)
    move_clock(timedelta(seconds=180))
    assert sign_in_staff(EMAIL, PASSWORD, where=GUEST).staff.name == "Staff"


def test_a_guest_closes_nothing_for_a_browser_that_is_known() -> None:
    at_the_shop = ShownTokens(GUEST.ip, browsers=(known(),))
    wrong(1, email="made-up@alpha.example")
    use_up(PASSWORDS_ADDRESS, GUEST.ip)
    closed(GUEST, email="another@alpha.example")
    use_up(PASSWORDS_PERSON, EMAIL, but=1)
    wrong(1, where=ShownTokens("198.51.100.1"))
    closed(ShownTokens("203.0.113.9"))
    assert sign_in_staff(EMAIL, PASSWORD, where=at_the_shop).staff.name == "Staff"
    # Nor for anybody who stands at a device of the business, in a browser that nobody knows.
    on_device = ShownTokens(GUEST.ip, devices=(None, "x", till().token))
    assert sign_in_staff(EMAIL, PASSWORD, where=on_device).staff.name == "Staff"


def test_a_known_browser_has_ten_tries_of_its_own_and_for_its_person_alone() -> None:
    mine = ShownTokens(GUEST.ip, browsers=("x", known()))
    use_up(PASSWORDS_KNOWN, str(KnownBrowser.objects.get().pk), but=1)
    wrong(1, where=mine)
    closed(mine)
    assert sign_in_staff(EMAIL, PASSWORD, where=GUEST).staff.name == "Staff"
    use_up(PASSWORDS_PERSON_HERE, f"{GUEST.ip} manager@alpha.example")
    closed(mine, email="manager@alpha.example")


def test_a_device_has_ten_whoever_is_named() -> None:
    device = till()
    here = ShownTokens(GUEST.ip, devices=(device.token,))
    use_up(PASSWORDS_DEVICE, str(device.id), but=3)
    for email in (EMAIL, "manager@alpha.example", "nobody@alpha.example"):
        wrong(1, where=here, email=email)
    closed(here)
    assert sign_in_staff(EMAIL, PASSWORD, where=GUEST).staff.name == "Staff"
    Device.objects.update(revoked_at=database_now())
    assert sign_in_staff(EMAIL, PASSWORD, where=here).staff.name == "Staff"


def test_right_passwords_are_not_counted() -> None:
    for _ in range(3):
        sign_in_staff(EMAIL, PASSWORD, where=GUEST)
    use_up(PASSWORDS_PERSON_HERE, f"{GUEST.ip} {EMAIL}", but=1)
    sign_in_staff(EMAIL, PASSWORD, where=GUEST)
    wrong(1)
    closed(GUEST)


def test_a_browser_becomes_known_by_a_right_password_alone() -> None:
    wrong(1)
    assert not KnownBrowser.objects.exists()
    token = known()
    row = KnownBrowser.objects.get()
    assert (row.staff_id, row.customer_id) == (as_staff().id, None)
    assert token not in repr(KnownBrowser.objects.values().get())
    again = sign_in_staff(EMAIL, PASSWORD, where=ShownTokens(GUEST.ip, browsers=(token,)))
    assert (again.browser, KnownBrowser.objects.count()) == (None, 1)
    assert viewer(token) == Anonymous()
    for _ in range(25):
        remember_browser(None, now=database_now(), staff_id=as_staff().id)
    assert KnownBrowser.objects.count() == 20


def test_no_word_of_a_stranger_is_kept() -> None:
    wrong(3, email="canary@alpha.example")
    assert "canary" not in repr(list(Allowance.objects.values()))
    assert GUEST.ip not in repr(list(Allowance.objects.values()))


def known() -> str:
    """The token of a browser in which the staff member has signed in."""
    return sign_in_staff(EMAIL, PASSWORD, where=ShownTokens("192.0.2.77")).browser or ""


def test_whoever_left_is_nobody_at_once() -> None:
    token = sign_in_staff(EMAIL, PASSWORD, where=ShownTokens("192.0.2.1")).access.token
    StaffMember.objects.filter(role=Role.STAFF).update(is_active=False)
    assert isinstance(viewer(token), Anonymous)
    with pytest.raises(SignInFailed):
        sign_in_staff(EMAIL, PASSWORD, where=ShownTokens("192.0.2.1"))


def test_a_token_ends_by_signing_out_and_by_time(
    move_clock: Callable[[timedelta], None],
) -> None:
    first = sign_in_staff(EMAIL, PASSWORD, where=ShownTokens("192.0.2.1")).access.token
    second = sign_in_staff(EMAIL, PASSWORD, where=ShownTokens("192.0.2.1")).access.token
    assert sign_out(first)
    assert not sign_out(first)
    assert isinstance(viewer(first), Anonymous)
    assert isinstance(viewer(second), StaffActor)
    move_clock(timedelta(hours=12))
    assert isinstance(viewer(second), Anonymous)
