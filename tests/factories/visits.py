"""A sale and its scan, for tests that need rows in log and ledger."""

from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from tests.factories.people import as_customer, as_staff, place


def visit() -> None:
    """Ann buys at alpha: two events and one entry."""
    where = place()
    made = mint(SaleInput(where.program_id, where.location_id), actor=as_staff(), token_key="k")
    collect(made.token or "", actor=as_customer("ann@alpha.example"), ip="192.0.2.1")
