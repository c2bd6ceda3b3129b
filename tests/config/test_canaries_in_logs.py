"""No secret that stands in an address reaches the log, and every line of it is JSON."""

import json
import logging
import subprocess
import sys
from io import StringIO

import httpx
import pytest

from config import logging as ours
from tests.harness.servers import ROOT, Servers

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
CANARY = "CaNaRy-_123456789"
ADDRESSES = [
    f"/c/{CANARY}",
    f"/c/{CANARY}/code",
    f"/c/{CANARY}?x=1",
    f"/l/{CANARY}",
    f"/l/{CANARY}%2F{CANARY}",
    f"/pair/{CANARY}",
    f"/pair/{CANARY}/",
    f"//pair/{CANARY}",
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
def test_addresses_with_secrets(servers: Servers, method: str) -> None:
    before = len(servers.log())
    for address in ADDRESSES:
        answer = httpx.request(
            method,
            f"http://{servers.web[0].address}{address}",
            headers={"Host": f"alpha.localhost:{servers.web[0].port}", "Accept": "text/html"},
            timeout=60,
        )
        assert answer.status_code < 500
    assert CANARY not in servers.log()[before:]


def test_every_line_of_a_server_is_json(servers: Servers) -> None:
    with servers.another() as server:
        httpx.get(f"http://{server.address}/nowhere", timeout=60)
    lines = servers.log().splitlines()
    assert len(lines) > 5
    for line in lines:
        found = json.loads(line)
        assert {"levelname", "name", "message", "schema"} <= found.keys()


@pytest.mark.parametrize("name", ["granian.access", "_granian", "py.warnings", "uvicorn.error"])
def test_a_library_writes_as_we_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    chosen = ours.configuration(level="INFO")
    handler = logging.StreamHandler(out)
    handler.addFilter(ours.SecretFilter())
    handler.setFormatter(ours.QuietFormatter(chosen["formatters"]["json"]["format"]))
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    logging.getLogger(name).warning('- "GET /pair/%s HTTP/1.1" 200', CANARY)
    assert json.loads(out.getvalue())["message"] == '- "GET /pair/… HTTP/1.1" 200'


def test_warnings_of_python_are_lines_of_the_log() -> None:
    code = "import warnings; warnings.warn('a \"warning\"')"
    words = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    (line,) = ended.stderr.splitlines()
    found = json.loads(line)
    assert found["name"] == "py.warnings"
    assert 'a "warning"' in found["message"]
