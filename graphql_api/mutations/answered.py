"""What all mutations share: texts are checked, the business is active, refusals become data."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

from graphql_api.context import Context, Info
from graphql_api.errors import Refusal, refusal
from graphql_api.scalars import check_texts
from loyalty.errors import BusinessSuspended, Refused

T = TypeVar("T")
_CODES = frozenset({"token", "claim", "code", "link_token"})


def answered(info: Info, given: object, work: Callable[[Context], T]) -> T | Refusal:
    """What `work` returns, or the refusal that it raised."""
    try:
        check_texts(given, codes=_CODES)
        if info.context.business.is_suspended:
            raise BusinessSuspended
        return work(info.context)
    except Refused as refused:
        return refusal(refused)


def union(name: str, description: str) -> Any:
    """A union with a name and a sentence, for annotating a mutation's answer."""
    return cast("Any", strawberry.union(name, description=description))
