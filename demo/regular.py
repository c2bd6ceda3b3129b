"""A customer of the demo whose card is full: the bonus waits, to be redeemed."""

from django.conf import settings

from demo.past_visits import import_visits
from loyalty.base.values import CustomerActor, Role, StaffActor
from loyalty.earning import SaleInput, collect, mint
from loyalty.models import Card, Customer, Preset, ProgramVersion, StaffMember

_DAYS_BETWEEN = 7


def fill_card(email: str, *, program: str) -> None:
    """A visit a week until the card is full, the last one just now; nothing where a card is.

    Anybody who has used the bonus gets none by starting the demo again.
    """
    customer = Customer.objects.get(email=email)
    if Card.objects.filter(customer=customer).exists():
        return
    preset = Preset.objects.get(program__name=program)
    version = ProgramVersion.objects.get(program=preset.program_id)
    before = range(version.threshold - 1, 0, -1)
    import_visits(email, program=program, days_ago=[_DAYS_BETWEEN * week for week in before])
    seller = StaffMember.objects.filter(role=Role.STAFF).order_by("pk")[0]
    wanted = SaleInput(None, preset.location_id or 0, preset_id=preset.pk)
    actor = StaffActor(seller.pk, Role.STAFF, seller.name)
    session = mint(wanted, actor=actor, token_key=settings.TOKEN_KEY)
    collect(session.token or "", actor=CustomerActor(customer.pk), ip="")
