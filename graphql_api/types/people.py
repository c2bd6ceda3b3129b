"""Who is signed in."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry

from graphql_api.described import described
from graphql_api.errors import Refusal
from graphql_api.ids import global_id
from graphql_api.queries.connections import Page, Size
from graphql_api.types.card import Card
from graphql_api.types.card import cards as shown_cards
from graphql_api.types.history import CardEvent, card_event
from graphql_api.types.node import Node
from graphql_api.types.session import Collected
from loyalty.base import values
from loyalty.cards import cards_of_customer
from loyalty.db.roundtrip import database_now
from loyalty.explaining import missed_by
from loyalty.people import Profile, profile

described(
    "What a person who works for the business may do.",
    {
        "OWNER": "May do everything, the settings and the levels included.",
        "MANAGER": "May read all cards and sessions, review findings and take anything back.",
        "STAFF": "May make sessions, confirm redemptions and take back their own latest sales.",
    },
    name="StaffRole",
)(values.Role)


@strawberry.type(description="A day of the year on which a customer was born.")
class Birthday:
    """A birthday."""

    month: int = strawberry.field(description="The month, 1 to 12.")
    day: int = strawberry.field(description="The day of the month, 1 to 31.")
    counts_from: datetime | None = strawberry.field(
        description="The moment, in UTC, from which a changed birthday brings bonuses; null for the"
        " first one, which counts at once."
    )


@strawberry.type(description="A person with cards at the business.")
class Customer(Node):
    """The signed-in customer."""

    email: str = strawberry.field(description="The customer's e-mail address, in lower case.")
    birthday: Birthday | None = strawberry.field(
        description="The birthday that the customer told; null without one."
    )
    nickname: str | None = strawberry.field(
        description="The name on the leaderboard; null for whoever is not on it."
    )
    actor: strawberry.Private[values.CustomerActor]
    site_url: strawberry.Private[str]

    @strawberry.field(description="The customer's cards, at most 100, the newest visit first.")
    def cards(self) -> list[Card]:
        """Read when asked for."""
        return shown_cards(cards_of_customer(actor=self.actor), site_url=self.site_url)

    @strawberry.field(
        description="Credits that were not given in programs of which there was no card yet, and"
        " why, the newest first, at most 100."
    )
    def missed_credits(self, first: Size = 20) -> list[CardEvent]:
        """Read when asked for; raises LIMIT_EXCEEDED outside 1 to 100."""
        size = Page(first, None, None, None).size
        now = database_now()
        return [card_event(line, now=now) for line in missed_by(actor=self.actor, first=size)]


@strawberry.type(description="A person who works for the business.")
class StaffMember(Node):
    """A staff member."""

    name: str = strawberry.field(
        description="The name by which colleagues know this person; customers never see it."
    )
    role: values.Role = strawberry.field(
        description="The role, which says what this person may do."
    )


@strawberry.type(description="A program of the business's own that uses the API with a key.")
class ApiClient(Node):
    """An API client."""

    name: str = strawberry.field(description="The name that the owner gave it.")
    scopes: list[str] = strawberry.field(
        description="The scopes of its key, such as `sessions:write`."
    )


@strawberry.type(description="Nobody: the request carries no token.")
class Anonymous:
    """No one."""

    language: str = strawberry.field(
        description="The language in which texts are answered, as a code such as `en` or `zh-hans`."
    )


Viewer: TypeAlias = Annotated[
    Customer | StaffMember | ApiClient | Anonymous,
    strawberry.union("Viewer", description="Whoever the request is signed in as."),
]


@strawberry.type(description="A sign-in that worked, with its token.")
class SignedIn:
    """The token, shown once."""

    access_token: str = strawberry.field(
        description="The token of this sign-in, shown once: send it as `Authorization: Bearer …`."
    )
    expires_at: datetime = strawberry.field(description="When the token ends by itself, in UTC.")
    viewer: Viewer = strawberry.field(description="The person who is signed in by it.")
    granted: list[Collected] = strawberry.field(
        description="What the sessions that waited for this address gave, the oldest first; empty "
        "for staff."
    )
    refused: list[Refusal] = strawberry.field(
        description="Why other sessions that waited for this address gave nothing; empty for staff."
    )
    browser_token: str | None = strawberry.field(
        default=None,
        description="Keep it where the person stays, also when they sign out, and send it with"
        " later sign-ins and requests for a mail of theirs: tries of strangers then close nothing"
        " for this client. It signs nobody in. Null where the client sent a known one already, and"
        " for sign-ins on a device.",
    )


@strawberry.type(description="A mail is on its way, if the address can receive it.")
class MagicLinkSent:
    """The same answer for known and unknown addresses."""

    email_shown: str = strawberry.field(
        description="The address as it was typed, for the customer to check."
    )
    claim: str = strawberry.field(
        description="A secret by which this client, and no other, can sign in with the mail's code:"
        " keep it."
    )


def viewer(actor: values.Actor, *, language: str, site_url: str) -> Viewer:
    """The caller as they may see themselves."""
    match actor:
        case values.CustomerActor():
            return customer(profile(actor=actor), site_url=site_url)
        case values.StaffActor():
            return staff_member(actor.id, name=actor.name, role=actor.role)
        case _:
            return Anonymous(language=language)


def customer(found: Profile, *, site_url: str) -> Customer:
    """A customer, for this very customer."""
    birthday = found.birthday
    return Customer(
        id=strawberry.ID(global_id("Customer", found.id)),
        email=found.email,
        birthday=Birthday(month=birthday.month, day=birthday.day, counts_from=birthday.counts_from)
        if birthday
        else None,
        nickname=found.nickname or None,
        actor=values.CustomerActor(found.id),
        site_url=site_url,
    )


def staff_member(number: int, *, name: str, role: values.Role) -> StaffMember:
    """A staff member."""
    identity = strawberry.ID(global_id("StaffMember", number))
    return StaffMember(id=identity, name=name, role=role)
