"""Sixty-four passcodes at once on one device: five are judged; one code, one device."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Role
from loyalty.models import AccessToken, Device, Event
from tests.factories import counter, people
from tests.factories.counter import PASSCODES, Till
from tests.factories.doors import ROUNDS
from tests.factories.people import as_staff
from tests.harness import databases
from tests.harness.crowd import Crowd, root
from tests.harness.servers import Client, Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
GUESSERS = 64
SIGN_IN = """mutation ($input: SignInOnDeviceInput!) { signInOnDevice(input: $input) {
  __typename ... on SignedIn { accessToken } ... on Refusal { code } } }"""
SET = """mutation ($input: SetPasscodeInput!) { setPasscode(input: $input) {
  __typename ... on Refusal { code } } }"""
OTHER = "80417"
PAIR = """mutation ($input: PairDeviceInput!) { pairDevice(input: $input) {
  __typename ... on DevicePaired { deviceToken } ... on Refusal { code } } }"""


def crowd(servers: Servers, token: str | None) -> Crowd:
    return Crowd([Client(servers.web[n % 2], "alpha", token) for n in range(GUESSERS)])


def heard(guessers: Crowd, query: str, bodies: list[dict[str, Any]]) -> Counter[str]:
    answers = guessers.at_once(query, partial(list.__getitem__, bodies))
    guessers.close()
    found = [root(answer) for answer in answers]
    return Counter(each.get("code", each["__typename"]) for each in found)


def paired(servers: Servers) -> tuple[Till, str]:
    with databases.connected_to(servers.database_name):
        return counter.till(), global_id("StaffMember", as_staff().id)


def test_five_guesses_are_judged(servers: Servers) -> None:
    at, staff = paired(servers)
    bodies = [{"staffId": staff, "passcode": f"{number:04d}"} for number in range(GUESSERS)]
    found = heard(crowd(servers, at.token), SIGN_IN, bodies)
    assert found == {"SIGN_IN_FAILED": 5, "DEVICE_LOCKED": GUESSERS - 5}
    with databases.connected_to(servers.database_name):
        assert (at.row.tries, at.row.locked_at is not None) == (5, True)
        assert Event.objects.filter(kind="device_locked", device_id=at.id).count() == 1
    right = {"staffId": staff, "passcode": PASSCODES[Role.STAFF]}
    client = Client(servers.web[1], "alpha", at.token)
    assert client.ask(SIGN_IN, input=right)["code"] == "DEVICE_LOCKED"


def test_one_code_makes_one_device(servers: Servers) -> None:
    with databases.connected_to(servers.database_name):
        code, before = counter.code(), Device.objects.count()
    bodies = [{"code": code, "name": f"Till {number}"} for number in range(GUESSERS)]
    found = heard(crowd(servers, None), PAIR, bodies)
    # From one address at most ten are looked up at once.
    assert found["DevicePaired"] == 1
    assert found["LINK_EXPIRED"] + found["RATE_LIMITED"] == GUESSERS - 1
    with databases.connected_to(servers.database_name):
        assert Device.objects.count() == before + 1


def test_a_new_passcode_leaves_nobody_on_by_the_old_one(servers: Servers) -> None:
    for turn in range(ROUNDS):
        at, staff = paired(servers)
        with databases.connected_to(servers.database_name):
            owner = people.staff(Role.OWNER).token
        switching = [Client(servers.web[n % 2], "alpha", at.token) for n in range(4)]
        everybody = Crowd([*switching, Client(servers.web[0], "alpha", owner)])
        old, new = (PASSCODES[Role.STAFF], OTHER)[:: 1 if turn % 2 == 0 else -1]
        right = {"staffId": staff, "passcode": old}
        change = {"staffId": staff, "passcode": new}
        everybody.each([*[(SIGN_IN, right)] * 4, (SET, change)])
        everybody.close()
        with databases.connected_to(servers.database_name):
            assert not AccessToken.objects.filter(device=at.id, revoked_at=None).exists()
            # Anybody who was refused while the passcode changed did not use up the device.
            Device.objects.filter(pk=at.id).update(tries=0, locked_at=None)
        client = Client(servers.web[1], "alpha", at.token)
        assert client.ask(SIGN_IN, input=change)["__typename"] == "SignedIn"
