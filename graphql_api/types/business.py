"""The business itself, as a front end shows it."""

from functools import cached_property

import strawberry

from graphql_api.context import Context, Info
from graphql_api.scalars import UnitCount
from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.programs import BusinessFacts, business_facts


class Known:
    """What is read of the business, once and when it is first asked for."""

    @cached_property
    def facts(self) -> BusinessFacts:
        """The facts."""
        return business_facts()


@strawberry.type(description="What the business's plan includes, and its limits.")
class PlanAbilities:
    """A plan."""

    code: str = strawberry.field(description="The plan's short name, such as `starter`.")
    max_locations: UnitCount | None = strawberry.field(
        description="The most locations; null without a limit."
    )
    max_running_programs: UnitCount | None = strawberry.field(
        description="The most programs that run at once; null without a limit."
    )
    has_tiered_mode: bool = strawberry.field(
        description="Whether programs may let the customer choose from a menu."
    )
    has_exploring: bool = strawberry.field(
        description="Whether owners and managers may use GraphiQL and introspection."
    )


@strawberry.type(description="The business whose host was asked.")
class Business:
    """A business; most of it is known without a query."""

    name: str = strawberry.field(description="The name that customers read.")
    language: str = strawberry.field(
        description="The language in which it speaks to whoever asks for none, as a code such as"
        " `en`."
    )
    site_url: str = strawberry.field(description="Where its pages are, without a slash at the end.")
    is_active: bool = strawberry.field(
        description="False while the platform's operators have stopped it: it can be read, and"
        " nothing else."
    )

    known: strawberry.Private[Known]

    @strawberry.field(
        description="The IANA time zones of its locations, that of the first one first: in it the"
        " periods of the leaderboard begin."
    )
    def time_zones(self, info: Info) -> list[str]:
        """Read when asked for."""
        return info.context.read(lambda: self.known.facts.time_zones)

    @strawberry.field(
        description="The ISO 4217 codes of the currencies of its programs, those of the oldest"
        " first, archived ones left out."
    )
    def currencies(self, info: Info) -> list[str]:
        """Read when asked for."""
        return info.context.read(lambda: self.known.facts.currencies)

    @strawberry.field(description="Whether customers may join a leaderboard.")
    def has_leaderboard(self, info: Info) -> bool:
        """Read when asked for."""
        return info.context.read(lambda: self.known.facts.has_leaderboard)

    @strawberry.field(
        description="What its plan includes, and its limits; null for anybody but staff."
    )
    def plan(self, info: Info) -> PlanAbilities | None:
        """Read when asked for."""
        return info.context.read(lambda: self._plan(info.context))

    def _plan(self, context: Context) -> PlanAbilities | None:
        if not access.may(context.actor, Permission.READ_PANEL):
            return None
        found = self.known.facts
        return PlanAbilities(
            code=context.business.plan,
            max_locations=_count(found.max_locations),
            max_running_programs=_count(found.max_running_programs),
            has_tiered_mode=found.has_tiered_mode,
            has_exploring=context.business.has_api,
        )


def business(context: Context) -> Business:
    """The business whose host was asked."""
    known = context.business
    return Business(
        name=known.name,
        language=known.language,
        site_url=known.site_url,
        is_active=not known.is_suspended,
        known=Known(),
    )


def _count(limit: int | None) -> UnitCount | None:
    return None if limit is None else UnitCount(limit)
