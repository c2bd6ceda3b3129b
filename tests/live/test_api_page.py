"""The program in docs/api.md runs as it stands there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from graphql_api.ids import global_id
from loyalty.base.values import Role
from tests.factories import people
from tests.harness import databases
from tests.harness.servers import ROOT, Servers

pytestmark = pytest.mark.xdist_group("servers")


def described(servers: Servers) -> dict[str, object]:
    """What the demo writes down of a business, of alpha."""
    port = servers.web[0].port
    with databases.connected_to(servers.database_name):
        staff, ann = people.staff(Role.STAFF), people.customer("page@alpha.example")
        where = people.place()
    site = f"alpha.localhost:{port}"
    return {
        "address": f"127.0.0.1:{port}",
        "host": site,
        "socket": f"ws://{site}/graphql/ws",
        "staff": {"email": staff.email, "password": people.PASSWORD},
        "customers": [{"token": ann.token}],
        "presets": [{"id": global_id("Preset", where.preset_id)}],
        "locations": [{"id": global_id("Location", where.location_id)}],
    }


def test_the_program_in_python(servers: Servers, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    demo = tmp_path / "demo.json"
    demo.write_text(json.dumps({"businesses": {"lumo": described(servers)}}))
    ended = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env={**os.environ, "DEMO": str(demo)},
    )
    assert ended.returncode == 0, ended.stderr
    said = re.findall(r"\'status\': \'([A-Z]+)\'", ended.stdout)
    # By socket, and by stream.
    assert said == ["OPEN", "COLLECTED"] * 2
