"""Behind a proxy, limits count by what the proxy wrote, whatever the caller wrote beside it."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from loyalty.guards.limits import PASSWORDS_PERSON_HERE
from tests.harness.servers import Server, Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
SIGN_IN = """mutation ($input: SignInStaffInput!) { signInStaff(input: $input) {
  __typename ... on Refusal { code } } }"""
# More than wrong passwords for one address from one place are allowed.
TRIES = PASSWORDS_PERSON_HERE.number + 2
PROXY = "X-Forwarded-For"
DISGUISES: dict[str, list[tuple[str, str]]] = {
    "none": [(PROXY, "203.0.113.7")],
    "a name that WSGI takes for it": [
        (PROXY, "203.0.113.7"),
        ("X_Forwarded_For", "198.51.100.#"),
    ],
    "that name before it": [("X_Forwarded_For", "198.51.100.#"), (PROXY, "203.0.113.7")],
    "half of that name": [(PROXY, "203.0.113.7"), ("X-Forwarded_For", "198.51.100.#")],
    "a line before": [(PROXY, "198.51.100.#"), (PROXY, "203.0.113.7")],
    "in its own line": [(PROXY, "198.51.100.#, 203.0.113.7")],
    "another address of one home": [(PROXY, "2001:db8:1:2::#")],
    "another port": [(PROXY, "203.0.113.7:100#")],
}


@pytest.fixture(scope="module")
def behind_a_proxy(servers: Servers) -> Iterator[Server]:
    with servers.another(TRUSTED_PROXIES="1") as server:
        yield server


def codes(server: Server, headers: list[tuple[str, str]]) -> list[str]:
    """What wrong passwords for one address hear, each try with another number in its headers."""
    email, heard = f"{uuid4().hex}@alpha.example", []
    variables = {"input": {"email": email, "password": "not the password"}}
    for number in range(TRIES):
        sent = [(name, value.replace("#", str(number + 1))) for name, value in headers]
        answer = httpx.post(
            f"http://{server.address}/graphql",
            headers=[("Host", f"alpha.localhost:{server.port}"), *sent],
            json={"query": SIGN_IN, "variables": variables},
            timeout=60,
        )
        heard.append(answer.json()["data"]["signInStaff"]["code"])
    return heard


@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_disguise_helps(behind_a_proxy: Server, disguise: str) -> None:
    heard = codes(behind_a_proxy, DISGUISES[disguise])
    assert heard[0] == "SIGN_IN_FAILED"
    assert heard[-1] == "RATE_LIMITED"


def test_other_places_count_for_themselves(behind_a_proxy: Server) -> None:
    for headers in ([(PROXY, "203.0.113.#")], [(PROXY, "2001:db8:7:#::1")]):
        assert set(codes(behind_a_proxy, headers)) == {"SIGN_IN_FAILED"}
