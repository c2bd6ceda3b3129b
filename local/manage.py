"""`make manage` and `make shell`: manage.py with the settings of the running demo."""

import os

from local import entry, keys
from local.checkout import Checkout
from local.errors import LocalError
from local.postgres import Server
from local.profile import Profile


def main(arguments: list[str]) -> int:
    """Become `manage.py` with these arguments."""
    checkout = Checkout.here()
    if not (checkout.demo / "demo.json").exists() or not checkout.python.exists():
        raise LocalError("There is no demo yet: start one with make demo, in another terminal.")
    secrets = keys.load(checkout.demo / "keys.json")
    variables = {**secrets, "DEMO_DIR": str(checkout.demo), **_database(checkout, secrets)}
    command = [str(checkout.python), "manage.py", *arguments]
    os.chdir(checkout.root)
    os.execve(command[0], command, {**os.environ, **variables})  # noqa: S606 - no shell needed


def _database(checkout: Checkout, secrets: dict[str, str]) -> dict[str, str]:
    if os.environ.get("DATABASE_URL"):
        return {}
    server = Server.of(checkout, checkout.demo, Profile.DURABLE, secrets["SECRET_KEY"])
    if not server.alive():
        raise LocalError("The demo is not running: start it with make demo, in another terminal.")
    return {"DATABASE_URL": server.url, "PG_BIN": str(server.programs.folder)}


if __name__ == "__main__":
    entry.run(main)
