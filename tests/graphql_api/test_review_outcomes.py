"""What a decision came to, where several customers' sales were taken back."""

import pytest

from graphql_api.ids import global_id
from loyalty.base.states import FindingKind
from loyalty.base.values import Role
from loyalty.models import Anomaly, Card, EarnSession
from tests.factories import people
from tests.factories.people import place
from tests.factories.sales import redeemed, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
REVIEW = """mutation ($input: ReviewAnomalyInput!) { reviewAnomaly(input: $input) {
  ... on Anomaly { outcome } } }"""


def test_points_that_were_taken_and_what_several_cards_owe_is_said() -> None:
    people_ = [f"{name}@alpha.example" for name in ("ann", "bob")]
    numbers = [sold(email=who, preset_id=place().preset_id) for who in people_ for _ in range(5)]
    for who in people_:
        redeemed(Card.objects.get(customer__email=who), email=who)
    row = Anomaly.objects.create(
        kind=FindingKind.HOURS.value,
        subject="hours",
        fingerprint="hours",
        at=EarnSession.objects.get(pk=numbers[0]).created_at,
        evidence={"sessions": numbers, "count": 10},
    )
    manager = people.staff(Role.MANAGER).token
    wanted = {"anomalyId": global_id("Anomaly", row.pk), "verdict": "VOID", "reason": "no"}
    assert told(REVIEW, token=manager, input=wanted).data["outcome"] == (
        "10 sales were taken back: 10 stamps less. 10 points less."
        " 2 bonuses were used already and stay given: Free coffee, Free coffee."
        " 2 cards owe 10 stamps for what was used already; their next sales pay."
    )
