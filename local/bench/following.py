"""Starts sockets that follow customers' cards, for as long as a block runs."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, cast

from graphql_api.ids import global_id
from local import process
from local.bench.shop import Customer
from local.checkout import Checkout
from local.errors import LocalError


class Following:
    """How many changes they heard; known after the block."""

    heard = 0


@contextlib.contextmanager
def following(checkout: Checkout, port: int, customers: list[Customer]) -> Iterator[Following]:
    """One socket for each customer's card, all with their first message when the block begins."""
    found = Following()
    command = [sys.executable, "-m", "local.bench.followers", str(port)]
    pipe = subprocess.PIPE
    child = process.spawn(
        command, folder=checkout.root, stdin=pipe, output=pipe, errors=sys.stderr.buffer
    )
    given, said = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
    try:
        # A card has its customer's number in this business.
        wanted = [[each.token, global_id("Card", each.id)] for each in customers]
        given.write(json.dumps(wanted).encode() + b"\n")
        given.flush()
        if said.readline() != b"ready\n":
            raise LocalError("The sockets could not follow their cards: see above.")
        yield found
        given.close()
        found.heard = int(said.read() or 0)
    finally:
        process.end(child)
