"""A client that asks until it is answered, as a phone or a till does on a bad line."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from random import Random

import httpx

from tests.crash.notes import Answer, Notes
from tests.harness.servers import Client, Door

_PATIENCE = 120.0
# Of those who hear nothing, so many never ask again: their phone is in their pocket.
_GIVES_UP = 0.1
_PAUSE = 0.05


@dataclass
class Patient:
    """Asks at any of the doors; `random` is this client's own."""

    doors: Sequence[Door]
    random: Random
    notes: Notes

    def ask(
        self, what: str, which: str, query: str, token: str, /, **body: object
    ) -> Answer | None:
        """The answer; None when it was given up, which the notes know under `what` and `which`."""
        unsure = 0
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            client = Client(self.random.choice(self.doors), "lumo", token)
            try:
                found = self._read(client.post(query, input=body))
            except ConnectionRefusedError:
                # Nobody was there: nothing was sent.
                threading.Event().wait(_PAUSE)
                continue
            except (OSError, HTTPException):
                found = None
            if found is not None:
                self.notes.answered(what, found)
                self.notes.unsure(unsure)
                return found
            unsure += 1
            if unsure == 1 and self.random.random() < _GIVES_UP:
                self.notes.unsure(unsure)
                self.notes.gave_up(what, which)
                return None
            threading.Event().wait(_PAUSE)
        raise TimeoutError(what)

    def _read(self, answer: httpx.Response) -> Answer | None:
        # A 503 says that the database went away, and that may have been during the commit.
        if answer.status_code == 503:
            return None
        data = answer.json().get("data") if answer.status_code == 200 else None
        if not data:
            self.notes.complain(f"{answer.status_code}: {answer.text[:300]}")
            return None
        (value,) = data.values()
        found: Answer = value
        return found
