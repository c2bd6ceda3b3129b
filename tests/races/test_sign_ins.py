"""Sign-ins at once: right ones all pass, wrong ones are counted one by one, on real servers."""

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.guards.limits import LOOK_UPS, PAIRING_CODE, PASSWORDS_PERSON_HERE
from loyalty.models import Allowance, Device, SignInLink
from tests.factories import counter
from tests.factories.counter import PASSCODES
from tests.factories.device_operations import PAIR
from tests.factories.device_operations import SIGN_IN as SWITCH_ON
from tests.factories.doors import kinds, told
from tests.factories.people import PASSWORD, as_staff
from tests.factories.using_up import use_up
from tests.harness import databases
from tests.harness.crowd import Crowd
from tests.harness.servers import Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
SIGN_IN = """mutation ($input: SignInStaffInput!) { signInStaff(input: $input) {
  __typename ... on SignedIn { accessToken browserToken } ... on Refusal { code retryAt } } }"""
ASK = """mutation ($input: RequestMagicLinkInput!) { requestMagicLink(input: $input) {
  __typename ... on MagicLinkSent { claim } ... on Refusal { code } } }"""
EMAIL, HERE = "staff@alpha.example", "127.0.0.1"
LIMIT = PASSWORDS_PERSON_HERE.number
AT_ONCE = 24


@pytest.fixture(autouse=True)
def nothing_used(servers: Servers) -> None:
    with databases.connected_to(servers.database_name):
        Allowance.objects.all().delete()


def crowd(servers: Servers, size: int, token: str | None = None) -> Crowd:
    return Crowd([servers.client(number, "alpha", token) for number in range(size)])


def tries(*passwords: str, browser: str | None = None) -> list[dict[str, str]]:
    more = {"browserToken": browser} if browser else {}
    return [{"email": EMAIL, "password": password, **more} for password in passwords]


def test_right_passwords_at_once_all_pass(servers: Servers) -> None:
    found = told(crowd(servers, AT_ONCE), SIGN_IN, tries(*[PASSWORD] * AT_ONCE))
    assert kinds(found) == {"SignedIn": AT_ONCE}


def test_right_ones_pass_among_as_many_wrong_ones_as_are_let_through(servers: Servers) -> None:
    wrong = [f"wrong {number}" for number in range(LIMIT - 1)]
    mixed = [PASSWORD] * (AT_ONCE - len(wrong))
    found = told(crowd(servers, AT_ONCE), SIGN_IN, tries(*wrong, *mixed))
    assert kinds(found) == {"SignedIn": len(mixed), "SIGN_IN_FAILED": len(wrong)}
    # Exactly those were counted: one more is told that it is wrong, the next one is not judged.
    more = told(crowd(servers, 1), SIGN_IN, tries("wrong"))
    more += told(crowd(servers, 1), SIGN_IN, tries("wrong"))
    more += told(crowd(servers, 1), SIGN_IN, tries(PASSWORD))
    assert [each.get("code") for each in more] == ["SIGN_IN_FAILED", *["RATE_LIMITED"] * 2]


def test_wrong_ones_at_once_are_counted_exactly_and_close_nothing_that_is_known(
    servers: Servers,
) -> None:
    (first,) = told(crowd(servers, 1), SIGN_IN, tries(PASSWORD))
    wrong = tries(*(f"wrong {number}" for number in range(AT_ONCE)))
    known = tries(PASSWORD, PASSWORD, browser=first["browserToken"])
    found = told(crowd(servers, AT_ONCE + 2), SIGN_IN, [*wrong, *known])
    assert kinds(found) == {
        "SIGN_IN_FAILED": LIMIT,
        "RATE_LIMITED": AT_ONCE - LIMIT,
        "SignedIn": 2,
    }


def test_a_full_cafe_asks_for_its_mails_at_once(servers: Servers) -> None:
    people = [{"email": f"cafe{number}@alpha.example"} for number in range(60)]
    found = told(crowd(servers, len(people)), ASK, people)
    assert kinds(found) == {"MagicLinkSent": len(people)}
    with databases.connected_to(servers.database_name):
        assert SignInLink.objects.filter(email__startswith="cafe").count() == len(people)


def test_right_passcodes_at_once_neither_lock_nor_count(servers: Servers) -> None:
    with databases.connected_to(servers.database_name):
        at, staff = counter.till(), global_id("StaffMember", as_staff().id)
    right = {"staffId": staff, "passcode": PASSCODES[Role.STAFF]}
    found = told(crowd(servers, 12, at.token), SWITCH_ON, [right] * 12)
    assert kinds(found) == {"SignedIn": 12}
    with databases.connected_to(servers.database_name):
        row = Device.objects.get(pk=at.id)
        assert (row.tries, row.locked_at) == (0, None)


@pytest.mark.parametrize("guesses", [PAIRING_CODE.number - 1, PAIRING_CODE.number])
def test_a_pairing_code_outlives_nine_guesses_at_once_and_not_ten(
    servers: Servers, guesses: int
) -> None:
    with databases.connected_to(servers.database_name):
        code = counter.code()
        other = counter.code()
    end = "00" if code[-2:] != "00" else "11"
    bodies = [{"code": f"{code[:4]}{n:03d}{end}", "name": "Till"} for n in range(guesses)]
    found = told(crowd(servers, guesses), PAIR, bodies)
    assert kinds(found) == {"CODE_UNKNOWN": guesses}
    right = [{"code": each, "name": f"Till {each}"} for each in (code, other)]
    (first,) = told(crowd(servers, 1), PAIR, right[:1])
    (second,) = told(crowd(servers, 1), PAIR, right[1:])
    is_over = guesses == PAIRING_CODE.number
    assert first.get("code") == ("LINK_EXPIRED" if is_over else None)
    assert second["__typename"] == "DevicePaired"


def test_a_guest_who_used_up_the_address_keeps_nobody_from_pairing(servers: Servers) -> None:
    with databases.connected_to(servers.database_name):
        code = counter.code()
        use_up(LOOK_UPS, f"pairing {HERE}")
    start = "ZZZZ" if code[:3] != "ZZZ" else "YYYY"
    guesses = [{"code": f"{start}-Z{number:03d}", "name": "Till"} for number in range(20)]
    assert kinds(told(crowd(servers, 20), PAIR, guesses)) == {"RATE_LIMITED": 20}
    (found,) = told(crowd(servers, 1), PAIR, [{"code": code, "name": "Till"}])
    assert found["__typename"] == "DevicePaired"
