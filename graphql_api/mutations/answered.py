"""What all mutations share: texts are checked, the business is active, refusals become data."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.errors import Refusal, refusal
from graphql_api.scalars import check_texts
from loyalty.base.errors import BusinessSuspended, NotFound, Refused
from loyalty.db.waiting_time import seen_at
from loyalty.wording import Reader

T = TypeVar("T")
_CODES = frozenset({"token", "claim", "code", "link_token", "browser_token"})


def answered(
    info: Info, given: object, work: Callable[[Context], T], *, about: str = ""
) -> T | Refusal:
    """What `work` returns, or the refusal that it raised.

    `about` is the input's field that names the thing: NOT_FOUND says it where nothing else is.
    """
    try:
        check_texts(given, codes=_CODES)
        if info.context.business.is_suspended:
            raise BusinessSuspended
        with info.context.asking():
            return work(info.context)
    except NotFound as missing:
        if about:
            missing.details.setdefault("field", about)
        return refusal(missing)
    except Refused as refused:
        return refusal(refused, reader_of(given) if refused.retry_at else None)


def reader_of(given: object) -> Reader:
    """Where the caller is: at the location of the input or of its session, or at the first one."""
    try:
        location = ids.optional(getattr(given, "location_id", None), "Location")
    except NotFound:
        location = None
    return Reader(*seen_at(location_id=location, token=getattr(given, "token", None)))


def union(name: str, description: str) -> Any:
    """A union with a name and a sentence, for annotating a mutation's answer."""
    return cast("Any", strawberry.union(name, description=description))
