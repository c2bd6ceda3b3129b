"""A business as its people reach it from outside: over HTTP."""

import time
from dataclasses import dataclass

import httpx

from tests.factories.operations import MINT
from tests.factories.people import PASSWORD
from tests.harness.servers import Client, Server

_SIGN_IN = """mutation ($input: SignInStaffInput!) { signInStaff(input: $input) {
  ... on SignedIn { accessToken } } }"""
_WHERE = "{ programs { edges { node { id } } } locations { edges { node { id } } } }"
_PATIENCE = 20.0


@dataclass
class Shop:
    """One business on one server."""

    server: Server
    business: str = "alpha"

    @property
    def site(self) -> str:
        """Where its pages are; browsers know where *.localhost is."""
        return f"http://{self.business}.localhost:{self.server.port}"

    def minted(self) -> str:
        """The page that a fresh QR code leads to."""
        return f"{self.site}/c/{self._token()}"

    def mail(self, to: str, *, number: int = 1) -> tuple[str, str]:
        """Link and code of the address's mail with this number, once it has arrived."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            found = [mail for mail in self._outbox() if mail["to"] == to]
            if len(found) >= number:
                path = found[-number]["link"].partition("/l/")[2]
                return f"{self.site}/l/{path}", found[-number]["code"]
            time.sleep(0.1)
        raise TimeoutError(f"No mail to {to}.")

    def staff_token(self, role: str = "staff") -> str:
        """A staff member's bearer token."""
        given = {"email": f"{role}@{self.business}.example", "password": PASSWORD}
        token: str = Client(self.server, self.business).ask(_SIGN_IN, input=given)["accessToken"]
        return token

    def _token(self) -> str:
        client = Client(self.server, self.business, self.staff_token())
        where = client.post(_WHERE).json()["data"]
        wanted = {
            "programId": where["programs"]["edges"][0]["node"]["id"],
            "locationId": where["locations"]["edges"][0]["node"]["id"],
        }
        token: str = client.ask(MINT, input=wanted)["token"]
        return token

    def _outbox(self) -> list[dict[str, str]]:
        headers = {**Client(self.server, self.business).headers, "Accept": "application/json"}
        answer = httpx.get(f"http://{self.server.address}/outbox", headers=headers)
        mails: list[dict[str, str]] = answer.json()["mails"]
        return mails
