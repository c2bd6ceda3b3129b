"""Bodies on real sockets: read whole, however they are sent."""

import json

import httpx
import pytest

from tests.harness.servers import Servers

pytestmark = pytest.mark.xdist_group("servers")


def test_a_body_in_chunks_is_read(servers: Servers) -> None:
    server = servers.web[0]
    body = json.dumps({"query": "{ me { __typename } }"}).encode()
    answer = httpx.post(
        f"http://{server.address}/graphql",
        headers={"Host": f"alpha.localhost:{server.port}", "Content-Type": "application/json"},
        content=iter((body[:9], body[9:])),
        timeout=60,
    )
    assert answer.request.headers["Transfer-Encoding"] == "chunked"
    assert answer.status_code == 200
    assert answer.json() == {"data": {"me": {"__typename": "Anonymous"}}}
