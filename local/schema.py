"""`make schema`: writes schema.graphql, the API in text, out of the code."""

from local import entry, environment
from local.checkout import Checkout
from local.checks import SCHEMA, exported_schema
from local.errors import LocalError


def main(_arguments: list[str]) -> int:
    """Write the file; raises LocalError when the code has no schema to show."""
    checkout = Checkout.here()
    environment.ensure(checkout, environment.DEV)
    made = exported_schema(checkout)
    if made.returncode != 0:
        raise LocalError(f"The schema could not be exported:\n{made.stderr}")
    (checkout.root / SCHEMA).write_text(made.stdout, encoding="utf-8")
    return 0


if __name__ == "__main__":
    entry.run(main)
