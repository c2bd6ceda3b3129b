"""`make test`: all tests, with a Postgres of their own."""

from local import chromium, entry, environment, throwaway
from local.checkout import Checkout
from local.profile import Profile

# pytest's own word for: there was nothing to run.
_NO_TESTS = 5
# A browser driver keeps an event loop running in the process that started it, for good: whoever
# uses the database or a loop of their own afterwards would be refused.
# More than there are texts in, among them one from right to left: tests of choosing need several.
_LANGUAGES = "en,ar,de,it,pl,zh-hans"
_PARTS = (["--ignore=tests/browser"], ["tests/browser"])


def main(arguments: list[str]) -> int:
    """Run pytest with the arguments, browsers in a run of their own; 0 when both are well."""
    checkout = Checkout.here()
    environment.ensure(checkout, environment.DEV)
    given = {"CHROMIUM": chromium.ensure(), "LANGUAGES": _LANGUAGES}
    pytest = [str(checkout.python), "-m", "pytest", "-n", "2"]
    # Whoever names files wants those, in one run.
    parts = ([],) if _names_files(arguments) else _PARTS
    codes = [
        throwaway.run(checkout, Profile.FAST, [*pytest, *part, *arguments], given) for part in parts
    ]
    ran = [code for code in codes if code != _NO_TESTS]
    return max(ran) if ran else _NO_TESTS


def _names_files(arguments: list[str]) -> bool:
    return any(argument.startswith("tests") for argument in arguments)


if __name__ == "__main__":
    entry.run(main)
