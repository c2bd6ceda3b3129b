"""`make check`: all that can be said about the code without running its tests."""

import time

from local import catalogues, entry, environment
from local.checkout import Checkout
from local.checks import STEPS, Step
from local.progress import say


def main(_arguments: list[str]) -> int:
    """Run every step, also after a failure; 1 when any failed."""
    checkout = Checkout.here()
    environment.ensure(checkout, environment.DEV)
    catalogues.ensure(checkout)
    failed = [step.name for step in STEPS if not _passed(checkout, step)]
    say(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def _passed(checkout: Checkout, step: Step) -> bool:
    started = time.monotonic()
    outcome = step.run(checkout)
    seconds = time.monotonic() - started
    say(f"{'ok    ' if outcome.passed else 'FAILED'} {step.name} ({seconds:.1f} s)")
    if outcome.output and (step.talks or not outcome.passed):
        say(outcome.output.rstrip())
    return outcome.passed


if __name__ == "__main__":
    entry.run(main)
