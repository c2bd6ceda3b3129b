"""`collect`: the customer confirms a session."""

from typing import Annotated, TypeAlias

import strawberry
from django.conf import settings

from graphql_api.context import Context, Info
from graphql_api.denied import not_allowed
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.mutations.generate_qr import checked_key
from graphql_api.scalars import UnitCount
from graphql_api.types.session import Collected, CollectQueued, collected
from loyalty.base.access import Permission
from loyalty.base.values import Anonymous, CustomerActor
from loyalty.cards import CollectOutcome
from loyalty.earning import collect as collect_session
from loyalty.waiting import QueueAsker, queue_session


@strawberry.input(
    description="`email` or `claim` when not signed in; a new `email` with the `claim` corrects a"
    " mistyped one."
)
class CollectInput:
    """A token, and who shows it."""

    token: str = strawberry.field(description="The token that the session's QR code carries.")
    email: str | None = strawberry.field(
        default=None,
        description="The address for which the units shall wait; needed when not signed in.",
    )
    claim: str | None = strawberry.field(
        default=None,
        description="The `claim` of this session's earlier answer, to correct the address or to ask"
        " again.",
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Lets a client that never saw the answer ask for it again; when not signed in,"
        " with the same `email` and a key of at least 16 characters that nobody can guess.",
    )


CollectResult: TypeAlias = Annotated[
    Collected | CollectQueued | Refusal,
    strawberry.union("CollectResult", description="What was given, what waits, or why not."),
]


def collect(info: Info, input: CollectInput) -> CollectResult:  # noqa: A002  the API's word
    """The customer confirms a session by its token. Repeating it returns the same result."""

    def work(context: Context) -> Collected | CollectQueued:
        match context.actor:
            case CustomerActor() as actor:
                checked_key(input.idempotency_key)
                outcome = collect_session(
                    input.token,
                    actor=actor,
                    ip=context.ip,
                    idempotency_key=input.idempotency_key,
                )
                return collected(outcome, site_url=context.business.site_url)
            case Anonymous():
                return _queued(context, input)
            case actor:
                raise not_allowed(actor, Permission.COLLECT, language=context.language)

    return answered(info, input, work)


def _queued(context: Context, given: CollectInput) -> Collected | CollectQueued:
    who = QueueAsker(
        ip=context.ip,
        language=context.language,
        claims=(given.claim,) if given.claim else (),
        retry_key=checked_key(given.idempotency_key),
        browser=context.browser,
    )
    found = queue_session(given.token, typed=given.email, who=who, token_key=settings.TOKEN_KEY)
    if isinstance(found, CollectOutcome):
        return collected(found, site_url=context.business.site_url)
    return CollectQueued(
        email_shown=given.email or found.email,
        units=UnitCount(found.units),
        expires_at=found.expires_at,
        claim=found.claim,
    )
