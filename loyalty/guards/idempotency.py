"""Same key and same input: the first answer. Same key, other input: refused."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from loyalty.base.errors import KeyReused
from loyalty.db.columns import columns
from loyalty.db.ids import new_id
from loyalty.db.roundtrip import Condition, Query, insert
from loyalty.models import IdempotencyKey

KEPT = timedelta(hours=24)


class EarlierAnswer(NamedTuple):
    """What was answered to a request, and to which input."""

    input_digest: bytes
    answer: str
    created_at: datetime


_ANSWER = columns(EarlierAnswer, "i")


class RepeatableRequest:
    """A request with an idempotency key, or without one (then nothing is kept)."""

    def __init__(
        self, key: str | None, *, actor: str, wanted: Callable[[], Mapping[str, object]]
    ) -> None:
        self.key, self.actor, self._wanted = key, actor, wanted
        self._earlier: Query[EarlierAnswer] | None = None

    @cached_property
    def _digest(self) -> bytes:
        # Most requests have no key: only one that has it pays for what it says.
        return hashlib.sha256(json.dumps(self._wanted(), sort_keys=True).encode()).digest()

    def queries(self) -> list[Query[Any]]:
        """The look-up, for the first round trip."""
        if self.key is None:
            return []
        self._earlier = Query(
            f"SELECT {_ANSWER.sql} FROM loyalty_idempotencykey i"  # noqa: S608  our own columns
            " WHERE i.actor = %s AND i.key = %s",
            [self.actor, self.key],
            row=_ANSWER.row,
        )
        return [self._earlier]

    def earlier_answer(self, *, now: datetime) -> dict[str, Any] | None:
        """The answer given before; raises KeyReused when it was to another input."""
        found = self._earlier.first if self._earlier else None
        if found is None or found.created_at <= now - KEPT:
            return None
        if bytes(found.input_digest) != self._digest:
            raise KeyReused
        answer: dict[str, Any] = json.loads(found.answer)
        return answer

    def refuse_other_input(self, *, now: datetime) -> None:
        """Raise KeyReused when the key came with another input; for answers kept elsewhere."""
        self.earlier_answer(now=now)

    def keep(
        self, answer: dict[str, Any], *, now: datetime, only_if: Condition | None = None
    ) -> list[Query[Any]]:
        """The statements that keep this answer; a simultaneous twin fails here and tries again."""
        if self.key is None:
            return []
        forget = Query[Any](
            "DELETE FROM loyalty_idempotencykey WHERE actor = %s AND key = %s AND created_at <= %s",
            [self.actor, self.key, now - KEPT],
        )
        return [
            forget,
            insert(
                IdempotencyKey,
                only_if,
                # Not drawn from the identity: this INSERT may depend on a condition, and Citus
                # would then draw it on a worker, where the application may not.
                id=new_id(now),
                actor=self.actor,
                key=self.key,
                input_digest=self._digest,
                answer=answer,
                created_at=now,
            ),
        ]
