"""`make test`: all tests, with a Postgres of their own."""

from local import chromium, entry, environment, throwaway
from local.checkout import Checkout
from local.profile import Profile


def main(arguments: list[str]) -> int:
    """Run pytest with the arguments; its exit code is ours."""
    checkout = Checkout.here()
    environment.ensure(checkout, environment.DEV)
    browser = {"CHROMIUM": chromium.ensure()}
    command = [str(checkout.python), "-m", "pytest", "-n", "2", *arguments]
    return throwaway.run(checkout, Profile.FAST, command, browser)


if __name__ == "__main__":
    entry.run(main)
