"""Who lives in the demo; the passwords are for demonstration only."""

from collections.abc import Callable
from dataclasses import dataclass

from demo import pictures
from loyalty.base.values import Role
from loyalty.programs import FirstProgram

PASSWORD = "plusone-demo"  # noqa: S105  printed on the screen of the person who starts the demo
# With which staff switch on a paired device; for demonstration only, too.
PASSCODES = {Role.OWNER: "7204", Role.MANAGER: "3861", Role.STAFF: "5093"}
OPERATOR = "operator@plusone.example"
# Where the servers of front ends in the making usually are: their scripts may call the API.
FRONT_ENDS = ("http://localhost:3000", "http://localhost:5173")


@dataclass(frozen=True, slots=True)
class DemoBusiness:
    """A business of the demo; `schema` is also the first part of its host."""

    schema: str
    name: str
    plan: str
    time_zone: str
    currency: str
    staff: tuple[tuple[str, Role], ...]
    customers: tuple[str, ...]
    first: FirstProgram
    picture: Callable[[], bytes]
    shows_more: bool = False
    # One of the customers, whose card is full.
    regular: str | None = None
    # A customer besides these, who came for weeks and then no more.
    absent: str | None = None

    @property
    def host(self) -> str:
        """The host, without port."""
        return f"{self.schema}.localhost"

    def email(self, person: str) -> str:
        """Where a person of this business gets mail."""
        return f"{person.lower()}@{self.schema}.example"


DEMO_BUSINESSES = (
    DemoBusiness(
        schema="lumo",
        name="Lumo Coffee",
        plan="business",
        time_zone="Europe/Berlin",
        currency="EUR",
        staff=(("Olga", Role.OWNER), ("Max", Role.MANAGER), ("Mira", Role.STAFF)),
        customers=("ana", "ben", "chloe"),
        first=FirstProgram("Coffee 5+1", "Free coffee", "Coffee"),
        picture=pictures.coffee,
        shows_more=True,
        regular="ben",
        absent="noor",
    ),
    DemoBusiness(
        schema="moss",
        name="Moss Barbers",
        plan="network",
        time_zone="Europe/Warsaw",
        currency="PLN",
        staff=(("Ola", Role.OWNER), ("Marek", Role.MANAGER), ("Teo", Role.STAFF)),
        customers=("dora", "emil", "finn"),
        first=FirstProgram("Haircut 5+1", "Free haircut", "Haircut"),
        picture=pictures.barber,
    ),
)
