"""`make schema`: writes schema.graphql and docs/errors.md, the API in text, out of the code."""

from local import entry, environment
from local.checkout import Checkout
from local.checks import EXPORTS, exported
from local.errors import LocalError


def main(_arguments: list[str]) -> int:
    """Write the files; raises LocalError when the code has nothing to show."""
    checkout = Checkout.here()
    environment.ensure(checkout, environment.DEV)
    for name in EXPORTS:
        made = exported(checkout, name)
        if made.returncode != 0:
            raise LocalError(f"{name} could not be exported:\n{made.stderr}")
        (checkout.root / name).write_text(made.stdout, encoding="utf-8")
    return 0


if __name__ == "__main__":
    entry.run(main)
