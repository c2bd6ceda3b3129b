"""Who asks, where, and in which language: what every resolver may know."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar, cast

from strawberry.types import Info as StrawberryInfo

from graphql_api.denied import denial, no_device, not_allowed, not_signed_in
from graphql_api.errors import PublicError
from graphql_api.live.read import read
from graphql_api.spending import Spending
from loyalty.base import access
from loyalty.base.access import NotAllowed, Permission
from loyalty.base.values import Actor, Anonymous, CustomerActor, StaffActor
from loyalty.devices import paired_device
from loyalty.models import Device
from loyalty.people import viewer
from tenants.hosts import BusinessOnHost
from tenants.known_tokens import Holder, known_tokens
from tenants.places import Place

T = TypeVar("T")


@dataclass(slots=True)
class Context:
    """One request, or one socket; `bearer` is the token of its header or cookie.

    `browser` is the token that the browser was paired with, if it is a counter device.
    """

    business: BusinessOnHost
    bearer: str | None
    ip: str
    language: str
    browser: str | None = None
    # True on sockets and streams, where nothing may touch the database on the event loop.
    is_live: bool = False
    # What a socket's client sent with connection_init.
    connection_params: dict[str, object] | None = None
    # Gives a socket's place back when it closes.
    release: Callable[[], None] | None = None
    # Where the front counts a socket or stream: among its guests, until somebody is known.
    place: Place | None = None
    # Told once it is known who opened a socket: it is no half-open one any more.
    settled: Callable[[], None] | None = None
    # Counts one more thing that this person asks for; False beyond what a person may.
    may_ask: Callable[[], bool] | None = None
    # What this operation has used up, and what it has read (graphql_api/reading.py).
    spending: Spending = field(default_factory=Spending, init=False)
    read_once: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False)
    _actor: Actor | None = field(default=None, init=False)
    _denial: PublicError | None = field(default=None, init=False)

    @property
    def actor(self) -> Actor:
        """The caller, looked up once; raises UNAUTHENTICATED for a token that is not good here."""
        if self._denial is not None:
            raise self._denial
        if self._actor is None:
            try:
                self._actor = self._known()
            except PublicError as denial:
                self._denial = denial
                raise
        return self._actor

    def require_good_token(self) -> None:
        """Raise UNAUTHENTICATED for a token that is not good here, where anybody else may read."""
        if self.bearer is not None:
            _ = self.actor

    def staff(self, permission: Permission) -> StaffActor:
        """The staff member who may do this, before the input is read: nobody else learns of it.

        Raises UNAUTHENTICATED or FORBIDDEN. The action asks again: its rule alone decides.
        """
        actor = self._permitted(permission)
        if not isinstance(actor, StaffActor):
            raise not_allowed(actor, permission, language=self.language)
        return actor

    def signed_in(self, permission: Permission) -> Actor:
        """The same for anybody who may."""
        return self._permitted(permission)

    def customer(self, permission: Permission) -> CustomerActor:
        """The same for a customer."""
        actor = self._permitted(permission)
        if not isinstance(actor, CustomerActor):
            raise not_allowed(actor, permission, language=self.language)
        return actor

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Raise UNAUTHENTICATED or FORBIDDEN for what loyalty does not allow the caller."""
        try:
            yield
        except NotAllowed as refused:
            raise denial(refused, language=self.language) from None

    def _permitted(self, permission: Permission) -> Actor:
        actor = self.actor
        with self.asking():
            access.require(actor, permission)
        return actor

    def device(self) -> Device:
        """The paired device whose token the caller sent; raises UNAUTHENTICATED."""
        found = paired_device(self.bearer) if self.bearer else None
        if found is None or self.bearer is None:
            raise no_device(self.bearer, language=self.language)
        holder = Holder(self.business.schema, f"device:{found.pk}", is_staff=True)
        known_tokens.note(self.bearer, holder, address=self.ip)
        return found

    def renewed(self) -> "Context":
        """The same caller, to be looked up again: a token may have ended meanwhile."""
        return replace(self)

    def read(self, work: Callable[[], T]) -> T:
        """Run a read of a lazy field: here, or in a thread when this is a stream."""
        # graphql-core awaits what a resolver returns, where it runs on an event loop.
        return cast("T", read(work)) if self.is_live else work()

    def may_explore(self) -> bool:
        """True for a signed-in owner or manager of a business whose plan has the API."""
        return self.business.has_api and access.may(self.actor, Permission.EXPLORE_API)

    def _known(self) -> Actor:
        if self.bearer is None:
            return Anonymous(self.ip)
        found = viewer(self.bearer, address=self.ip, device_token=self.browser)
        if isinstance(found, Anonymous):
            known_tokens.forget(self.business.schema, self.bearer)
            raise not_signed_in(self.bearer, language=self.language)
        known_tokens.note(self.bearer, self.holder(found), address=self.ip)
        return found

    def holder(self, actor: StaffActor | CustomerActor) -> Holder:
        """This person as the person who gives out places knows them."""
        is_staff = isinstance(actor, StaffActor)
        return Holder(self.business.schema, actor.key, is_staff=is_staff)


Info: TypeAlias = StrawberryInfo[Context, None]
