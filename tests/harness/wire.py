"""HTTP without manners: any bytes to any path of a server."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from tests.harness.servers import Server


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def data(self) -> Any:
        """The one root field; None when there is none."""
        data = json.loads(self.text).get("data")
        return next(iter(data.values())) if data else None

    @property
    def codes(self) -> set[str]:
        """The codes of top-level errors and of a refusal."""
        found = json.loads(self.text)
        errors = {error.get("extensions", {}).get("code") for error in found.get("errors", [])}
        is_refusal = isinstance(self.data, dict) and "code" in self.data
        return (errors | ({self.data["code"]} if is_refusal else set())) - {None}


@dataclass
class Wire:
    """Speaks to one business of one server."""

    server: Server
    business: str

    def send(
        self,
        body: bytes | str | None,
        *,
        path: str = "/graphql",
        method: str = "POST",
        kind: str | None = "application/json",
        token: str | None = None,
        **headers: str,
    ) -> Answer:
        """Send this and nothing else; a name's `_` becomes `-`."""
        sent = {"Host": f"{self.business}.localhost:{self.server.port}"}
        sent |= {"Content-Type": kind} if kind is not None else {}
        # What a client of streams says; without it everything there is a 406.
        sent |= {"Accept": "text/event-stream"} if path.endswith("/stream") else {}
        sent |= {"Authorization": f"Bearer {token}"} if token else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        line = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            line.request(method, path, raw, sent)
            answer = line.getresponse()
            text = answer.read().decode()
            return Answer(answer.status, text, {k.lower(): v for k, v in answer.getheaders()})
        finally:
            line.close()

    def ask(
        self, query: str, *, token: str | None = None, cookie: str | None = None, **variables: Any
    ) -> Answer:
        """Send an operation."""
        body = json.dumps({"query": query, "variables": variables})
        headers = {"Cookie": f"plusone={cookie}"} if cookie else {}
        return self.send(body, token=token, **headers)
