"""The smallest product that `make demo` can run, written into a folder."""

import json
import shutil
from pathlib import Path

from local.checkout import Checkout
from tests.local.conftest import with_environment

_MANAGE = """
import os, pathlib, sys, time
if sys.argv[1] == "demo":
    print("Migrating", os.environ["DATABASE_URL"])
    if os.environ.get("FAIL"):
        sys.exit("CommandError: the demo is told to fail")
    json_file, port = sys.argv[3], sys.argv[5]
    pathlib.Path(json_file).write_text(pathlib.Path("facts.json").read_text())
elif sys.argv[1] == "serve":
    # As the product's own command: in this process's place, with a worker of its own.
    options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
    server = ["-m", "granian", "--interface", "asgi", "--no-access-log", "--workers", "1"]
    where = ["--host", options["--host"], "--port", options["--port"]]
    more = ["--respawn-failed-workers", "--workers-kill-timeout", options["--grace"]]
    command = [sys.executable, *server, *where, *more, "config.server:application"]
    os.execv(command[0], command)
else:
    print(os.getpid(), flush=True)
    time.sleep(60)
"""
_SERVER = """
import os, pathlib
with pathlib.Path(os.environ["DEMO_DIR"], "web.pids").open("a") as out:
    print(os.getppid(), os.getpid(), file=out)
async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": os.environ["SECRET_KEY"].encode()})
"""
_FACTS = {
    "operator": {"email": "operator@plusone.example", "password": "let-me-in"},
    "businesses": {
        "lumo": {
            "name": "Lumo",
            "plan": "business",
            "site": "http://lumo.localhost",
            "outbox": "http://lumo.localhost/outbox",
            "owner": {"email": "olga@lumo.example", "password": "open-sesame", "token": "t"},
            "customers": [{"email": "carla@example.org"}],
        }
    },
}


def write(root: Path) -> Checkout:
    """A checkout with our local/ and this product."""
    here = Checkout.here().root
    shutil.copytree(here / "local", root / "local")
    for lock in here.glob("requirements*.lock"):
        shutil.copy(lock, root)
    (root / "config").mkdir()
    (root / "config" / "server.py").write_text(_SERVER)
    (root / "manage.py").write_text(_MANAGE)
    (root / "facts.json").write_text(json.dumps(_FACTS))
    return with_environment(root)
