"""What database errors mean, decided in one place, by SQLSTATE alone."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import Error

P = ParamSpec("P")
T = TypeVar("T")

UNIQUE = "23505"
FOREIGN_KEY = "23503"
SERIALIZATION = "40001"
DEADLOCK = "40P01"
LOCK_TIMEOUT = "55P03"
CHECK = "23514"
# Citus finds what a deferred constraint refuses at COMMIT, and tells it under no code of its own.
_INTERNAL = "XX000"
_NOT_COMMITTED = "could not commit transaction"
_MOST_WAITS = 5
_IN_THE_WAY = {UNIQUE, SERIALIZATION, DEADLOCK, CHECK, FOREIGN_KEY}


def sqlstate(error: BaseException) -> str:
    """The five characters of the database's answer, empty when the error is not its own.

    A commit that one of several servers refused is a foreign key's: all that we defer is those.
    """
    code = str(getattr(error.__cause__ or error, "sqlstate", None) or "")
    is_deferred = code == _INTERNAL and _NOT_COMMITTED in str(error)
    return FOREIGN_KEY if is_deferred else code


def retry_once(action: Callable[P, T]) -> Callable[P, T]:
    """Run an action again when another transaction got in its way: it then sees what that wrote.

    Two first visits of one customer, or two requests with one idempotency key, meet in a unique
    constraint; the second try finds the row and goes on from there. Two bonuses that both want the
    last of a budget meet in its CHECK; the second try is refused by the rule. What is referred to
    may be removed meanwhile, as a level is; the second try does without it.
    """

    @wraps(action)
    def tried_twice(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return action(*args, **kwargs)
        except Error as error:
            if sqlstate(error) not in _IN_THE_WAY:
                raise
        return action(*args, **kwargs)

    return tried_twice


def patient(action: Callable[P, T]) -> Callable[P, T]:
    """Run an action again, a few times, when it waited too long for its turn behind others.

    For what begins with waiting in line: it has done nothing yet, and each wait is as long as the
    database lets it be. A request's own deadline ends it earlier. Not for collects: who waits for a
    row that everybody wants would only make the crowd larger.
    """

    @wraps(action)
    def waited(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(_MOST_WAITS - 1):
            try:
                return action(*args, **kwargs)
            except Error as error:
                if sqlstate(error) != LOCK_TIMEOUT:
                    raise
        return action(*args, **kwargs)

    return waited
