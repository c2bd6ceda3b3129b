"""`make test`: all tests, with a Postgres of their own; PART names folders of tests."""

import os

from local import catalogues, chromium, entry, environment, parts, throwaway
from local.checkout import Checkout
from local.profile import Profile

# pytest's own word for: there was nothing to run.
_NO_TESTS = 5
# Named on purpose, so that the operators' admin is there.
_HOSTS = "localhost,127.0.0.1"
_BROWSER = "tests/browser"


def main(arguments: list[str]) -> int:
    """Run pytest with the arguments, browsers in a run of their own; 0 when both are well."""
    checkout = Checkout.here()
    runs = _runs(parts.folders(checkout.root, os.environ.get("PART", "")), arguments)
    environment.ensure(checkout, environment.DEV)
    catalogues.ensure(checkout)
    given = {"CHROMIUM": chromium.ensure(), "PUBLIC_HOSTS": _HOSTS}
    pytest = [str(checkout.python), "-m", "pytest", "-n", "2"]
    codes = [throwaway.run(checkout, Profile.FAST, [*pytest, *run], given) for run in runs]
    ran = [code for code in codes if code != _NO_TESTS]
    return max(ran) if ran else _NO_TESTS


def _runs(folders: list[str], arguments: list[str]) -> list[list[str]]:
    """What each run of pytest is given; files that are named run together.

    A browser driver keeps an event loop running in the process that started it, for good: what
    uses the database or a loop of its own afterwards would be refused. So browsers run apart.
    """
    if any(argument.startswith("tests") for argument in arguments):
        return [[*folders, *arguments]]
    others = [folder for folder in folders if folder != _BROWSER]
    if not folders:
        others = [f"--ignore={_BROWSER}"]
    browsers = [_BROWSER] if not folders or _BROWSER in folders else []
    return [[*run, *arguments] for run in (others, browsers) if run]


if __name__ == "__main__":
    entry.run(main)
