"""A Postgres for one run of one command, gone afterwards with its data.

`python -m local.throwaway fast|durable COMMAND …` runs the command with DATABASE_URL set to it.
"""

import contextlib
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from local import catalogues, entry, environment, foreground, locked, progress
from local.checkout import Checkout
from local.errors import LocalError
from local.postgres import Server
from local.profile import Profile

# Of no use to anybody: they protect only what is thrown away.
KEYS = {"SECRET_KEY": "for-tests-only-" * 4, "TOKEN_KEY": "for-tokens-of-tests-only-" * 2}


def run(
    checkout: Checkout, profile: Profile, command: Sequence[str], more: Mapping[str, str]
) -> int:
    """The exit code of the command, run beside a new server and with `more` in its environment."""
    with server(checkout, profile) as postgres:
        where = {"DATABASE_URL": postgres.url, "PG_BIN": str(postgres.programs.folder)}
        return foreground.run(command, checkout.root, {**KEYS, **where, **more})


@contextlib.contextmanager
def server(checkout: Checkout, profile: Profile) -> Iterator[Server]:
    """A running server with an empty database `plusone`."""
    with _own_folder(checkout) as folder:
        postgres = _of(checkout, folder, profile)
        try:
            with progress.step(f"Starting a throw-away Postgres ({profile.value})"):
                postgres.start()
            yield postgres
        finally:
            _throw_away(postgres, folder)


@contextlib.contextmanager
def _own_folder(checkout: Checkout) -> Iterator[Path]:
    checkout.test.mkdir(exist_ok=True)
    with contextlib.ExitStack() as held:
        with locked.waiting(checkout.test / "lock"):
            sweep(checkout)
            folder = checkout.test / f"run-{secrets.token_hex(4)}"
            folder.mkdir()
            held.enter_context(locked.at_once(folder / "lock"))
        yield folder


def sweep(checkout: Checkout) -> None:
    """Throw away what a killed run left; those whose lock is held are at work."""
    for folder in checkout.test.glob("run-*"):
        with locked.at_once(folder / "lock") as held:
            if held is not None:
                _throw_away(_of(checkout, folder, Profile.FAST), folder)


def _of(checkout: Checkout, folder: Path, profile: Profile) -> Server:
    return Server.of(checkout, folder, profile, salt=folder.name)


def _throw_away(postgres: Server, folder: Path) -> None:
    postgres.stop()
    shutil.rmtree(postgres.home, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Run the given command; its exit code is ours."""
    profiles = [each.value for each in Profile]
    if not arguments[1:] or arguments[0] not in profiles:
        raise LocalError(f"Usage: python -m local.throwaway {'|'.join(profiles)} COMMAND …")
    checkout = Checkout.here()
    environment.ensure(checkout, environment.DEV)
    catalogues.ensure(checkout)
    return run(checkout, Profile(arguments[0]), arguments[1:], {})


if __name__ == "__main__":
    entry.run(main)
